"""While an executor is away their deputy sees and does what they would, under their own name (§4.1)."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import location
from tests.stories import (
    HOUR,
    approve,
    brought,
    fresh,
    in_work,
    journal,
    registered,
    shared,
    the_file,
    told,
    told_as_written,
)

from domain import answering, attaching, case_files, directories, executing, keeping, parts
from domain.answering import Written
from domain.errors import NotAllowed, Unfit
from domain.model import Absence, Event, Message, Part, Person, Term
from domain.seeing import visible_to
from domain.shares import Wish
from portal.desk import case_files as case_file
from portal.live import Page
from workers import mail, moment

pytestmark = pytest.mark.usefixtures("database")


async def away(town: Town, *, first: date = date(2026, 3, 2), last: date = date(2026, 3, 6)) -> int:
    """Pavel is away, Sergey stands in for him."""
    absences = directories.find("absences")
    assert absences
    days: dict[str, Any] = {"first_day": first, "last_day": last, "active": True}
    people = {"person": town.pavel.id, "deputy": town.sergey.id}
    return await keeping.keep(absences, {**people, **days}, by=town.yulia, at=MONDAY)


def deputy(town: Town) -> Person:
    """Sergey as the session of such a day knows him."""
    town.sergey.stands_in_for = (town.pavel.id,)
    return town.sergey


@pytest.mark.rule("R11", "R33")
async def test_the_deputy_finds_the_case_on_the_desk_and_accepts_it_under_their_own_name(
    town: Town, browser: Browser
) -> None:
    message = await registered(town)
    await away(town)
    await browser.sign_in(town.sergey)

    queue = await browser.get("/execution")
    done = await browser.post(f"/messages/{message.id}/acceptance", data={"scope": "Fill it."})

    assert "A deep hole" in queue.text
    assert done.status_code == 303
    assert (await fresh(message)).status == "in_work"
    event = await told(message, "message:accepted")
    assert (event.actor, event.data["instead_of"]) == (town.sergey.id, town.pavel.id)
    page = words((await browser.get(f"/execution/{message.id}")).text)
    assert f"{town.sergey.name}, замещает: {town.pavel.name}" in page


@pytest.mark.rule("R11", "R33")
async def test_what_the_absent_does_themselves_stands_under_their_name_alone(town: Town) -> None:
    message = await registered(town)
    await away(town)

    await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR)

    assert "instead_of" not in (await told(message, "message:accepted")).data


@pytest.mark.rule("R11")
async def test_outside_the_absence_the_case_is_not_there(town: Town, browser: Browser, clock: Clock) -> None:
    message = await registered(town)
    await away(town, first=date(2026, 3, 3), last=date(2026, 3, 3))
    seen = []
    for _ in range(3):
        await browser.sign_in(town.sergey)
        seen.append((await browser.get(f"/execution/{message.id}")).status_code)
        clock.forward(days=1)

    assert seen == [404, 200, 404]


@pytest.mark.rule("R11")
async def test_an_absence_that_is_cut_short_ends_with_the_next_request(town: Town, browser: Browser) -> None:
    message = await registered(town)
    row = await away(town)
    await browser.sign_in(town.sergey)
    before = (await browser.get(f"/execution/{message.id}")).status_code
    absences = directories.find("absences")
    assert absences

    await keeping.keep(absences, {"active": False}, row=row, by=town.yulia, at=MONDAY + HOUR)

    assert (before, (await browser.get(f"/execution/{message.id}")).status_code) == (200, 404)
    refused = await browser.post(f"/messages/{message.id}/acceptance", data={})
    assert refused.status_code == 404
    assert "message:accepted" not in await journal(message)


@pytest.mark.rule("R11", "R12")
async def test_whoever_stands_in_for_nobody_makes_no_move(town: Town) -> None:
    message = await registered(town)

    with pytest.raises(NotAllowed):
        await executing.accept(message, by=town.sergey, at=MONDAY + HOUR)
    await executing.hand_back(message, by=deputy(town), at=MONDAY + HOUR, justification="Not ours.")

    assert (await fresh(message)).status == "handed_back"


@pytest.mark.rule("R11")
async def test_a_deputy_writes_the_part_of_the_absent_co_executor(town: Town) -> None:
    message = await in_work(town)
    roman = await Person.objects().get(Person.esia_oid == "demo-roman")
    assert roman
    wish = Wish(roman.id, "Cut the pipe.", date(2026, 3, 6))
    part = await parts.name(message, wish, by=town.pavel, at=MONDAY + 3 * HOUR)
    town.sergey.stands_in_for = (roman.id,)

    await brought(town, part)

    said: Any = (await told(message, "part:done")).data
    assert said["instead_of"] == roman.id
    seen: list[bool] = []
    nobody: tuple[int, ...] = ()
    for absent in ((roman.id,), nobody):
        town.sergey.stands_in_for = absent
        seen.append(await visible_to(town.sergey).where(Message.id == message.id).first() is not None)
    assert seen == [True, False]


@pytest.mark.rule("R11", "R14")
async def test_the_deputy_finds_the_page_of_a_photo_of_the_absent(town: Town, browser: Browser) -> None:
    message, file, key = await in_work(town), uuid4(), uuid4()
    await attaching.receive(
        id=file, key=key, name="done.jpg", content_hash="a", kind="jpeg", size=9, by=town.pavel.id, at=MONDAY
    )
    await answering.draft(message, Written(text="Done.", key=key, files=[file]), by=town.pavel, at=MONDAY + 3 * HOUR)
    await browser.sign_in(town.sergey)

    before = await browser.get(f"/execution/{message.id}/photos/{file}")
    await away(town)

    assert (before.status_code, (await browser.get(f"/execution/{message.id}/photos/{file}")).status_code) == (404, 200)


@pytest.mark.rule("R11")
async def test_a_deputy_names_neither_themselves_nor_the_absent_as_co_executor(town: Town) -> None:
    message = await in_work(town)
    for helper in (town.sergey, town.pavel):
        with pytest.raises(Unfit):
            wish = Wish(helper.id, "Help.", date(2026, 3, 6))
            await parts.name(message, wish, by=deputy(town), at=MONDAY + 3 * HOUR)

    assert await Part.count() == 0


@pytest.mark.rule("R22")
async def test_what_the_deputy_promised_is_owed_by_the_absent(town: Town) -> None:
    message = await in_work(town)
    written = Written(outcome="planned", text="New asphalt.", planned_on=date(2026, 3, 10))
    await answering.draft(message, written, by=deputy(town), at=MONDAY + 3 * HOUR)
    await answering.send_for_review(message, by=town.sergey, at=MONDAY + 3 * HOUR)
    await approve(town, message, at=MONDAY + 4 * HOUR)

    (promise,) = await Term.objects().where((Term.message == message.id) & (Term.kind == "promise"))

    assert promise.owed_by == town.pavel.id


@pytest.mark.rule("R27", "R33")
async def test_the_frozen_case_says_in_whose_place_the_deputy_acted(town: Town) -> None:
    message = await registered(town)
    await executing.accept(message, by=deputy(town), at=MONDAY + 2 * HOUR)
    await case_files.freeze(message, at=MONDAY + 3 * HOUR)

    file = await the_file(message)
    entries = (await case_file.frozen(file, "ru", by=town.konstantin, at=MONDAY)).journal

    (accepted,) = [each for each in entries if each.kind == "message:accepted"]
    assert accepted.who == f"{town.sergey.name}, замещает: {town.pavel.name}"


@pytest.mark.rule("R31")
async def test_letters_to_the_absent_go_to_the_deputy_as_well(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    message = await registered(town)
    await away(town)
    event = await told_as_written(message, "message:registered")

    copies = []
    for day in (MONDAY, MONDAY + 7 * 24 * HOUR):
        monkeypatch.setattr(moment, "now", lambda day=day: day)
        letters = await mail.assigned(event)
        copies.append([(letter.to.email, letter.address) for letter in letters])

    own, copy = (town.pavel.email, town.pavel.email), (town.pavel.email, town.sergey.email)
    assert copies == [[own, copy], [own]]


@pytest.mark.rule("R10")
async def test_what_the_absent_gets_as_a_citizen_goes_to_no_deputy(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever works here may write here too, and gives one address for both."""
    message = await registered(town)
    await Person.update({Person.email: town.pavel.email}).where(Person.id == town.anna.id)
    await away(town)
    monkeypatch.setattr(moment, "now", lambda: MONDAY)

    (letter,) = await mail.registered(await told_as_written(message, "message:registered"))

    assert (letter.address, letter.deputy) == (town.pavel.email, None)


