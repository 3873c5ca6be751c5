"""Whoever leaves leaves no case and no part to nobody (§4.1): the operator is stopped, and told what to do."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from tests.domain.test_directories import change, wrong
from tests.people import MONDAY, Town
from tests.stories import HOUR, answer, answered, brought, fresh, in_work, registered, running, shared

from domain import rating
from domain.errors import Unfit
from domain.leaving import left_to_nobody
from domain.model import Absence, Person, Term, Topic

pytestmark = pytest.mark.usefixtures("database")
TODAY, LAST = MONDAY.date(), date(2026, 3, 31)


async def roman() -> Person:
    found = await Person.objects().get(Person.esia_oid == "demo-roman")
    assert found
    return found


async def without_topics(town: Town, *people: Person) -> None:
    """Others answer on their topics from now on."""
    ids = [each.id for each in people]
    await Topic.update({Topic.executor: (await roman()).id}).where(Topic.executor.is_in(ids))


async def away(town: Town, *, first: date = TODAY, last: date = LAST) -> int:
    """Pavel is away, Sergey stands in for him."""
    people = {"person": town.pavel.id, "deputy": town.sergey.id}
    days: dict[str, Any] = {"first_day": first, "last_day": last, "active": True}
    return await change(town, "absences", **people, **days)


async def left(town: Town, *, last: date = LAST) -> int:
    """Pavel has left, and what lies with him to Sergey. Returns the row of the absence."""
    row = await away(town, last=last)
    await without_topics(town, town.pavel)
    await change(town, "people", town.pavel.id, active=False)
    return row


@pytest.mark.rule("R31")
@pytest.mark.parametrize(("first", "last"), [(16, 31), (2, 2)])
async def test_a_cover_that_begins_later_or_ends_that_day_is_none(town: Town, first: int, last: int) -> None:
    await registered(town)
    await without_topics(town, town.pavel)
    await away(town, first=date(2026, 3, first), last=date(2026, 3, last))

    assert await wrong(town, "people", town.pavel.id, active=False) == ["active"]


@pytest.mark.rule("R11", "R31")
async def test_whoever_has_an_open_part_of_a_case_leaves_it_to_a_deputy(town: Town) -> None:
    part = await shared(town)
    await without_topics(town, town.sergey)

    assert await wrong(town, "people", town.sergey.id, active=False) == ["active"]
    assert await wrong(town, "people", town.sergey.id, role="moderator") == ["role"]
    await brought(town, part)
    await change(town, "people", town.sergey.id, active=False)

    assert not (await Person.objects().get(Person.id == town.sergey.id)).active


@pytest.mark.rule("R25", "R31")
async def test_while_a_case_of_who_has_left_is_open_their_cover_ends_neither_at_once_nor_sooner(town: Town) -> None:
    message = await answered(town)
    row = await left(town)

    assert await wrong(town, "absences", row, active=False) == ["active"]
    assert await wrong(town, "absences", row, last_day=date(2026, 3, 30)) == ["last_day"]
    await change(town, "absences", row, deputy=(await roman()).id)
    await change(town, "absences", row, last_day=date(2026, 4, 1))
    await rating.rate(message, by=town.anna, at=MONDAY + 9 * HOUR, choice="solved")
    await change(town, "absences", row, active=False)

    assert not (await Absence.objects().get(Absence.id == row)).active


@pytest.mark.rule("R31")
async def test_a_cover_that_is_over_already_may_be_closed(town: Town) -> None:
    await registered(town)
    row = await left(town, last=date(2026, 3, 4))

    await change(town, "absences", row, active=False, at=MONDAY + timedelta(days=3))

    assert not (await Absence.objects().get(Absence.id == row)).active


@pytest.mark.rule("R31")
async def test_a_deputy_goes_when_another_one_stands_in(town: Town) -> None:
    row = await away(town)
    await without_topics(town, town.sergey)

    assert await wrong(town, "people", town.sergey.id, active=False) == ["active"]
    assert await wrong(town, "people", town.sergey.id, role="moderator") == ["role"]
    await change(town, "absences", row, deputy=(await roman()).id)
    await change(town, "people", town.sergey.id, active=False)

    assert not (await Person.objects().get(Person.id == town.sergey.id)).active


@pytest.mark.rule("R31")
async def test_a_cover_is_not_prolonged_with_a_deputy_who_has_left_as_well(town: Town) -> None:
    await registered(town)
    row = await left(town, last=date(2026, 3, 4))
    await without_topics(town, town.sergey)
    later = MONDAY + timedelta(days=3)
    await change(town, "people", town.sergey.id, active=False, at=later)

    assert await wrong(town, "absences", row, last_day=LAST, at=later) == ["deputy"]


@pytest.mark.rule("R25", "R31")
async def test_when_a_cover_has_run_out_the_operator_is_told_and_enters_the_next_deputy(town: Town) -> None:
    message = await answered(town)
    await left(town, last=date(2026, 3, 4))
    await rating.rate(message, by=town.anna, at=MONDAY + 9 * HOUR, choice="unsolved", remarks="Still there.")
    days = [date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)]

    told = [await left_to_nobody(day) for day in days]
    due = await running(message)
    await away(town, first=date(2026, 3, 5))

    assert told == [[], [town.pavel.name], [town.pavel.name]]
    assert [await left_to_nobody(day) for day in days] == [[], [town.pavel.name], []]
    assert await running(message) == due
    (term,) = await Term.objects().where((Term.message == message.id) & (Term.kind == "rework"))
    assert term.owed_by == town.pavel.id


@pytest.mark.rule("R25")
async def test_the_deputy_of_who_has_left_answers_the_rework(town: Town) -> None:
    message = await answered(town)
    await left(town)
    await rating.rate(message, by=town.anna, at=MONDAY + 9 * HOUR, choice="unsolved", remarks="Still there.")
    town.sergey.stands_in_for = (town.pavel.id,)
    town.pavel = town.sergey

    await answer(town, await fresh(message), at=MONDAY + 10 * HOUR)

    assert (await fresh(message)).status == "in_review"


@pytest.mark.rule("R31")
async def test_whoever_has_left_with_nothing_open_is_not_away(town: Town) -> None:
    await without_topics(town, town.pavel)
    await change(town, "people", town.pavel.id, active=False)
    days: dict[str, Any] = {"first_day": TODAY, "last_day": LAST, "active": True}

    errors = await wrong(town, "absences", person=town.pavel.id, deputy=town.sergey.id, **days)

    assert (errors, await left_to_nobody(TODAY)) == (["person"], [])


@pytest.mark.rule("R31")
async def test_of_leaving_and_of_ending_the_cover_at_once_one_is_refused(town: Town) -> None:
    message = await in_work(town)
    row = await away(town)
    await without_topics(town, town.pavel)

    done = await asyncio.gather(
        change(town, "people", town.pavel.id, active=False),
        change(town, "absences", row, active=False),
        return_exceptions=True,
    )

    assert [type(each) for each in done if isinstance(each, Exception)] == [Unfit]
    assert await left_to_nobody(TODAY) == []
    assert (await fresh(message)).executor == town.pavel.id
