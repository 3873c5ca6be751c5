"""Words that a page saves by itself: the version they were typed upon, nobody else's case, and no file on the way."""

from datetime import timedelta

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX
from tests.portal.desks import words
from tests.portal.errands import at_home, value

from domain import answering
from domain.answering import Written
from domain.model import Attachment, Event, Part
from portal.door import Door

HOUR = timedelta(hours=1)
AGAIN = "/answer/words"


@pytest.mark.rule("R15", "R33")
async def test_what_is_typed_is_saved_and_the_page_hears_of_it_in_one_line(portal: Door, town: Town) -> None:
    message = await stories.in_work(town)
    pavel = await at_home(portal, town.pavel)
    page = (await pavel.get(f"/execution/{message.id}")).text
    typed = {"key": value(page, "key"), "version": "", "outcome": "solved", "text": "Filled on 3 March."}

    saved = await pavel.post(f"/messages/{message.id}{AGAIN}", data=typed, headers=HTMX)
    again = await pavel.post(f"/messages/{message.id}{AGAIN}", data={**typed, "version": "1", "uploads": typed["key"]})
    news = await pavel.get(f"/execution/{message.id}/news?since=0")

    assert f'data-saves="/messages/{message.id}{AGAIN}"' in page
    assert words(saved.text).strip() == "Сохранено в 10:00"
    assert 'data-version="1"' in saved.text
    assert 'data-version="2"' in again.text
    assert (await stories.the_answer(message)).text == "Filled on 3 March."
    assert await Attachment.count() == 0
    assert await Event.count().where(Event.kind == "answer:drafted") == 1
    assert "Черновик ответа сохранён" not in news.text


@pytest.mark.rule("R33")
async def test_words_typed_upon_an_older_version_overwrite_nothing_and_others_hear_of_a_draft(
    portal: Door, town: Town
) -> None:
    message = await stories.in_work(town)
    await answering.draft(message, Written(text="The deputy's."), by=town.pavel, at=MONDAY + 3 * HOUR)
    await answering.draft(message, Written(text="Newer."), by=town.pavel, at=MONDAY + 3 * HOUR, version=1)
    pavel = await at_home(portal, town.pavel)
    page = (await pavel.get(f"/execution/{message.id}")).text
    typed = {"key": value(page, "key"), "text": "Older window."}

    late = await pavel.post(f"/messages/{message.id}{AGAIN}", data={**typed, "version": "1"}, headers=HTMX)
    long = await pavel.post(f"/messages/{message.id}{AGAIN}", data={**typed, "version": "2", "text": "x" * 6001})

    assert (late.status_code, long.status_code) == (409, 422)
    assert (await stories.the_answer(message)).text == "Newer."


@pytest.mark.rule("R10")
async def test_nobody_saves_words_in_a_case_of_another(portal: Door, town: Town) -> None:
    message = await stories.in_work(town)
    part = await stories.shared(town)
    sergey, marina = await at_home(portal, town.sergey), await at_home(portal, town.marina)
    typed = {"key": "6f1f0d2c-0d0f-4d3c-9f2a-1b2c3d4e5f60", "text": "Mine."}

    tried = [await each.post(f"/messages/{message.id}{AGAIN}", data=typed) for each in (sergey, marina)]
    helping = await sergey.post(f"/messages/{part.message}{AGAIN}", data=typed)

    assert [each.status_code for each in tried] == [404, 404]
    assert helping.status_code == 403


@pytest.mark.rule("R11", "R33")
async def test_a_co_executor_types_and_the_part_is_saved(portal: Door, town: Town) -> None:
    part = await stories.shared(town)
    sergey = await at_home(portal, town.sergey)
    address = f"/messages/{part.message}/parts/{part.id}/words"
    page = (await sergey.get(f"/execution/{part.message}")).text
    typed = {"key": value(page, "key"), "version": value(page, "version")}

    for text in ("The pipe", "The pipe is cut"):
        saved = await sergey.post(address, data={**typed, "report": text}, headers=HTMX)
        typed["version"] = value(saved.text.replace("span data-version", 'input name="version" value'), "version")
    late = await sergey.post(address, data={**typed, "version": "1", "report": "Old."}, headers=HTMX)

    assert f'data-saves="{address}"' in page
    (kept,) = await Part.objects()
    assert (kept.text, late.status_code) == ("The pipe is cut", 409)
    assert await Event.count().where(Event.kind == "part:written") == 1
