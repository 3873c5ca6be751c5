"""The rules that the operator may set: the production calendar with its corrections, and the lengths of terms (R34)."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from domain.model import Revision, Setting
from domain.workdays import Calendar, Correction


@dataclass(frozen=True)
class Limits:
    """Lengths in working days unless the name says otherwise; the hours are those of the town's day."""

    registration_hour: int = 17
    rework_workdays: int = 3
    follow_up_workdays: int = 3
    rating_days: int = 30
    letters_from: int = 9
    letters_until: int = 18
    files_bytes: int = 50 * 2**20
    photo_metres: int = 300
    clarifying: bool = False
    clarifying_workdays: int = 1
    clarifying_ground: int | None = None  # the id of a ground
    commission_on: str = "failed_rework"
    quorum_percent: int = 50
    quorum_both_sides: bool = True


@dataclass(frozen=True)
class Rulebook:
    calendar: Calendar
    limits: Limits

    def at_the_beginning(self, began_at: datetime, hours: list[tuple[datetime, int]]) -> "Rulebook":
        """Another hour of registration holds for what arrives from then on: a term keeps the one it began with."""
        hour = next((hour for until, hour in hours if began_at < until), self.limits.registration_hour)
        return replace(self, limits=replace(self.limits, registration_hour=hour))


# One statement, because every page and every verb asks it.
BOTH = """
SELECT (SELECT row_to_json(s) FROM setting s ORDER BY id LIMIT 1)::text AS limits,
       (SELECT json_agg(d ORDER BY day) FROM calendar_day d WHERE active)::text AS days,
       (SELECT json_agg(year ORDER BY year) FROM calendar_year WHERE active)::text AS years
"""


async def rulebook() -> Rulebook:
    """Read the rules as they are now, so that a correction holds at once."""
    (row,) = await Setting.raw(BOTH)
    return written(row["limits"] or "{}", row["days"] or "[]", row["years"] or "[]")


@lru_cache(4)
def written(limits: str, days: str, years: str) -> Rulebook:
    """What these texts say; kept, because they are read on every page and change a few times a year."""
    row = json.loads(limits)
    known = {name: row[name] for name in Limits.__dataclass_fields__ if name in row}
    return Rulebook(calendar_of(json.loads(days), json.loads(years)), Limits(**known))


def calendar_of(days: list[dict[str, Any]], years: list[int]) -> Calendar:
    return Calendar(
        tuple(Correction(date.fromisoformat(d["day"]), d["working"], d["reason"]) for d in days), frozenset(years)
    )


EARLIER_HOURS = """
SELECT applied_at, (was->>'registration_hour')::int AS hour FROM revision
WHERE directory = 'limits' AND was->>'registration_hour' IS NOT NULL AND applied_at IS NOT NULL ORDER BY applied_at
"""


async def earlier_hours() -> list[tuple[datetime, int]]:
    """Until when which hour of registration held, before the one that holds now."""
    return [(row["applied_at"], row["hour"]) for row in await Revision.raw(EARLIER_HOURS)]
