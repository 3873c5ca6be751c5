"""A guest never submits; what a guest has typed survives the sign-in, every word and every file (R02)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.people import Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import tag
from tests.portal.errands import WORDS, at_home, filled_in, location, only_message, photo, uploads, value

from domain.model import Attachment, Draft, Event, Message
from portal.door import Door

pytestmark = pytest.mark.rule("R02")


async def test_a_guest_is_sent_to_the_sign_in_and_nothing_is_submitted(browser: Browser, town: Town) -> None:
    answer = await browser.post("/messages", data=filled_in(town), files=[photo()])

    assert location(answer) == "/sign-in?return_to=/messages/new"
    assert await Message.count() == 0
    assert await Event.count() == 0


async def test_every_word_and_file_is_there_after_the_sign_in(browser: Browser, town: Town) -> None:
    form = filled_in(town, latitude="50.1", longitude="43.2")
    await browser.post("/messages", data=form, files=[photo("first.jpg"), photo("second.jpg")])
    await browser.sign_in(town.anna)

    page = (await browser.get("/messages/new")).text

    assert WORDS in page
    assert value(page, "address") == "Mira 41"
    assert (value(page, "key"), value(page, "latitude")) == (form["key"], "50.1")
    assert "checked" in tag(page, f'name="topic" value="{town.pothole.id}"')
    assert "checked" in tag(page, 'name="consent" value="given"')
    assert "first.jpg" in page
    assert "second.jpg" in page


async def test_the_draft_becomes_one_message_and_is_forgotten(browser: Browser, town: Town) -> None:
    form = filled_in(town)
    await browser.post("/messages", data=form, files=[photo()])
    await browser.sign_in(town.anna)
    page = (await browser.get("/messages/new")).text

    sent = await browser.post("/messages", data={**form, "uploads": str(uploads(page)[0])})

    message = await only_message()
    assert location(sent).startswith(f"/messages/{message.id}")
    assert await Attachment.count().where(Attachment.message == message.id) == 1
    assert await Draft.count() == 0
    assert "draft" not in browser.cookies
    assert WORDS not in (await browser.get("/messages/new")).text


async def test_a_form_that_lacks_something_waits_as_well(browser: Browser, town: Town) -> None:
    await browser.post("/messages", data={"key": str(uuid4()), "text": "Only a thought", "topic": "", "consent": ""})

    assert "Only a thought" in (await browser.get("/messages/new")).text


async def test_the_last_word_counts(browser: Browser, town: Town) -> None:
    form = filled_in(town)
    await browser.post("/messages", data=form)
    await browser.post("/messages", data={**form, "text": "On second thoughts."})

    assert "On second thoughts." in (await browser.get("/messages/new")).text
    assert await Draft.count() == 1


async def test_htmx_is_led_to_the_sign_in_with_the_cookie(browser: Browser, town: Town) -> None:
    answer = await browser.post("/messages", data=filled_in(town), headers=HTMX)

    assert answer.headers["HX-Redirect"] == "/sign-in?return_to=/messages/new"
    assert "HttpOnly" in answer.headers["set-cookie"]


async def test_a_bad_file_is_told_before_the_sign_in(browser: Browser, town: Town) -> None:
    answer = await browser.post("/messages", data=filled_in(town), files=[photo("notes.txt", b"words"), photo()])

    assert answer.status_code == 422
    assert "notes.txt" in answer.text
    assert len(uploads(answer.text)) >= 1


async def test_another_browser_does_not_find_the_draft(portal: Door, browser: Browser, town: Town) -> None:
    await browser.post("/messages", data=filled_in(town))

    other = await at_home(portal, town.boris)

    assert WORDS not in (await other.get("/messages/new")).text


@pytest.mark.parametrize("cookie", ["", "x", "0" * 32, "../../etc", "'", "52d0c38b-1c52-469d-9a6e-2f5e04c6b86f"])
async def test_a_made_up_cookie_opens_an_empty_form(portal: Door, town: Town, cookie: str) -> None:
    guest = Browser(portal, cookies={"draft": cookie})

    assert (await guest.get("/messages/new")).status_code == 200


async def test_a_draft_is_forgotten_after_a_day(browser: Browser, town: Town, clock: Clock) -> None:
    await browser.post("/messages", data=filled_in(town))
    clock.now += timedelta(days=1, minutes=1)

    assert WORDS not in (await browser.get("/messages/new")).text
    await browser.post("/messages", data=filled_in(town))
    assert await Draft.count() == 1


async def test_who_was_signed_out_meanwhile_loses_nothing(portal: Door, town: Town, clock: Clock) -> None:
    anna = await at_home(portal, town.anna)
    clock.forward(days=31)

    answer = await anna.post("/messages", data=filled_in(town))

    assert location(answer) == "/sign-in?return_to=/messages/new"
    assert WORDS in (await anna.get("/messages/new")).text
