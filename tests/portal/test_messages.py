"""A citizen's messages: sending, the cabinet, one message with its clocks; and what comes back when it does not fit."""

import asyncio
import re

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, tag, words
from tests.portal.errands import (
    WORDS,
    at_home,
    filled_in,
    location,
    only_message,
    photo,
    uploads,
)

from domain import moderating
from domain.model import Attachment, Event, Ground, Message
from portal.door import Door
from portal.limits import MESSAGES_A_DAY


@pytest.fixture
async def anna(portal: Door, town: Town) -> Browser:
    return await at_home(portal, town.anna)


@pytest.mark.rule("R03")
async def test_a_citizen_sends_a_message_with_a_photo(anna: Browser, town: Town) -> None:
    answer = await anna.post("/messages", data=filled_in(town), files=[photo()])

    message = await only_message()
    assert location(answer) == f"/messages/{message.id}?said=sent"
    assert (message.author, message.text, message.address) == (town.anna.id, WORDS, "Mira 41")
    assert (message.topic, message.consent, message.status) == (town.pothole.id, True, "submitted")
    assert await Attachment.count().where(Attachment.message == message.id) == 1


async def test_htmx_is_led_to_the_message(anna: Browser, town: Town) -> None:
    answer = await anna.post("/messages", data=filled_in(town), headers=HTMX)

    assert answer.headers["HX-Redirect"] == f"/messages/{(await only_message()).id}?said=sent"


@pytest.mark.rule("R01")
@pytest.mark.parametrize("path", ["/messages", "/messages/new"])
async def test_the_form_and_the_cabinet_say_that_59_fz_does_not_apply(anna: Browser, path: str) -> None:
    page = words((await anna.get(path)).text)

    assert "59-ФЗ" in page


async def test_the_same_form_sent_twice_is_one_message(anna: Browser, town: Town) -> None:
    form = filled_in(town)

    first, second = await asyncio.gather(anna.post("/messages", data=form), anna.post("/messages", data=form))

    assert location(first) == location(second)
    assert await Message.count() == 1


async def test_another_text_under_a_used_key_is_told_and_changes_nothing(anna: Browser, town: Town) -> None:
    form = filled_in(town)
    await anna.post("/messages", data=form)

    answer = await anna.post("/messages", data={**form, "text": "Something else."})

    assert answer.status_code == 409
    assert (await only_message()).text == WORDS


async def test_what_does_not_fit_comes_back_with_every_word_and_file(anna: Browser, town: Town) -> None:
    form = filled_in(town, address="", consent="", topic="")

    answer = await anna.post("/messages", data=form, files=[photo("hole.jpg")])

    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "hole.jpg" in answer.text
    assert tag(answer.text, 'id="f-address"').count("aria-invalid") == 1
    assert re.findall(r'href="#f-(\w+)"', answer.text) == ["topic", "address", "consent"]
    assert answer.text.count("autofocus") == 1
    assert await Message.count() == 0


async def test_the_file_that_came_before_goes_with_the_mended_form(anna: Browser, town: Town) -> None:
    form = filled_in(town, address="")
    again = await anna.post("/messages", data=form, files=[photo("hole.jpg")])

    sent = await anna.post("/messages", data={**form, "address": "Mira 41", "uploads": str(uploads(again.text)[0])})

    assert sent.status_code == 303
    files = await Attachment.objects().where(Attachment.message == (await only_message()).id)
    assert [file.name for file in files] == ["hole.jpg"]


async def test_a_topic_longer_than_any_number_is_no_fault_of_ours(anna: Browser, town: Town) -> None:
    answer = await anna.post("/messages", data={**filled_in(town), "topic": "9" * 5000})

    assert answer.status_code == 422
    assert WORDS in answer.text


async def test_a_fragment_comes_back_for_htmx(anna: Browser, town: Town) -> None:
    answer = await anna.post("/messages", data=filled_in(town, text=""), headers=HTMX)

    assert answer.status_code == 422
    assert answer.text.lstrip().startswith("<form")


async def test_somebody_elses_files_cannot_be_taken_along(anna: Browser, portal: Door, town: Town) -> None:
    boris = await at_home(portal, town.boris)
    theirs = await boris.post("/messages", data=filled_in(town, text=""), files=[photo()])

    await anna.post("/messages", data=filled_in(town, uploads=str(uploads(theirs.text)[0])))

    assert await Attachment.count().where(Attachment.message.is_not_null()) == 0


