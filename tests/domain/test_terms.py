"""A term is a row: missed once, reminded of once, counted again when the calendar is corrected (R31, R34)."""

import asyncio
from datetime import date, datetime

import pytest
from tests.bench.watching import watching
from tests.people import MONDAY, Town
from tests.stories import HOUR, answered, correct_day, in_work, journal, registered, running, submitted, told

from domain import escalating, terms
from domain.directories import reading
from domain.directories.calendar import CALENDAR_DAYS, CALENDAR_YEARS
from domain.directories.limits import LIMITS
from domain.errors import NotAllowed, Unfit
from domain.keeping import keep
from domain.model import Event, Term
from domain.recounting import recount_late_comers
from domain.rulebook import rulebook
from domain.terms import Owed
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")
WEDNESDAY = datetime(2026, 3, 4, tzinfo=TOWN)  # the first late instant of what was due on Tuesday


async def owed_in(kind: str) -> list[str]:
    rows = await Event.select(Event.data).where(Event.kind == kind).order_by(Event.id).output(load_json=True)
    return sorted(row["data"]["owed"] for row in rows)


@pytest.mark.rule("R31")
async def test_a_missed_duty_is_told_with_the_first_late_instant(town: Town) -> None:
    await registered(town)

    before = await terms.miss_due(at=WEDNESDAY - HOUR)
    after = await terms.miss_due(at=WEDNESDAY)

    assert (before, after) == (0, 1)
    assert await owed_in("term:missed") == ["acceptance"]


@pytest.mark.rule("R31")
async def test_two_sweeps_at_once_say_it_once(town: Town) -> None:
    for hour in range(10):
        await registered(town, at=MONDAY + hour * HOUR)

    found = await asyncio.gather(*(terms.miss_due(at=WEDNESDAY) for _ in range(6)))

    assert sum(found) == 10
    assert len(await owed_in("term:missed")) == 10


@pytest.mark.rule("R31")
async def test_missing_one_term_does_not_hide_the_next(town: Town) -> None:
    message = await registered(town)
    await terms.miss_due(at=WEDNESDAY)

    await terms.miss_due(at=datetime(2026, 3, 14, tzinfo=TOWN))

    assert await owed_in("term:missed") == ["acceptance", "answer"]
    assert await running(message) == {"return": "2026-03-03"}


@pytest.mark.rule("R31")
async def test_what_is_met_in_time_is_never_missed(town: Town) -> None:
    await answered(town)

    assert await terms.miss_due(at=datetime(2026, 3, 20, tzinfo=TOWN)) == 0


@pytest.mark.rule("R31")
async def test_a_term_met_late_keeps_both_moments(town: Town) -> None:
    message = await submitted(town)
    await terms.miss_due(at=WEDNESDAY)

    await terms.meet(message, Owed.REGISTRATION, at=WEDNESDAY + HOUR)

    term = await Term.objects().get((Term.message == message.id) & (Term.kind == Owed.REGISTRATION))
    assert (term.missed_at, term.met_at) == (WEDNESDAY, WEDNESDAY + HOUR)


@pytest.mark.rule("R12")
async def test_the_right_to_hand_back_ends_in_silence(town: Town) -> None:
    message = await in_work(town)

    await terms.end_returns(at=WEDNESDAY)

    assert await running(message) == {"answer": "2026-03-13"}
    assert await owed_in("term:missed") == []


@pytest.mark.rule("R34")
async def test_a_corrected_day_moves_every_running_clock_and_the_journal_says_so(town: Town) -> None:
    message = await in_work(town)

    await correct_day(date(2026, 3, 10), working=False, reason="Day of the town", by=town.yulia, at=MONDAY)

    assert (await running(message))["answer"] == "2026-03-16"
    event = await told(message, "term:recounted")
    assert (event.data["was"], event.data["is"], event.actor) == ("2026-03-13", "2026-03-16", town.yulia.id)


@pytest.mark.rule("R34")
async def test_a_day_turned_back_brings_the_clocks_back(town: Town) -> None:
    message = await in_work(town)
    await correct_day(date(2026, 3, 10), working=False, reason="By mistake", by=town.yulia, at=MONDAY)

    await correct_day(date(2026, 3, 10), working=True, reason="Mended", by=town.yulia, at=MONDAY)

    assert (await running(message))["answer"] == "2026-03-13"
    assert (await journal(message)).count("term:recounted") == 2


@pytest.mark.rule("R34")
async def test_a_term_that_opened_while_the_calendar_was_corrected_is_counted_soon_after(town: Town) -> None:
    message = await in_work(town)
    await correct_day(date(2026, 3, 10), working=False, reason="Day of the town", by=town.yulia, at=MONDAY)
    of_the_answer = (Term.message == message.id) & (Term.kind == "answer")
    await Term.update({Term.due_on: date(2026, 3, 13)}).where(of_the_answer)  # as its move had read the calendar

    much_later = await recount_late_comers(await rulebook(), at=MONDAY + HOUR)
    soon = await recount_late_comers(await rulebook(), at=MONDAY + HOUR / 60)

    assert (much_later, soon) == (0, 1)
    assert (await running(message))["answer"] == "2026-03-16"


