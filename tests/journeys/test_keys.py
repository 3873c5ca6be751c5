"""The desks without a mouse, and lists that change by themselves without moving what is read (R31)."""

import re

import pytest
from playwright.async_api import Page, expect
from tests.journeys import errands
from tests.journeys.conftest import Open

BEGUN = 5  # the message that waits for registration when the journeys begin
RUSSIAN = "code => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'к', code, bubbles: true}))"


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def tab_to(page: Page, selector: str) -> None:
    for _ in range(30):
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by Tab")


async def sent(opened: Open, text: str) -> int:
    """Somebody elsewhere sends a message."""
    anna = await opened(java_script_enabled=False)
    await errands.sign_in(anna, "Анна")
    await anna.goto("/messages/new")
    await errands.fill_in(anna, text=text, address="ул. Ключевая, 7", files=[])
    return await errands.send(anna)


@pytest.mark.rule("R07", "R08", "R11", "R31")
async def test_list_read_and_decide_without_a_mouse(opened: Open) -> None:
    marina, pavel = await opened(), await opened()
    await errands.sign_in(marina, "Марина")
    await marina.goto("/moderation")
    await expect(marina.locator("#live")).to_have_attribute("data-tone", "ok")
    await marina.locator(f"#row-{BEGUN} a").focus()
    top = await marina.evaluate("document.activeElement.getBoundingClientRect().top")

    message = await sent(opened, "Люк без крышки у школы.")

    await expect(marina.get_by_role("link", name="Показать 1 новое")).to_be_visible()
    await expect(marina).to_have_title(re.compile(r"^\(1\) "))
    await expect(marina.locator("#said")).to_have_text(re.compile("Показать 1 новое"))
    await expect(marina.locator(f"#row-{BEGUN} a")).to_be_focused()
    assert await marina.evaluate("document.activeElement.getBoundingClientRect().top") == top
    await press(marina, ".")
    await expect(marina.locator(f"#row-{message} a")).to_be_focused()
    await expect(marina).to_have_title(re.compile(r"^[^(]"))
    await press(marina, "Enter")
    await expect(marina.locator("#case-title")).to_be_focused()
    await press(marina, "Escape")
    await expect(marina.locator(f"#row-{message} a")).to_be_focused()

    await marina.evaluate(RUSSIAN, "KeyR")
    await expect(marina.locator("#decision-registration button[data-first]")).to_be_focused()
    await press(marina, "Enter")
    await expect(marina.locator("#said")).to_have_text(re.compile("Зарегистрировано"))
    await expect(marina.locator("#case-title")).to_be_focused()

    await press(marina, "k", "k", "k", "o")
    await expect(marina).to_have_url(re.compile(f"/moderation/{BEGUN}"))
    await expect(marina.locator("#case-title")).to_be_focused()
    await press(marina, "f")
    await press(marina, "Space")
    await tab_to(marina, "#f-reason")
    await marina.keyboard.type("r: в тексте фамилия соседа.")
    await tab_to(marina, "#decision-refusal button[data-kind=danger]")
    await press(marina, "Enter")
    await expect(marina.locator(f"#row-{BEGUN}")).to_have_count(0)
    await expect(marina.locator("#said")).to_have_text(re.compile("Отказано"))

    await errands.sign_in(pavel, "Павел")
    await pavel.goto("/execution?queue=accept")
    await expect(pavel.locator(f"#row-{message}")).to_be_visible()
    await pavel.locator(f"#row-{message} a").focus()
    await press(pavel, "o")
    await expect(pavel.locator("#case-title")).to_be_focused()
    await press(pavel, "a", "Enter")
    await expect(pavel.locator("#answer")).to_be_visible()
    await press(pavel, "w")
    await expect(pavel.locator("#f-text")).to_be_focused()
    await pavel.keyboard.type("Люк закрыли крышкой.")
    await press(pavel, "Escape")
    await pavel.locator("input[name=outcome]").first.focus()
    await press(pavel, "Space", "s", "Enter")
    await expect(pavel.locator("#answer")).to_have_count(0)
    await expect(pavel.locator("#case-title")).to_be_focused()


async def test_the_list_of_keys_names_what_is_there_and_they_can_be_switched_off(opened: Open) -> None:
    page = await opened()
    await errands.sign_in(page, "Вера")
    await page.goto("/moderation/3?queue=review")

    await press(page, "?")
    keys = set(await page.locator("#keys dt").all_text_contents())
    async with page.expect_response("**/settings/view"):
        await page.locator("#keys button[value=off]").click()
    await press(page, "Escape")
    await press(page, "s")

    assert {"?", "j", "k", "a", "s", "Escape"} <= keys
    assert "r" not in keys, "nothing is to be registered here"
    await expect(page.locator("#f-remark")).to_be_hidden()
    await page.reload()
    await press(page, "s")
    await expect(page.locator("#f-remark")).to_be_hidden()


async def test_without_a_stream_a_page_asks_by_itself_and_finds_the_way_back(opened: Open) -> None:
    page = await opened()
    await errands.sign_in(page, "Марина")
    await page.clock.install()
    await page.route("**/live?*", lambda route: route.abort())
    await page.goto("/moderation")
    while await page.locator("#live").get_attribute("data-tone") != "warn":
        await page.clock.fast_forward(5_000)
        await page.wait_for_timeout(150)

    async with page.expect_request("**/moderation/rows?*"):
        await page.clock.fast_forward(31_000)
    await page.unroute("**/live?*")
    await page.clock.fast_forward(60_000)

    await expect(page.locator("#live")).to_have_attribute("data-tone", "ok")
