"""The 17:00 rule and the counting of terms (§3–§5, R04–R06, R11, R12, R22, R25, R30): no database, no `now`.

A term is provisional as soon as one day that it counted or skipped lies in a year that has no official
calendar yet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.production_calendar import Calendar, Correction, Skipped, Why
from domain.wording import N_

__all__ = [
    "TOWN", "Calendar", "Correction", "Count", "Skipped", "Why", "decide_by", "first_workday", "in_days", "in_town",
    "in_workdays", "moment_of_sending", "register_by", "sending", "start_of", "workday_before",
    "working_days_between",
]  # fmt: skip

DAY = timedelta(days=1)
DECISION_WORKDAYS = 2  # R06
OFF_IN_A_ROW = 400  # more days off than this are a mistake in the corrections, not a calendar
OUTSIDE = N_("The term reaches beyond the years that a calendar can hold.")


def town_zone() -> ZoneInfo:
    """The town's zone, or a refusal to start: time zone data older than 2020f is an hour wrong here."""
    zone = ZoneInfo("Europe/Volgograd")
    if datetime(2026, 7, 15, tzinfo=zone).utcoffset() != timedelta(hours=3):
        raise RuntimeError("The time zone data is out of date: Volgograd has been UTC+3 since December 2020.")
    return zone


TOWN = town_zone()


@dataclass(frozen=True)
class Count:
    """A term as counted: its last day and every day that led there, counted or skipped."""

    due_on: date
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...] = ()
    provisional: bool = False

    def __post_init__(self) -> None:
        day_after(self.due_on)  # a term whose end cannot be told is refused here, not where it is read

    @property
    def ends_at(self) -> datetime:
        """The last second of the last day."""
        return datetime.combine(self.due_on, time(23, 59, 59), TOWN)

    @property
    def runs_out_at(self) -> datetime:
        """The first late instant."""
        return start_of(day_after(self.due_on))


def moment_of_sending(calendar: Calendar, moment: datetime) -> datetime:
    """The instant of arrival on a working day, else the start of the first working day after it (R04)."""
    return sending(calendar, moment)[0]


def sending(calendar: Calendar, moment: datetime) -> tuple[datetime, Count]:
    """The moment of sending, and the days on which it was looked for."""
    arrived = in_town(moment)
    day, skipped = first_workday(calendar, arrived.date())
    return start_of(day) if skipped else arrived, tally(calendar, (day,), skipped)


def register_by(calendar: Calendar, moment: datetime, hour: int = 17) -> Count:
    """Before the hour of a working day that very day, otherwise the next working day (R05)."""
    arrived = in_town(moment)
    today = arrived.date()
    late = calendar.is_workday(today) and arrived.hour >= hour
    day, skipped = first_workday(calendar, day_after(today) if late else today)
    return tally(calendar, (day,), skipped)


def decide_by(calendar: Calendar, moment: datetime) -> Count:
    """The end of the second working day after the day of the moment of sending (R06)."""
    sent_at, before = sending(calendar, moment)
    count = in_workdays(calendar, sent_at, DECISION_WORKDAYS)
    return tally(calendar, count.counted, before.skipped + count.skipped)


def in_workdays(calendar: Calendar, moment: datetime, n: int) -> Count:
    """The end of the N-th working day after the local day of the event, which is day 0, working or not."""
    if n < 1:
        raise ValueError("A term is counted in at least one working day.")
    day = in_town(moment).date()
    counted: list[date] = []
    skipped: list[Skipped] = []
    while len(counted) < n:
        day, passed = first_workday(calendar, day_after(day))
        counted.append(day)
        skipped.extend(passed)
    return tally(calendar, tuple(counted), tuple(skipped))


def in_days(moment: datetime, n: int) -> Count:
    """The end of the N-th calendar day after the local day of the event: a rating window, a block (R23)."""
    if n < 1:
        raise ValueError("A term is counted in at least one day.")
    day = in_town(moment).date()
    counted = tuple((day := day_after(day)) for _ in range(n))
    return Count(day, counted)


def workday_before(calendar: Calendar, day: date, n: int) -> date:
    """The N-th working day before a day; the day itself for none."""
    for _ in range(n):
        day, _skipped = first_workday(calendar, day_before(day), step=day_before)
    return day


@lru_cache(4096)
def working_days_between(calendar: Calendar, after: date, until: date) -> int:
    """How many working days follow `after`, up to and including `until`; below zero if `until` came first.

    The rows of a page ask for the same few pairs of days; a corrected calendar is another calendar.
    """
    if until < after:
        return -working_days_between(calendar, until, after)
    days = (after + DAY * step for step in range(1, (until - after).days + 1))
    return sum(calendar.is_workday(day) for day in days)


def in_town(moment: datetime) -> datetime:
    """The moment on the town's clock; a moment that names no zone is refused, not guessed."""
    if moment.utcoffset() is None:
        raise ValueError(N_("The moment names no time zone."))
    try:
        return moment.astimezone(TOWN)
    except OverflowError:
        raise ValueError(OUTSIDE) from None


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), TOWN)


def day_after(day: date) -> date:
    if day == date.max:
        raise ValueError(OUTSIDE)
    return day + DAY


def day_before(day: date) -> date:
    if day == date.min:
        raise ValueError(OUTSIDE)
    return day - DAY


def first_workday(
    calendar: Calendar, day: date, step: Callable[[date], date] = day_after
) -> tuple[date, tuple[Skipped, ...]]:
    """The first working day from this one on, itself included, and the days off passed on the way."""
    skipped: list[Skipped] = []
    while off := calendar.why_off(day):
        skipped.append(off)
        if len(skipped) > OFF_IN_A_ROW:
            raise ValueError(N_("The calendar has no working day in more than a year: mend its corrections."))
        day = step(day)
    return day, tuple(skipped)


def tally(calendar: Calendar, counted: tuple[date, ...], skipped: tuple[Skipped, ...]) -> Count:
    years = {day.year for day in counted} | {off.day.year for off in skipped}
    return Count(counted[-1], counted, skipped, provisional=not all(map(calendar.is_official, years)))
