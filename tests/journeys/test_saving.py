"""What an executor types is saved as they type, kept on the device while nothing answers, and offered back (§4.2)."""

import re

import pytest
from playwright.async_api import Page, expect
from tests.journeys import errands
from tests.journeys.conftest import Open

SAVED = re.compile(r"Сохранено в \d\d:\d\d")


async def at_an_answer(page: Page) -> str:
    """Pavel's case that is in work; the address of the form."""
    await errands.sign_in(page, "Павел")
    await page.goto("/execution?queue=in_work")
    action = await page.locator("#answer form").get_attribute("action")
    assert action
    return action


@pytest.mark.rule("R15", "R33")
async def test_words_are_saved_while_they_are_typed_and_survive_a_lost_connection(opened: Open) -> None:
    page = await opened()
    await at_an_answer(page)
    field, line = page.locator("#f-text"), page.locator("[data-saves]")

    await field.fill("Яму засыпали.")
    await expect(line).to_have_text(SAVED)
    await expect(field).to_be_focused()
    await page.route("**/answer/words", lambda route: route.abort())
    await field.press_sequentially(" И уплотнили.")
    await expect(line).to_contain_text("Нет связи")
    await page.reload()

    offered = page.locator("[data-offered]")
    await expect(offered).to_contain_text("Есть несохранённый текст")
    await expect(offered.locator("ins")).to_have_text("И уплотнили.")
    await expect(field).to_have_value("Яму засыпали.")
    await page.unroute("**/answer/words")
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
