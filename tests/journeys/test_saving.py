"""What an executor types is saved as they type, kept on the device while nothing answers, and offered back (§4.2)."""

import re

import pytest
from playwright.async_api import Page, expect
from tests.journeys import errands
from tests.journeys.conftest import Open

SAVED = re.compile(r"Сохранено в \d\d:\d\d")
PAUSE, LATER = 1500, 15000  # of saving.js


# What a page that is left still sends goes past the routes of the driver: here it is lost in the page itself.
LINE = """
const ask = window.fetch;
window.fetch = (to, how) =>
  sessionStorage.lost && String(to).endsWith("/words") ? Promise.reject(new TypeError("lost")) : ask(to, how);
"""


async def at_an_answer(page: Page) -> str:
    """Pavel's case that is in work; the address of the form."""
    await page.add_init_script(LINE)
    await errands.sign_in(page, "Павел")
    await page.goto("/execution?queue=in_work")
    action = await page.locator("#answer form").get_attribute("action")
    assert action
    return action


async def kept(page: Page) -> str:
    """What this device keeps of the words that the portal does not have."""
    return str(
        await page.evaluate("JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith('words ')))")
    )


@pytest.mark.rule("R15", "R33")
async def test_words_are_saved_while_they_are_typed_and_survive_a_lost_connection(opened: Open) -> None:
    page = await opened()
    await at_an_answer(page)
    field, line = page.locator("#f-text"), page.locator("[data-saves]")

    await field.fill("Яму засыпали.")
    await expect(line).to_have_text(SAVED)
    await expect(field).to_be_focused()
    await page.evaluate("sessionStorage.lost = 'yes'")
    await field.press_sequentially(" И уплотнили.")
    await expect(line).to_contain_text("Нет связи")
    await page.reload()

    offered = page.locator("[data-offered]")
    await expect(offered).to_contain_text("Есть несохранённый текст")
    await expect(offered.locator("ins")).to_have_text("И уплотнили.")
    await expect(field).to_have_value("Яму засыпали.")
    await page.evaluate("delete sessionStorage.lost")
    await offered.get_by_role("button", name="Вернуть в форму").click()
    await expect(field).to_have_value("Яму засыпали. И уплотнили.")
    await expect(line).to_have_text(SAVED)
    assert await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('words '))") == []


@pytest.mark.rule("R15")
async def test_a_version_that_somebody_else_has_saved_is_told_and_not_overwritten(opened: Open) -> None:
    page = await opened()
    await at_an_answer(page)
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.locator("#f-text").fill("Из другого окна.")
    await expect(other.locator("[data-saves]")).to_have_text(SAVED)

    await page.locator("#f-text").fill("Из первого окна.")

    line = page.locator("[data-saves]")
    await expect(line).to_contain_text("сохранили в другом месте")
    await expect(page.locator("#f-text")).to_have_value("Из первого окна.")
    await line.get_by_role("link").click()
    await expect(page.locator("#f-text")).to_have_value("Из другого окна.")
    await expect(page.locator("[data-offered] ins")).to_contain_text("первого")
    await page.locator("form[action='/sign-out'] button").first.evaluate("(button) => button.click()")
    await page.wait_for_url(re.compile(r"/$|/sign-in"))
    assert await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('words '))") == []


@pytest.mark.rule("R15")
async def test_beside_what_somebody_else_has_saved_nothing_is_saved_until_a_press(opened: Open) -> None:
    page = await opened()
    await at_an_answer(page)
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.locator("#f-text").fill("Сохранил другой.")
    await expect(other.locator("[data-saves]")).to_have_text(SAVED)

    await page.locator("#f-text").fill("Моё первое.")
    await page.locator("#answer [data-key=d]").click()
    await expect(page.locator("#collision")).to_be_visible()
    saving: list[str] = []
    page.on("request", lambda request: saving.append(request.url) if request.url.endswith("/words") else None)
    await page.locator("#f-text").fill("Моё первое и второе.")
    await page.locator("#f-text").blur()
    await page.wait_for_timeout(PAUSE + 300)

    assert saving == []
    assert "Моё первое и второе." in await kept(page)
    await page.get_by_role("button", name="Записать мой текст поверх").click()
    await expect(page.locator("#collision")).to_have_count(0)


@pytest.mark.rule("R15")
async def test_what_does_not_come_from_the_portal_is_no_saving_and_a_case_that_is_gone_is_told(opened: Open) -> None:
    page = await opened()
    await at_an_answer(page)
    field, line = page.locator("#f-text"), page.locator("[data-saves]")

    await page.route("**/answer/words", lambda route: route.fulfill(status=200, body="<p>Войдите в сеть</p>"))
    await field.fill("Через чужую сеть.")
    await expect(line).to_contain_text("Нет связи")
    await page.unroute("**/answer/words")
    await page.route("**/answer/words", lambda route: route.fulfill(status=404, body=""))
    await field.fill("В чужом деле.")

    await expect(line).to_contain_text("больше не у вас")
    await expect(line.get_by_role("link")).to_have_count(0)


@pytest.mark.rule("R15")
async def test_of_two_texts_that_were_not_saved_none_is_dropped_undecided(opened: Open) -> None:
    page = await opened()
    await at_an_answer(page)
    field, offered = page.locator("#f-text"), page.locator("[data-offered]")
    await page.evaluate("sessionStorage.lost = 'yes'")
    for text in ("Первый текст.", "Второй текст."):
        await field.fill(text)
        await page.reload()

    await expect(offered.locator("ins")).to_contain_text("Второй")
    await offered.get_by_role("button", name="Выбросить").click()
    await expect(offered.locator("ins")).to_contain_text("Первый")
    await offered.get_by_role("button", name="Вернуть в форму").click()

    await expect(field).to_have_value("Первый текст.")
    await expect(offered).to_have_count(0)


async def test_a_form_that_has_left_the_page_is_not_saved_any_more(opened: Open) -> None:
    page = await opened()
    await at_an_answer(page)
    await page.clock.install()
    await page.route("**/answer/words", lambda route: route.abort())
    await page.locator("#f-text").fill("Без связи.")
    async with page.expect_request("**/answer/words"):
        await page.locator("#f-text").blur()
    await expect(page.locator("[data-saves]")).to_contain_text("Нет связи")
    saving: list[str] = []
    page.on("request", lambda request: saving.append(request.url) if request.url.endswith("/words") else None)

    await page.locator("#pane").evaluate("(pane) => pane.replaceChildren()")
    await page.clock.fast_forward(LATER + 1000)

    assert saving == []
    assert "Без связи." in await kept(page)
