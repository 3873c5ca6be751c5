"""The ladder of escalation: who is told of a term and when, each step once, in the working hours of working days."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, correct_day, in_work, registered, running, submitted

from domain import executing
from domain.database import DB
from domain.directories import reading
from domain.directories.escalation import ESCALATION
from domain.directories.limits import LIMITS
from domain.errors import Unfit
from domain.escalating import escalate
from domain.keeping import keep
from domain.model import EscalationStep, Event
from domain.workdays import TOWN

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.rule("R31")]
# The answer to a message of Monday, 2 March is due on Friday the 13th; Monday the 9th is a day off.
EVE = datetime(2026, 3, 12, 9, tzinfo=TOWN)
LAST_DAY = EVE + timedelta(days=1)
MORNING_AFTER = EVE + timedelta(days=4)
THIRD = EVE + timedelta(days=6)


async def told() -> list[tuple[str, list[str]]]:
    """Every time that somebody was told of an answer: before its end or after, and who."""
    kinds = Event.kind.is_in(["term:reminder", "term:escalated"])
    rows = await Event.select(Event.kind, Event.data).where(kinds).order_by(Event.id).output(load_json=True)
    return [(row["kind"], row["data"]["whom"]) for row in rows if row["data"]["owed"] == "answer"]


async def swept(*moments: datetime) -> list[tuple[str, list[str]]]:
    for at in moments:
        await escalate(at=at)
    return await told()


async def test_the_ladder_goes_from_the_eve_to_the_head(town: Town) -> None:
    await in_work(town)

    steps = await swept(*(MONDAY + timedelta(days=day, hours=hour) for day in range(30) for hour in range(-10, 14)))

    assert steps == [
        ("term:reminder", ["executor"]),
        ("term:reminder", ["executor"]),
        ("term:escalated", ["executor", "controller"]),
        ("term:escalated", ["head"]),
    ]
    rows = await Event.select(Event.at).where(Event.kind == "term:escalated").order_by(Event.id)
    assert [row["at"] for row in rows] == [MORNING_AFTER, THIRD]


async def test_out_of_hours_and_on_days_off_nobody_is_told(town: Town) -> None:
    await in_work(town)
    await swept(EVE - HOUR)

    silent = await swept(EVE - timedelta(minutes=1), EVE + 9 * HOUR, LAST_DAY + 10 * HOUR, LAST_DAY + 25 * HOUR)

    assert silent == []


async def test_steps_that_fell_into_a_long_silence_are_told_at_once_and_as_what_they_are_by_then(town: Town) -> None:
    await in_work(town)

    assert await swept(MORNING_AFTER + HOUR) == [("term:escalated", ["executor", "controller"])]
    assert await EscalationStep.count().where(EscalationStep.due_on == LAST_DAY.date()) == 4


async def test_two_sweeps_at_once_take_each_step_once(town: Town) -> None:
    for _ in range(20):
        await in_work(town)

    await asyncio.gather(*(escalate(at=EVE) for _ in range(4)))

    assert len(await told()) == 20


async def test_what_was_told_is_never_told_again_even_when_the_ladder_looks_back(town: Town) -> None:
    await in_work(town)
    await swept(EVE)

    await DB.pool.execute("UPDATE term SET remind_at = $1 WHERE met_at IS NULL", MONDAY)

    assert await swept(EVE + HOUR) == [("term:reminder", ["executor"])]


async def test_of_a_term_that_is_met_or_void_nobody_hears(town: Town) -> None:
    accepted, returned = await registered(town), await registered(town)
    await executing.accept(accepted, by=town.pavel, at=MONDAY + 2 * HOUR)
    await executing.hand_back(returned, by=town.pavel, at=MONDAY + 2 * HOUR, justification="Not a road.")

    await escalate(at=MORNING_AFTER)

    rows = await Event.select(Event.data).where(Event.kind == "term:escalated").output(load_json=True)
    assert {row["data"]["owed"] for row in rows} == {"answer"}


async def test_a_term_counted_again_climbs_by_its_new_day(town: Town) -> None:
    message = await in_work(town)
    await swept(EVE)

    await correct_day(date(2026, 3, 13), working=False, reason="Day of the town", by=town.yulia, at=EVE + HOUR)

    assert (await running(message))["answer"] == "2026-03-16"
    assert len(await swept(EVE + 2 * HOUR, LAST_DAY)) == 1
    assert len(await swept(MORNING_AFTER)) == 2


async def test_what_nobody_has_taken_yet_is_told_by_the_same_ladder(town: Town) -> None:
    await submitted(town)

    await escalate(at=MONDAY + timedelta(days=1))

    rows = await Event.select(Event.kind, Event.data).where(Event.kind != "message:submitted").output(load_json=True)
    assert sorted((row["kind"], row["data"]["owed"]) for row in rows) == [
        ("term:escalated", "registration"),
        ("term:reminder", "decision"),
    ]


STEP = {"code": "eve-5", "workdays": -5, "whom": "coordinator", "kind": "answer", "active": True}


async def test_a_new_step_holds_for_the_terms_that_run_and_is_not_made_up_for(town: Town) -> None:
    await in_work(town)
    await swept(MONDAY + 4 * HOUR)

    await keep(ESCALATION, STEP, by=town.yulia, at=MONDAY + 5 * HOUR)
    await keep(
        ESCALATION, {**STEP, "code": "eve-9", "workdays": -9, "whom": "controller"}, by=town.yulia, at=MONDAY + 5 * HOUR
    )

    assert await swept(datetime(2026, 3, 5, 9, tzinfo=TOWN)) == [("term:reminder", ["coordinator"])]


async def test_a_step_out_of_use_is_taken_no_longer(town: Town) -> None:
    await in_work(town)
    for row in await reading.rows(ESCALATION):
        if row["code"] == "eve":
            await keep(ESCALATION, {"active": False}, row=row["id"], by=town.yulia, at=MONDAY + 5 * HOUR)

    assert await swept(EVE) == []


async def test_the_hours_of_letters_are_a_setting(town: Town) -> None:
    await in_work(town)
    (row,) = await reading.rows(LIMITS)
    await keep(LIMITS, {"letters_from": 11}, row=row["id"], by=town.yulia, at=MONDAY + 5 * HOUR)
    with pytest.raises(Unfit):
        await keep(LIMITS, {"letters_until": 11}, row=row["id"], by=town.yulia, at=MONDAY + 5 * HOUR)

    assert await swept(EVE + HOUR) == []
    assert len(await swept(EVE + 2 * HOUR)) == 1
