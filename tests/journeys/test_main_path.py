"""The life of one message in a real browser: from the phone to the rated answer (§3–§4.4)."""

import re

import pytest
from playwright.async_api import expect
from tests.journeys import errands
from tests.journeys.conftest import Open, Portal, body
from tests.journeys.errands import photo

PERSONA, ADDRESS = "Ольга Игоревна Тестова", "olga@mail.example"
LINK = re.compile(r"https?://\S+(/answers/[\w.-]+)")


@pytest.mark.rule("R02", "R03", "R07", "R11", "R17", "R21", "R23", "R24", "R25", "R31")
async def test_a_message_from_the_phone_to_the_second_answer(opened: Open, portal_processes: Portal) -> None:
    olga, marina, pavel, vera, letter_box = [await opened() for _ in range(5)]
    await errands.sign_in(marina, "Марина")
    await marina.goto("/moderation")
    await marina.evaluate("window.sameDocument = true")

    await olga.set_viewport_size({"width": 390, "height": 800})
    await olga.goto("/sign-in")
    await errands.sign_in_through_esia(olga, PERSONA)
    await olga.goto("/messages/new")
    await errands.fill_in(olga, text="Глубокая яма у остановки.", address="ул. Мира, 41", files=[photo("яма.jpg")])
    message = await errands.send(olga)

    await errands.see_new(marina, message)
    assert await marina.evaluate("window.sameDocument"), "the queue shows it without a reload"
    await expect(olga.locator(".gallery img")).to_be_visible()
    await expect(olga.locator(".gallery img")).to_have_js_property("complete", True)  # and loaded
    assert not await olga.evaluate("document.querySelector('.gallery img').naturalWidth === 0")

    await errands.register(marina, message)
    await errands.sign_in(pavel, "Павел")
    await errands.accept(pavel, message)
    await errands.answer(pavel, message, text="Яму залили асфальтом 24 ноября.", files=[photo("готово.jpg", 700)])
    await errands.sign_in(vera, "Вера")
    await errands.approve(vera, message)

    first = await portal_processes.letter(ADDRESS, "Яму залили асфальтом")
    await letter_box.goto(link_of(body(first)))
    await expect(letter_box.get_by_text("Яму залили асфальтом")).to_be_visible()
    assert await letter_box.context.cookies() == [], "the link signs nobody in"
    await errands.rate(letter_box, "unsolved", remarks="Яма осталась у бордюра.")

    await expect(olga.locator(".pill", has_text="доработ").first).to_be_visible()
    await errands.answer(pavel, message, text="Залили и край у бордюра.", files=[photo("край.jpg", 720)])
    await errands.approve(vera, message)
    second = await portal_processes.letter(ADDRESS, "Залили и край")
    await letter_box.goto(link_of(body(second)))
    await errands.rate(letter_box, "solved")

    await olga.goto(f"/messages/{message}")
    await expect(olga.locator(".pill").first).to_have_text(re.compile("Решено"))
    guest = await opened()
    await guest.goto("/")
    await expect(guest.locator(".feed img").first).to_be_visible()
    assert "Тестова" not in await guest.content()


@pytest.mark.rule("R02", "R21", "R23")
async def test_the_same_path_without_scripts(opened: Open, portal_processes: Portal) -> None:
    anna, marina, pavel, vera, letter_box = [await opened(java_script_enabled=False) for _ in range(5)]
    await errands.sign_in(anna, "Анна")
    await anna.goto("/messages/new")
    await errands.fill_in(anna, text="Выбоина на повороте.", address="ул. Речная, 5", files=[photo("выбоина.jpg", 500)])
    message = await errands.send(anna)

    await errands.sign_in(marina, "Марина")
    await errands.register(marina, message)
    await errands.sign_in(pavel, "Павел")
    await errands.accept(pavel, message)
    await errands.answer(pavel, message, text="Выбоину заделали.", files=[photo("сделано.jpg", 520)])
    await errands.sign_in(vera, "Вера")
    await errands.approve(vera, message)

    letter = await portal_processes.letter("anna@", "Выбоину заделали")
    await letter_box.goto(link_of(body(letter)))
    await errands.rate(letter_box, "solved")
    await anna.goto(f"/messages/{message}")
    await expect(anna.locator(".pill").first).to_have_text(re.compile("Решено"))


def link_of(letter: str) -> str:
    found = LINK.search(letter)
    assert found, letter
    return found[1]


@pytest.mark.rule("R02")
@pytest.mark.parametrize("scripts", [True, False])
async def test_a_guest_types_first_and_loses_nothing(opened: Open, scripts: bool) -> None:
    page = await opened(java_script_enabled=scripts)
    await page.goto("/messages/new")
    await errands.fill_in(page, text="Фонарь не горит.", address="ул. Садовая, 3", files=[photo("фонарь.jpg")])
    await page.locator("#message-form button[data-kind=primary]").click()
    await page.wait_for_url(re.compile("/sign-in"))

    await errands.sign_in_through_esia(page, "Безписьмов")
    await page.wait_for_url(re.compile("/messages/new"))

    await expect(page.locator("#f-text")).to_have_value("Фонарь не горит.")
    await expect(page.locator("#f-address")).to_have_value("ул. Садовая, 3")
    await expect(page.locator("input[name=topic]").first).to_be_checked()
    await expect(page.locator("input[name=consent][value=given]")).to_be_checked()
    await expect(page.get_by_text("фонарь.jpg").first).to_be_visible()
    message = await errands.send(page)
    await page.goto(f"/messages/{message}")
    await expect(page.get_by_text("Фонарь не горит.").first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
async def test_what_does_not_fit_comes_back_with_the_focus_on_it(opened: Open, scripts: bool) -> None:
    page = await opened(java_script_enabled=scripts)
    await errands.sign_in(page, "Анна")
    await page.goto("/messages/new")
    await errands.fill_in(page, text="Яма.", address="", files=[photo("яма.jpg", 560)])

    await page.locator("#message-form button[data-kind=primary]").click()

    await expect(page.locator("#f-address-error")).to_be_visible()
    await expect(page.locator("#f-address")).to_be_focused()
    await expect(page.locator("#f-text")).to_have_value("Яма.")
    await page.locator("#f-address").fill("ул. Мира, 2")
    await errands.send(page)
