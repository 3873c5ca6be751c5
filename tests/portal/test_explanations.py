"""How a last day was counted is told day by day, as it was counted then, and agrees with the count (R34)."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as setting
from hypothesis import strategies as st
from tests.domain.test_workdays_properties import lengths, near
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words
from tests.stories import (
    HOUR,
    answered,
    correct_day,
    decided,
    in_commission,
    in_work,
    registered,
    shared,
    submitted,
    taken_to_the_answer,
)

from domain import counting, terms
from domain.answering import Written
from domain.directories import reading
from domain.directories.limits import LIMITS
from domain.invitations import Invitation, sign
from domain.keeping import keep
from domain.model import Answer, CaseFile, Message, Term
from domain.moderating import register
from domain.rulebook import Limits, Rulebook
from domain.terms import Owed
from domain.workdays import TOWN, Calendar, Correction, Count, in_town
from portal.clock_days import explained
from portal.clocks import limit_of
from portal.explanations import explanation

OFFICIAL = Calendar()
HOW = "Как посчитали эту дату"


def town_time(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=TOWN)


def term(kind: Owed, opened: datetime, days: int | None, calendar: Calendar = OFFICIAL, hour: int = 17) -> Any:
    """A row of `term` as the domain counts it, without its table."""
    book = Rulebook(calendar, Limits(registration_hour=hour))
    count = terms.count(kind, book, opened, days)
    row = terms.owed(kind, Message(id=1, _ignore_missing=True), book, at=opened, days=days)
    return SimpleNamespace(**row._asdict(), id=7, met_at=None, missed_at=None, void_at=None), count


def told(kind: Owed, opened: str, days: int | None = None, **more: Any) -> str:
    row, _ = term(kind, town_time(opened), days, **more)
    return " ".join(explanation(row, (), language="ru").sentences)


def days_of(kind: Owed, opened: str, days: int | None = None, **more: Any) -> list[tuple[int, int | None, str]]:
    row, _ = term(kind, town_time(opened), days, **more)
    return [(day.date.day, day.number, day.note) for day in explanation(row, (), language="ru").days]


def agrees(row: Any, count: Count) -> bool:
    """The numbered days are the counted ones in their order; the skipped stand with their reasons, and no others."""
    days = explanation(row, (), language="ru").days
    numbered = [day for day in days if day.number]
    off = [day.date for day in days if day.number is None]
    return (
        tuple(day.date for day in numbered) == count.counted
        and [day.number for day in numbered] == list(range(1, len(count.counted) + 1))
        and off == [skipped.day for skipped in count.skipped]
        and days[-1].date == count.due_on
        and all(day.note for day in days if day.number is None)
    )


@pytest.mark.rule("R34", "R30", "R05", "R06")
@setting(deadline=None)  # the first example loads the catalogues
@given(near(), lengths, st.sampled_from([Owed.REGISTRATION, Owed.DECISION, Owed.ANSWER, Owed.REWORK]))
def test_the_explanation_equals_the_count_in_every_calendar(
    given_: tuple[Calendar, datetime], n: int, kind: Owed
) -> None:
    calendar, moment = given_

    row, count = term(kind, moment, n if kind in (Owed.ANSWER, Owed.REWORK) else None, calendar)

    assert agrees(row, count)


@pytest.mark.rule("R34")
@setting(deadline=None)
@given(near(), lengths, st.lists(st.tuples(st.integers(-5, 45), st.booleans()), max_size=6))
def test_what_was_kept_is_told_the_same_whatever_is_corrected_later(
    given_: tuple[Calendar, datetime], n: int, later: list[tuple[int, bool]]
) -> None:
    calendar, moment = given_
    row, count = term(Owed.ANSWER, moment, n, calendar)
    places = [(in_town(moment).date() + timedelta(days=place), working) for place, working in later]
    corrected = Calendar((*calendar.corrections, *(Correction(day, working, "позже") for day, working in places)))

    again, recounted = term(Owed.ANSWER, moment, n, corrected)

    assert agrees(row, count)
    assert agrees(again, recounted)


def test_every_day_is_numbered_or_says_why_not() -> None:
    calendar = Calendar((Correction(date(2026, 11, 5), False, "День города"),))

    assert days_of(Owed.REWORK, "2026-11-02T10:00", 3, calendar=calendar) == [
        (2, 0, ""),
        (3, 1, ""),
        (4, None, "День народного единства"),
        (5, None, "поправка календаря: День города"),
        (6, 2, ""),
        (7, None, "выходной"),
        (8, None, "выходной"),
        (9, 3, ""),
    ]


def test_a_day_that_works_by_exception_says_so() -> None:
    by_operator = Calendar((Correction(date(2026, 11, 7), True, "за 5 ноября"),))

    assert days_of(Owed.ACCEPTANCE, "2026-11-06T10:00", 1, calendar=by_operator)[-1] == (
        7,
        1,
        "поправка календаря: за 5 ноября",
    )
    assert days_of(Owed.ACCEPTANCE, "2024-04-26T10:00", 1)[-1] == (27, 1, "рабочий день по переносу")


@pytest.mark.rule("R04", "R06")
def test_the_decision_is_told_from_the_moment_of_sending() -> None:
    days = days_of(Owed.DECISION, "2026-11-21T10:00")

    assert [(day, number) for day, number, _ in days] == [(21, None), (22, None), (23, 0), (24, 1), (25, 2)]
    assert "моментом отправки считается начало первого рабочего дня после него, 23 ноября" in told(
        Owed.DECISION, "2026-11-21T10:00"
    )
    assert "нерабочий" not in told(Owed.DECISION, "2026-11-23T18:00")


@pytest.mark.rule("R05")
def test_the_hour_of_registration_is_said_as_it_held_then() -> None:
    assert "до 17:00 рабочего дня" in told(Owed.REGISTRATION, "2026-11-23T16:59:59")
    assert "в 17:00 или позже" in told(Owed.REGISTRATION, "2026-11-23T17:00")
    assert "в 14:00 или позже" in told(Owed.REGISTRATION, "2026-11-23T15:00", hour=14)
    assert "первый рабочий день" in told(Owed.REGISTRATION, "2026-11-22T12:00")


@pytest.mark.rule("R23")
def test_calendar_days_are_said_to_be_calendar_days() -> None:
    assert "30 календарных дней: выходные тоже считаются" in told(Owed.RATING, "2026-11-01T11:00", 30)
    assert days_of(Owed.RATING, "2026-11-01T11:00", 30) == []


@pytest.mark.rule("R22", "R23")
async def test_a_rating_that_a_promise_ends_says_so(town: Town) -> None:
    written = Written(outcome="planned", text="New asphalt.", planned_on=date(2026, 3, 10))
    rows = await terms_by_kind(await answered(town, written=written))

    why = explanation(rows["rating"], (), language="ru")

    assert "заканчивается до обещанного дня" in " ".join(why.sentences)


@pytest.mark.rule("R27", "R22", "R11")
@pytest.mark.parametrize(
    ("kind", "who"), [(Owed.INSTRUCTION, "комиссия"), (Owed.PROMISE, "исполнитель"), (Owed.PART, "исполнитель")]
)
def test_a_named_day_is_said_to_be_named_and_by_whom(kind: Owed, who: str) -> None:
    due = date(2026, 3, 20)
    row = Term(id=7, message=1, kind=kind, opened_at=MONDAY, due_on=due, runs_out_at=MONDAY + 400 * HOUR)

    why = explanation(row, (), language="ru")

    assert who in why.sentences[0]
    assert "Календарь его не сдвигает" in why.sentences[0]
    assert why.days == ()


@pytest.mark.rule("R35")
def test_only_a_year_without_an_official_calendar_is_provisional() -> None:
    provisional, _ = term(Owed.ANSWER, town_time("2028-05-15T10:00"), 8)
    official, _ = term(Owed.ANSWER, town_time("2026-05-15T10:00"), 8)

    assert "предварительная" in (explanation(provisional, (), language="ru").provisional or "")
    assert explanation(official, (), language="ru").provisional is None


async def terms_by_kind(message: Message) -> dict[str, Term]:
    rows = await Term.objects().where(Term.message == message.id).order_by(Term.id)
    return {row.kind: row for row in rows}


def span(row: Term) -> list[tuple[date, int | None]]:
    kept = counting.read(row.counting)
    days = explained(kept, in_town(row.opened_at).date(), row.due_on, limit_of(row), language="ru")
    return [(day.date, day.number) for day in days]


@pytest.mark.rule("R34")
async def test_a_term_met_before_the_correction_is_told_as_it_was_counted_then(town: Town) -> None:
    message = await answered(town)
    before = span((await terms_by_kind(message))["answer"])

    await correct_day(date(2026, 3, 4), working=False, reason="День города", by=town.yulia, at=MONDAY + 10 * HOUR)

    assert span((await terms_by_kind(message))["answer"]) == before
    assert (date(2026, 3, 4), 2) in before


@pytest.mark.rule("R34")
async def test_a_running_term_is_told_by_the_new_calendar_also_where_the_day_stays(town: Town) -> None:
    message = await in_work(town)
    sunday, tuesday = date(2026, 3, 8), date(2026, 3, 10)

    await correct_day(tuesday, working=False, reason="День города", by=town.yulia, at=MONDAY + 4 * HOUR)
    await correct_day(sunday, working=True, reason="за вторник", by=town.yulia, at=MONDAY + 5 * HOUR)

    row = (await terms_by_kind(message))["answer"]
    assert row.due_on == date(2026, 3, 13)
    assert (tuesday, None) in span(row)
    assert dict(span(row))[sunday] is not None


@pytest.mark.rule("R05", "R34")
async def test_another_hour_does_not_retell_what_arrived_before(town: Town) -> None:
    message = await submitted(town, at=MONDAY.replace(hour=15))
    (row,) = await reading.rows(LIMITS)

    await keep(LIMITS, {"registration_hour": 14}, row=row["id"], by=town.yulia, at=MONDAY.replace(hour=16))
    await correct_day(date(2026, 3, 5), working=False, reason="Далеко", by=town.yulia, at=MONDAY.replace(hour=16))

    why = explanation((await terms_by_kind(message))["registration"], (), language="ru")
    assert "до 17:00" in " ".join(why.sentences)


@pytest.mark.rule("R34", "R31")
async def test_everybody_who_opens_a_case_finds_how_its_dates_were_counted(
    town: Town, browser: Browser, clock: Clock
) -> None:
    message = await in_work(town)
    await correct_day(date(2026, 3, 10), working=False, reason="День города", by=town.yulia, at=MONDAY + 4 * HOUR)
    clock.forward(hours=6)
    desks = [(town.anna, "messages"), (town.pavel, "execution"), (town.marina, "moderation"), (town.elena, "control")]

    for who, desk in desks:
        page = words((await (await browser.sign_in(who)).get(f"/{desk}/{message.id}")).text)

        assert HOW in page
        assert "10 марта, вт не считается: поправка календаря: День города" in page
        assert "Пересчитано 2 марта, 14:00: исправлен календарь; было 13 марта, стало 16 марта." in page


@pytest.mark.rule("R34", "R10")
async def test_the_public_card_and_the_letters_page_explain_their_dates_too(
    town: Town, browser: Browser, clock: Clock, settings: Any
) -> None:
    message = await submitted(town)
    await register(message, by=town.marina, at=MONDAY + HOUR, public_text="A hole.")
    await taken_to_the_answer(town, message)
    clock.forward(hours=20)
    answer = await Answer.objects().get(Answer.message == message.id)
    link = sign(Invitation(answer.id, town.anna.id), settings.secret_key, at=clock.now)

    public = words((await browser.get(f"/publications/{message.number}")).text)
    by_letter = words((await browser.get(f"/answers/{link}")).text)

    assert HOW in public
    assert "Отсчитано 8 рабочих дней" in public
    assert "выходные тоже считаются" in by_letter
    assert town.anna.name not in public


@pytest.mark.rule("R35")
async def test_only_officials_are_told_that_a_date_is_provisional(town: Town, browser: Browser, clock: Clock) -> None:
    clock.now = datetime(2028, 5, 15, 10, tzinfo=TOWN)
    message = await registered(town, at=clock.now)
    clock.forward(hours=2)

    at_the_desk = words((await (await browser.sign_in(town.elena)).get(f"/control/{message.id}")).text)
    at_home = words((await (await browser.sign_in(town.anna)).get(f"/messages/{message.id}")).text)

    assert "дата предварительная" in at_the_desk
    assert "предварительн" not in at_home


@pytest.mark.rule("R27")
async def test_the_frozen_file_of_the_commission_keeps_how_it_was_counted(
    town: Town, browser: Browser, clock: Clock
) -> None:
    message = await in_commission(town)
    file = await CaseFile.objects().get(CaseFile.message == message.id)
    clock.forward(days=5)
    await correct_day(date(2026, 3, 3), working=False, reason="День города", by=town.yulia, at=clock.now)

    page = words((await (await browser.sign_in(town.lidia)).get(f"/commission/cases/{file.id}")).text)

    assert HOW in page
    assert "3 марта, вт день 1" in page
    assert "День города" not in page


@pytest.mark.rule("R27")
async def test_an_instruction_and_a_promise_say_who_named_the_day(town: Town, browser: Browser, clock: Clock) -> None:
    in_the_commission = await in_commission(town)
    await decided(town, in_the_commission, at=MONDAY + timedelta(days=7), effect="instruct")
    planned = Written(outcome="planned", text="New asphalt is laid.", planned_on=date(2026, 4, 4))
    promised = await answered(town, at=MONDAY + timedelta(days=1), written=planned)
    clock.forward(days=8)
    await browser.sign_in(town.anna)

    instructed = words((await browser.get(f"/messages/{in_the_commission.id}")).text)
    planned_page = words((await browser.get(f"/messages/{promised.id}")).text)

    assert "Этот день назвала комиссия" in instructed
    assert "Этот день исполнитель назвал в ответе" in planned_page


@pytest.mark.rule("R11")
async def test_a_co_executor_reads_who_named_their_day(town: Town, browser: Browser, clock: Clock) -> None:
    part = await shared(town)
    clock.forward(hours=5)

    page = words((await (await browser.sign_in(town.sergey)).get(f"/execution/{part.message}")).text)

    assert "этот день назвал ответственный исполнитель" in page
