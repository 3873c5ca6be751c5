"""How a person wants to see the portal: kept by their browser, every choice checked, and back to the page."""

import pytest
from tests.people import Town
from tests.portal.conftest import Browser

from domain.model import Person
from portal.routes.settings import changed
from portal.view import View


async def test_a_choice_is_kept_and_leads_back_to_the_page(town: Town, browser: Browser) -> None:
    answer = await browser.post("/settings/view", data={"theme": "dark", "back": "/sign-in"})
    page = await browser.get("/sign-in")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert 'data-theme="dark"' in page.text


async def test_a_second_choice_keeps_the_first(town: Town, browser: Browser) -> None:
    await browser.post("/settings/view", data={"theme": "dark"})

    await browser.post("/settings/view", data={"language": "en"})
    page = await browser.get("/sign-in")

    assert 'data-theme="dark"' in page.text
    assert '<html lang="en"' in page.text


async def test_russian_is_what_everybody_begins_with(town: Town, browser: Browser) -> None:
    page = await browser.get("/sign-in", headers={"Accept-Language": "en"})

    assert '<html lang="ru"' in page.text


async def test_keys_of_one_letter_can_be_switched_off(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.marina)
    on = await browser.get("/moderation")

    await browser.post("/settings/view", data={"keys": "off"})
    off = await browser.get("/moderation")

    assert 'data-keys="off"' not in on.text
    assert 'data-keys="off"' in off.text
    assert 'name="keys" value="off" aria-pressed="true"' in off.text


async def test_letters_come_in_the_language_chosen_last(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.anna)

    await browser.post("/settings/view", data={"language": "en"})

    anna = await Person.objects().get(Person.id == town.anna.id)
    assert anna is not None
    assert anna.language == "en"


@pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", ""])
async def test_back_is_only_to_a_page_of_the_portal(town: Town, browser: Browser, back: str) -> None:
    answer = await browser.post("/settings/view", data={"theme": "dark", "back": back})

    assert answer.headers["location"] == "/"


def test_the_dark_theme_is_switched_on_and_off() -> None:
    dark = changed(View(), {"theme": "toggle"})

    assert dark.theme == "dark"
    assert changed(dark, {"theme": "toggle"}).theme == "light"


def test_leaving_the_version_for_low_vision_leaves_all_of_it() -> None:
    view = View(theme="dark", vision="on", fs="2", scheme="blue-on-blue", spacing="wide", images="off", language="en")

    assert changed(view, {"vision": "off"}) == View(theme="dark", language="en")


@pytest.mark.parametrize(
    "cookie", ["theme:<script>", "fs:9", "language:xx", "person:1", ":|:", "%00", "theme:dark" * 1000, "тема:dark"]
)
def test_what_is_no_choice_is_left_as_it_was(cookie: str) -> None:
    assert View.read(cookie) == View()


def test_a_view_comes_back_from_its_cookie() -> None:
    view = View(
        theme="light", vision="on", fs="1.5", scheme="white-on-black", spacing="xwide", images="off", keys="off"
    )

    assert View.read(view.cookie()) == view
    assert View().cookie() == ""
