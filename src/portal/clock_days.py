"""The days of a term as people are shown them: a bar of working days, and how its last day was counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

from babel.dates import get_day_names

from domain.counting import Counting
from domain.wording import N_, translations
from domain.workdays import Calendar, Skipped, Why, workday_before

State = Literal["done", "now", "left", "due", "over"]
WEEKEND = N_("weekend")
CORRECTED = N_("correction of the calendar: %(reason)s")
MOVED_HERE = N_("a working day moved here")
OVER_AT_MOST = 10  # cells of delay that still fit beside the term


@dataclass(frozen=True)
class Cell:
    """One working day of the bar; `mon` where a new week begins."""

    d: State
    date: date
    dow: str
    mon: bool


@dataclass(frozen=True)
class ExplainedDay:
    """One day on the way: its number in the term, 0 for the day it is counted from, None for a day skipped."""

    date: date
    dow: str
    number: int | None
    note: str


@cache
def weekdays(language: str) -> tuple[str, ...]:
    names = get_day_names("abbreviated", locale=language)
    return tuple(names[day] for day in range(7))


# The rows of a queue share their last days, so that one page asks for the same few bars again and again.
@lru_cache(4096)
def cells(calendar: Calendar, due_on: date, limit: int, *, until: date, met: bool, language: str) -> tuple[Cell, ...]:
    """The `limit` working days that end with the last one, then the days run over, up to a day (mostly today)."""
    days = [*term_days(calendar, due_on, limit), *days_over(calendar, due_on, until)[-OVER_AT_MOST:]]
    weeks = [day.isocalendar()[:2] for day in days]
    return tuple(
        Cell(
            state_of(day, due_on, until, met),
            day,
            weekdays(language)[day.weekday()],
            place > 0 and weeks[place] != weeks[place - 1],
        )
        for place, day in enumerate(days)
    )


def term_days(calendar: Calendar, due_on: date, limit: int) -> list[date]:
    """Counted back from the last day, so that the bar shows the term as it was set, whatever was corrected since."""
    days = [due_on]
    while len(days) < limit:
        days.append(workday_before(calendar, days[-1], 1))
    return days[::-1]


def days_over(calendar: Calendar, due_on: date, until: date) -> list[date]:
    return [day for day in each_day(due_on + timedelta(days=1), until) if calendar.is_workday(day)]


def each_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(step) for step in range((last - first).days + 1))


def state_of(day: date, due_on: date, until: date, met: bool) -> State:
    if day > due_on:
        return "over"
    if day < until or (met and day == until):
        return "done"
    if day == until:
        return "now"
    return "due" if day == due_on else "left"


def explained(
    counting: Counting, opened_on: date, due_on: date, limit: int, *, language: str
) -> tuple[ExplainedDay, ...]:
    """Every day from the event to the last day of its term as it was counted then: the last `limit` that were not
    skipped carry the numbers, and what comes before them is what they are counted from.
    """
    off, working = {each.day: each for each in counting.skipped}, dict(counting.working)
    days = [*each_day(min(opened_on, due_on), due_on)]
    numbered = [day for day in days if day not in off][-limit:]
    numbers = {day: number for number, day in enumerate(numbered, start=1)}
    return tuple(
        ExplainedDay(
            day,
            weekdays(language)[day.weekday()],
            None if day in off else numbers.get(day, 0),
            note_of(off.get(day), working.get(day), language),
        )
        for day in days
    )


def note_of(off: Skipped | None, working: str | None, language: str) -> str:
    """Why a day was skipped, or why it was counted although others would expect it to be off."""
    words = translations(language)
    if off is None:
        if working is None:
            return ""
        return words.gettext(CORRECTED) % {"reason": working} if working else words.gettext(MOVED_HERE)
    if off.why == Why.CORRECTION:
        return words.gettext(CORRECTED) % {"reason": off.reason}
    return words.gettext(WEEKEND) if off.why == Why.WEEKEND else off.reason