async def test_the_twenty_first_message_of_a_day_is_too_many(
    anna: Browser, portal: Door, clock: Clock, town: Town
) -> None:
    for _ in range(MESSAGES_A_DAY - 1):
        await stories.submitted(town)

    answers = await asyncio.gather(*(anna.post("/messages", data=filled_in(town)) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [303, 429, 429]
    assert WORDS in next(answer.text for answer in answers if answer.status_code == 429)
    boris = await at_home(portal, town.boris)
    assert (await boris.post("/messages", data=filled_in(town))).status_code == 303
    clock.forward(days=1)
    assert (await anna.post("/messages", data=filled_in(town))).status_code == 303


async def test_officials_do_not_send_messages(portal: Door, town: Town) -> None:
    marina = await at_home(portal, town.marina)

    form, sent = await marina.get("/messages/new"), await marina.post("/messages", data=filled_in(town))

    assert location(form) == "/moderation"
    assert sent.status_code == 403
    assert await Message.count() == 0


async def test_the_cabinet_shows_ones_own_messages_and_nobody_elses(anna: Browser, portal: Door, town: Town) -> None:
    mine = await stories.submitted(town)
    boris = await at_home(portal, town.boris)
    await boris.post("/messages", data=filled_in(town, text="Boris wrote this."))

    page = (await anna.get("/messages")).text

    assert f"/messages/{mine.id}" in page
    assert "Boris" not in page


async def test_the_cabinet_goes_on_by_key(anna: Browser, town: Town) -> None:
    sent = [await stories.submitted(town) for _ in range(22)]

    first = await anna.get("/messages")
    second = await anna.get(f"/messages?after={sent[2].id}")

    assert re.findall(r'href="/messages\?after=(\d+)"', first.text) == [str(sent[2].id)]
    assert set(re.findall(r'href="/messages/(\d+)"', second.text)) == {str(sent[0].id), str(sent[1].id)}


async def test_a_message_of_somebody_else_is_not_there(portal: Door, town: Town) -> None:
    message = await stories.registered(town)
    boris = await at_home(portal, town.boris)

    theirs = await boris.get(f"/messages/{message.id}")
    nobodys = await boris.get("/messages/999999")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text.replace(f"/messages/{message.id}", "") == nobodys.text.replace("/messages/999999", "")


async def test_a_guest_is_asked_to_sign_in_and_comes_back(browser: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    answer = await browser.get(f"/messages/{message.id}")

    assert location(answer) == f"/sign-in?return_to=/messages/{message.id}"


async def test_officials_are_led_to_their_own_desk(portal: Door, town: Town) -> None:
    message = await stories.registered(town)
    places = {town.marina.id: "/moderation", town.pavel.id: "/execution", town.elena.id: "/control"}

    for official in (town.marina, town.pavel, town.elena):
        answer = await (await at_home(portal, official)).get(f"/messages/{message.id}")
        assert location(answer) == f"{places[official.id]}/{message.id}"


@pytest.mark.rule("R31")
async def test_the_author_sees_the_clock_and_how_it_was_counted(anna: Browser, town: Town) -> None:
    message = await stories.in_work(town)

    page = words((await anna.get(f"/messages/{message.id}")).text)

    assert "Как посчитали эту дату" in page
    assert "7 марта, сб не считается: выходной" in page, "a day that is not counted says why"
    assert "13 марта, пт день 8" in page


@pytest.mark.rule("R33", "R10")
async def test_the_journal_names_departments_and_no_official(anna: Browser, town: Town) -> None:
    message = await stories.answered(town)
    await stories.reworked(town, message, at=MONDAY + 24 * stories.HOUR)

    page = (await anna.get(f"/messages/{message.id}")).text

    for official in (town.marina, town.vera, town.pavel):
        assert official.name not in page
        assert official.name.split()[-1] not in page
    assert "Отдел дорожного хозяйства" in page


@pytest.mark.rule("R08")
async def test_a_refusal_shows_grounds_hints_reason_and_proposal(anna: Browser, town: Town) -> None:
    message = await stories.submitted(town)
    ground: Ground = next(iter(town.grounds.values()))
    said = {"reason": "It names a neighbour.", "proposal": "Leave the name out."}
    await moderating.refuse(message, by=town.marina, at=MONDAY, grounds=[ground.id], **said)

    page = words((await anna.get(f"/messages/{message.id}")).text)

    for part in (ground.name, ground.hint, *said.values()):
        assert part in page


@pytest.mark.rule("R21")
async def test_a_draft_of_the_answer_is_not_shown_before_it_is_let_out(anna: Browser, town: Town) -> None:
    message = await stories.in_review(town)

    page = (await anna.get(f"/messages/{message.id}")).text

    assert "The hole was filled" not in page


async def test_looking_changes_nothing(anna: Browser, town: Town) -> None:
    message = await stories.answered(town)
    before = await Event.count(), await Message.select().order_by(Message.id)

    for path in ("/messages", "/messages/new", f"/messages/{message.id}"):
        assert (await anna.get(path)).status_code == 200
        assert (await anna.head(path)).status_code == 200

    assert before == (await Event.count(), await Message.select().order_by(Message.id))


@pytest.mark.parametrize("path", ["/messages", "/messages/new", "/messages/{id}"])
async def test_no_page_asks_more_than_twelve_times(anna: Browser, town: Town, path: str) -> None:
    message = await stories.answered(town)
    await stories.reworked(town, message, at=MONDAY + 24 * stories.HOUR)

    with counted() as asked:
        answer = await anna.get(path.format(id=message.id))

    assert answer.status_code == 200
    assert len(asked) <= QUERIES_AT_MOST, asked
