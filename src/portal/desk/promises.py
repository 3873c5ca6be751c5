"""The register of promises (§4.3, R22): every date that an answer named, and what became of it. Read only."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from domain import fates
from domain.fates import Fate, Promise
from domain.model import Answer
from domain.publicity import public_place
from domain.workdays import in_town
from portal.desk.headlines import covered
from portal.desk.hints import NAMES

ROWS = 40
BACK = timedelta(days=366)  # of older promises the cases themselves tell
AFTER = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9]{1,18})")
LAST = (date.max, 2**62)
# The promises of a year back and of all the future. From each answer along the keys: OFFSET 0 keeps a planner that has
# to guess from reading the messages and the people from end to end.
REGISTER = f"""
SELECT an.id, an.planned_on, {fates.PROMISE} AS promise, {fates.FATE} AS fate, m.id AS message, m.number,
       left(m.text, 300) AS text, {NAMES.format(message="m.id")} AS names, m.address, e.name AS executor,
       e.organisation, o.short_name,
       (SELECT count(*) - 1 FROM answer WHERE message = an.message AND outcome = 'planned' AND state = 'approved')
       AS shifts
FROM answer an CROSS JOIN LATERAL (SELECT * FROM message WHERE id = an.message OFFSET 0) m
LEFT JOIN LATERAL (SELECT * FROM person WHERE id = m.executor OFFSET 0) e ON true
LEFT JOIN organisation o ON o.id = e.organisation
{fates.DECISIVE} {fates.AFTERWARDS}
WHERE {fates.IS_A_PROMISE} AND an.planned_on >= {{}}
"""
CHOSEN = "({}::bigint IS NULL OR organisation = {}) AND ({}::text IS NULL OR fate = {})"
PAGE = f"""
SELECT * FROM ({REGISTER}) register WHERE {CHOSEN} AND (planned_on, id) < ({{}}, {{}})
ORDER BY planned_on DESC, id DESC LIMIT {ROWS + 1}
"""
COUNTS = f"""
SELECT organisation, short_name, fate, count(*) AS promises
FROM ({REGISTER}) register GROUP BY 1, 2, 3 ORDER BY short_name
"""


@dataclass(frozen=True)
class Filters:
    """What the register is narrowed to; an address is typed by whoever sends it, so what is no filter is none."""

    fate: Fate | None = None
    organisation: int | None = None
    after: tuple[date, int] = LAST

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Self:
        fate, organisation = query.get("fate", ""), query.get("organisation", "")
        return cls(
            Fate(fate) if fate in set(Fate) else None,
            int(organisation) if re.fullmatch(r"[0-9]{1,18}", organisation) else None,
            key_of(query.get("after", "")),
        )

    def link(self, **other: Any) -> str:
        chosen = {"organisation": self.organisation, "fate": self.fate, **other}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"/control/promises?{query}" if query else "/control/promises"


def key_of(after: str) -> tuple[date, int]:
    try:
        found = AFTER.fullmatch(after)
        return (date.fromisoformat(found[1]), int(found[2])) if found else LAST
    except ValueError:
        return LAST


@dataclass(frozen=True)
class Row:
    """One promise with its case; `shifts` is how often the date of the case was moved so far."""

    id: int
    message: int
    number: str | None
    title: str
    address: str
    organisation: str | None
    executor: str | None
    shifts: int
    promise: Promise


@dataclass(frozen=True)
class Department:
    """How many promises of each fate it has."""

    id: int
    name: str
    fates: Counter[str]


async def register(filters: Filters, *, at: datetime) -> dict[str, Any]:
    """One page of the register, with its counts; two statements."""
    since = in_town(at).date() - BACK
    found = await rows(filters, since=since)
    departments = departments_of(await Answer.raw(COUNTS, since))
    shown = [each for each in departments if filters.organisation in (None, each.id)]
    last = found[ROWS - 1] if len(found) > ROWS else None
    return {
        "filters": filters,
        "since": since,
        "rows": found[:ROWS],
        "departments": departments,
        "counts": {fate: sum(each.fates[fate] for each in shown) for fate in Fate},
        "older": filters.link(after=f"{last.promise.planned_on}_{last.id}") if last else None,
        "newest": filters.link() if filters.after != LAST else None,
    }


async def rows(filters: Filters, *, since: date) -> list[Row]:
    """The page that begins after the key, the latest date first, and one more row if there is one."""
    organisation, fate = filters.organisation, filters.fate
    chosen = (organisation, organisation, fate, fate)
    return [row(each) for each in await Answer.raw(PAGE, since, *chosen, *filters.after)]


def row(found: dict[str, Any]) -> Row:
    named = {name: found[name] for name in ("id", "message", "number", "executor", "shifts")}
    title, place = covered(found["text"], found["names"]), public_place(found["address"])
    promise = Promise(*found["promise"])
    return Row(title=title, address=place, organisation=found["short_name"], promise=promise, **named)


def departments_of(counted: Sequence[dict[str, Any]]) -> list[Department]:
    """The lines of COUNTS, which come in the order of the departments, one department each."""
    names = {line["organisation"]: line["short_name"] for line in counted}
    return [
        Department(id, name, Counter({line["fate"]: line["promises"] for line in own}))
        for id, name in names.items()
        for own in [[line for line in counted if line["organisation"] == id]]
    ]