@pytest.mark.rule("R31")
async def test_news_of_the_absent_reach_the_open_page_of_the_deputy(town: Town) -> None:
    news: dict[str, Any] = {"executor": town.pavel.id, "helpers": []}

    before = Page(town.sergey).may_know(news)
    after = Page(deputy(town)).may_know(news)

    assert (before, after) == (False, True)


async def test_an_absence_is_entered_by_the_operator_alone(town: Town, browser: Browser) -> None:
    form = {
        "person": str(town.pavel.id), "first_day": "2026-03-02", "last_day": "2026-03-06",
        "deputy": str(town.sergey.id), "active": "yes",
    }  # fmt: skip
    await browser.sign_in(town.sergey)
    refused = await browser.post("/directories/absences", data=form)
    await browser.sign_in(town.yulia)
    written = await browser.post("/directories/absences", data=form)

    assert refused.status_code == 404
    assert location(written).startswith("/directories/absences/")
    assert await Absence.count() == 1
    assert await Event.count() == 0


async def test_a_part_that_is_ones_own_stays_ones_own(town: Town) -> None:
    part = await shared(town)
    deputy(town)

    await brought(town, part)

    message = await Message.objects().get(Message.id == part.message)
    assert message
    assert (await told(message, "part:done")).data["instead_of"] is None
