"""How a term was counted is kept with the term, so that it is told by the calendar of then and not of today (R34)."""

import json
from dataclasses import dataclass
from datetime import date

from domain.production_calendar import Calendar, Skipped, Why
from domain.workdays import Count


@dataclass(frozen=True)
class Counting:
    """What the last day alone does not tell: the days skipped and why, the days that worked by exception.

    `hour` is the hour of registration that held. Every other day on the way was an ordinary working day.
    """

    hour: int
    skipped: tuple[Skipped, ...]
    working: tuple[tuple[date, str], ...]


def written(count: Count, calendar: Calendar, hour: int) -> str:
    """As the row of the term keeps it."""
    skipped = [(off.day, off.why, off.reason) for off in count.skipped]
    working = [(day, reason) for day in count.counted if (reason := calendar.why_on(day)) is not None]
    return json.dumps({"hour": hour, "skipped": skipped, "working": working}, default=str, ensure_ascii=False)


def read(kept: str) -> Counting:
    said = json.loads(kept)
    return Counting(
        hour=said["hour"],
        skipped=tuple(Skipped(date.fromisoformat(day), Why(why), reason) for day, why, reason in said["skipped"]),
        working=tuple((date.fromisoformat(day), reason) for day, reason in said["working"]),
    )


def same(one: str | None, other: str | None) -> bool:
    """Whether both say the same: PostgreSQL writes JSON in its own way."""
    return one == other or (one is not None and other is not None and read(one) == read(other))
