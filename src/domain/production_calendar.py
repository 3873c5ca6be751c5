"""The production calendar (R34, R35): which days are off and why, and the operator's corrections.

Where the days come from, the first that knows a day decides:

1. The corrections that the operator entered, either way, with their reason.
2. 1992–2027: the `holidays` package, which carries the law of each year and the decrees that moved days.
   It equals the official calendar on every day of 2022–2026. The decree it carries for 2027 has no second
   source, so 2027 is counted by it and is provisional. The days of 2020 and 2021 that the President declared
   non-working are in no production calendar and count as working.
3. Any other year: the general rule, weekends and the holidays of art. 112 as it has stood since 2013, and
   nothing moved. Such a year is provisional. The package is not asked, because it answers for a year without
   a decree as if there were one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from holidays import country_holidays

CARRIED = range(1992, 2028)  # years of which the package knows the decrees
CONFIRMED = range(1992, 2027)  # of these, the years that a second source confirms
ART_112 = {
    **{(1, day): "Новогодние каникулы" for day in (1, 2, 3, 4, 5, 6, 8)},
    (1, 7): "Рождество Христово",
    (2, 23): "День защитника Отечества",
    (3, 8): "Международный женский день",
    (5, 1): "Праздник Весны и Труда",
    (5, 9): "День Победы",
    (6, 12): "День России",
    (11, 4): "День народного единства",
}
MOVED = "выходной"  # the package names a day off that was moved by this word, a holiday never
SATURDAY = 5


class Why(StrEnum):
    """Why a day is off; also the word for it in data."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    TRANSFERRED = "transferred"  # a day off that the law or a decree moved here
    CORRECTION = "correction"  # the operator says so


@dataclass(frozen=True)
class Skipped:
    """A day off; `reason` is its published Russian name, or the operator's words, or empty for a weekend."""

    day: date
    why: Why
    reason: str = ""


@dataclass(frozen=True)
class Correction:
    """A day that the operator moved off or on."""

    day: date
    working: bool
    reason: str


@dataclass(frozen=True)
class Calendar:
    """The official calendar and the corrections that win over it."""

    corrections: tuple[Correction, ...] = ()
    loaded: frozenset[int] = frozenset()  # years whose official calendar the operator has brought in
    by_day: Mapping[date, Correction] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_day", {correction.day: correction for correction in self.corrections})

    def why_off(self, day: date) -> Skipped | None:
        """The reason that a day is off, None for a working day."""
        correction = self.by_day.get(day)
        if correction is None:
            return official_day_off(day)
        return None if correction.working else Skipped(day, Why.CORRECTION, correction.reason)

    def is_workday(self, day: date) -> bool:
        return self.why_off(day) is None

    def why_on(self, day: date) -> str | None:
        """Why a day works that others expect to be off: the operator's words, or empty for a decree; None otherwise."""
        correction = self.by_day.get(day)
        if correction is not None:
            return correction.reason if correction.working else None
        return "" if day.weekday() >= SATURDAY and official_day_off(day) is None else None

    def is_official(self, year: int) -> bool:
        """Whether the calendar of the year is published and confirmed (R35)."""
        return year in CONFIRMED or year in self.loaded


@lru_cache(4096)
def official_day_off(day: date) -> Skipped | None:
    """Asked for each day that each term on a page counts, always the same few weeks."""
    names, working_weekends = official_year(day.year)
    if name := names.get(day):
        return Skipped(day, Why.TRANSFERRED if MOVED in name.lower() else Why.HOLIDAY, name)
    if day.weekday() >= SATURDAY and day not in working_weekends:
        return Skipped(day, Why.WEEKEND)
    return None


@cache
def official_year(year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """The named days off of a year, and the weekend days that work in it."""
    if year not in CARRIED:
        return {date(year, month, day): name for (month, day), name in ART_112.items()}, frozenset()
    book = country_holidays("RU", years=year, language="ru")
    return dict(book), frozenset(book.weekend_workdays)
