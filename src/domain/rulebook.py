"""The rules that the operator may set: the production calendar with its corrections, and the lengths of terms (R34)."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from domain.model import Setting
from domain.workdays import Calendar, Correction


@dataclass(frozen=True)
class Limits:
    """Lengths in working days unless the name says otherwise; `registration_hour` is an hour of the town's day."""

    registration_hour: int = 17
    rework_workdays: int = 3
    follow_up_workdays: int = 3
    rating_days: int = 30
    reminder_workdays: int = 1
    files_bytes: int = 50 * 2**20
    clarifying: bool = False
    clarifying_workdays: int = 1
    clarifying_ground: str = "G19"
    commission_on: str = "failed_rework"
    quorum_percent: int = 50
    quorum_both_sides: bool = True


@dataclass(frozen=True)
class Rulebook:
    calendar: Calendar
    limits: Limits


# One statement, because every page and every verb asks it.
BOTH = """
SELECT (SELECT row_to_json(s) FROM setting s ORDER BY id LIMIT 1)::text AS limits,
       (SELECT json_agg(d ORDER BY day) FROM calendar_day d)::text AS days
"""


async def rulebook() -> Rulebook:
    """Read the rules as they are now, so that a correction holds at once."""
    (row,) = await Setting.raw(BOTH)
    return written(row["limits"] or "{}", row["days"] or "[]")


@lru_cache(4)
def written(limits: str, days: str) -> Rulebook:
    """What these texts say; kept, because they are read on every page and change a few times a year."""
    named = json.loads(limits)
    named.pop("id", None)
    return Rulebook(calendar_of(json.loads(days)), Limits(**named))


def calendar_of(days: list[dict[str, Any]]) -> Calendar:
    return Calendar(
        tuple(Correction(date.fromisoformat(d["day"]), d["working"], d["reason"]) for d in days),
    )
