"""Whoever is away has a deputy, who sees and does what they would (§4.1): one question, asked anew at every request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.model import Absence

# Beside the columns of a person `person`: whose cases this person takes on, on the day that is given.
STANDS_IN_FOR = """
ARRAY(SELECT a.person FROM absence a WHERE a.deputy = person.id AND a.active
      AND {} BETWEEN a.first_day AND a.last_day ORDER BY a.person) AS stands_in_for
"""
DEPUTIES = """
SELECT a.person AS of, deputy.id, deputy.name, deputy.email FROM absence a JOIN person deputy ON deputy.id = a.deputy
WHERE a.active AND {} BETWEEN a.first_day AND a.last_day AND deputy.active AND deputy.email IS NOT NULL
AND a.person = ANY({}::bigint[])
"""


@dataclass(frozen=True)
class Deputy:
    id: int
    name: str
    email: str


async def deputies(people: Sequence[int], on: date) -> dict[int, Deputy]:
    """Who stands in on that day for these officials, of those who have an address."""
    rows = await Absence.raw(DEPUTIES, on, list(people))
    return {row["of"]: Deputy(row["id"], row["name"], row["email"]) for row in rows}