@pytest.mark.rule("R34")
async def test_a_correction_asks_the_database_no_more_often_for_many_terms_than_for_one(town: Town) -> None:
    await in_work(town)
    with watching() as one:
        await correct_day(date(2026, 3, 10), working=False, reason="Day of the town", by=town.yulia, at=MONDAY)
    messages = [await in_work(town) for _ in range(5)]

    with watching() as many:
        await correct_day(date(2026, 3, 11), working=False, reason="Another", by=town.yulia, at=MONDAY)

    assert len(many) <= len(one)
    assert {(await running(message))["answer"] for message in messages} == {"2026-03-17"}
    assert [(await journal(message)).count("term:recounted") for message in messages] == [1] * 5


@pytest.mark.rule("R31", "R34")
async def test_a_day_that_moved_away_is_reminded_of_once_more(town: Town) -> None:
    await in_work(town)
    the_eve = datetime(2026, 3, 12, 9, 0, tzinfo=TOWN)
    await escalating.escalate(at=the_eve)

    await correct_day(date(2026, 3, 11), working=False, reason="Day of the town", by=town.yulia, at=the_eve + HOUR)

    await escalating.escalate(at=the_eve + 2 * HOUR)
    assert await owed_in("term:reminder") == ["answer"]
    await escalating.escalate(at=the_eve + 24 * HOUR)
    assert await owed_in("term:reminder") == ["answer", "answer"]


@pytest.mark.rule("R34")
async def test_what_was_decided_before_is_not_counted_again(town: Town) -> None:
    await answered(town)
    settled = Term.met_at.is_not_null()
    before = await Term.select(Term.id, Term.due_on).where(settled).order_by(Term.id)

    await correct_day(date(2026, 3, 3), working=False, reason="Day of the town", by=town.yulia, at=MONDAY)

    assert await Term.select(Term.id, Term.due_on).where(settled).order_by(Term.id) == before


@pytest.mark.rule("R34")
async def test_only_the_operator_corrects_and_says_why(town: Town) -> None:
    with pytest.raises(NotAllowed):
        await correct_day(date(2026, 3, 10), working=False, reason="A wish", by=town.marina, at=MONDAY)
    with pytest.raises(Unfit):
        CALENDAR_DAYS.read({"day": "2026-03-10", "working": "no", "reason": " ", "active": "yes"})


@pytest.mark.rule("R34")
async def test_a_correction_taken_back_is_what_the_calendar_says(town: Town) -> None:
    message = await in_work(town)
    await correct_day(date(2026, 3, 10), working=False, reason="By mistake", by=town.yulia, at=MONDAY)
    (row,) = await reading.rows(CALENDAR_DAYS)

    await keep(CALENDAR_DAYS, {"active": False}, row=row["id"], by=town.yulia, at=MONDAY)

    assert (await running(message))["answer"] == "2026-03-13"


@pytest.mark.rule("R35")
async def test_a_year_is_no_longer_provisional_once_its_calendar_is_loaded(town: Town) -> None:
    message = await submitted(town, at=datetime(2028, 5, 15, 10, tzinfo=TOWN))

    year = {"year": 2028, "basis": "A decree", "active": True}
    await keep(CALENDAR_YEARS, year, by=town.yulia, at=datetime(2028, 5, 15, 11, tzinfo=TOWN))

    rows = await Term.select(Term.provisional).where(Term.message == message.id)
    assert [row["provisional"] for row in rows] == [False, False]
    assert (await journal(message)).count("term:recounted") == 2


@pytest.mark.rule("R05", "R34")
async def test_another_hour_of_registration_holds_for_what_arrives_from_then_on(town: Town) -> None:
    before = await submitted(town, at=MONDAY.replace(hour=14))
    (row,) = await reading.rows(LIMITS)
    await keep(LIMITS, {"registration_hour": 14}, row=row["id"], by=town.yulia, at=MONDAY.replace(hour=15))
    after = await submitted(town, at=MONDAY.replace(hour=16))

    await correct_day(date(2026, 12, 1), working=False, reason="Far away", by=town.yulia, at=MONDAY.replace(hour=16))

    assert (await running(before))["registration"] == f"{MONDAY:%Y-%m-%d}"
    assert (await running(after))["registration"] > f"{MONDAY:%Y-%m-%d}"


@pytest.mark.rule("R34")
async def test_there_is_one_row_of_limits_and_the_regulation_bounds_it(town: Town) -> None:
    with pytest.raises(Unfit):
        LIMITS.read({"rework_workdays": "4"}, known={"rework_workdays": 3})
    (row,) = await reading.rows(LIMITS)
    row.pop("id")
    with pytest.raises(Unfit):
        await keep(LIMITS, {**row, "code": "second"}, by=town.yulia, at=MONDAY)


@pytest.mark.rule("R35")
async def test_a_term_that_reaches_into_an_unofficial_year_is_marked(town: Town) -> None:
    message = await submitted(town, at=datetime(2028, 5, 15, 10, tzinfo=TOWN))

    rows = await Term.select(Term.provisional).where(Term.message == message.id)

    assert [row["provisional"] for row in rows] == [True, True]
