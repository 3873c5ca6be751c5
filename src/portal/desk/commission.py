"""The desk of the commission (§4.4, R27): what waits for it, its sittings, and the objections to blocks beside them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.model import Objection, Sitting
from domain.publicity import proposed, public_place
from portal.desk.headlines import covered
from portal.desk.hints import NAMES

ROWS = 100
PAST = 30
WAITING = f"""
SELECT f.id AS file, f.frozen_at, m.id, m.number, left(m.text, 200) AS text, {NAMES.format(message="m.id")} AS names,
       m.address, tp.name AS topic,
       o.short_name AS organisation, s.id AS sitting, s.held_on
FROM message m JOIN topic tp ON tp.id = m.topic LEFT JOIN person e ON e.id = m.executor
LEFT JOIN organisation o ON o.id = e.organisation
JOIN LATERAL (SELECT id, frozen_at FROM case_file WHERE message = m.id ORDER BY id DESC LIMIT 1) f ON true
LEFT JOIN agenda_item i ON i.case_file = f.id AND i.state = 'waiting' LEFT JOIN sitting s ON s.id = i.sitting
WHERE m.status = 'commission' ORDER BY f.frozen_at, f.id LIMIT {ROWS}
"""
SITTINGS = f"""
SELECT s.id, s.number, s.held_on, s.protocol IS NOT NULL AS protocol, s.closed_at IS NOT NULL AS closed,
       count(i.id) AS cases, count(i.id) FILTER (WHERE i.state = 'decided') AS decided
FROM ((SELECT * FROM sitting WHERE closed_at IS NULL ORDER BY held_on, id LIMIT {ROWS})
      UNION ALL
      (SELECT * FROM sitting WHERE closed_at IS NOT NULL ORDER BY held_on DESC, id DESC LIMIT {PAST})) s
JOIN agenda_item i ON i.sitting = s.id GROUP BY s.id, s.number, s.held_on, s.protocol, s.closed_at
"""
OBJECTIONS = f"""
SELECT o.block, left(o.text, 200) AS text, o.at, o.decision, o.decided_at, p.is_organisation, m.number,
       b.ends_at, b.last_day, {NAMES.format(message="m.id")} AS names
FROM ((SELECT * FROM objection WHERE decided_at IS NULL ORDER BY id LIMIT {ROWS})
      UNION ALL
      (SELECT * FROM objection WHERE decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT {PAST})) o
JOIN block b ON b.id = o.block JOIN message m ON m.id = b.message JOIN person p ON p.id = b.person
ORDER BY o.decided_at DESC NULLS FIRST, o.id
"""
COUNTS = """
SELECT (SELECT count(*) FROM message WHERE status = 'commission') AS waiting,
       (SELECT count(*) FROM sitting WHERE closed_at IS NULL) AS sittings,
       (SELECT count(*) FROM objection WHERE decided_at IS NULL) AS objections
"""


@dataclass(frozen=True)
class Waiting:
    """A case in the queue; `sitting` and `held_on` where it stands on an agenda already."""

    file: int
    frozen_at: datetime
    id: int
    number: str | None
    title: str
    address: str
    topic: str
    organisation: str | None
    sitting: int | None
    held_on: date | None


@dataclass(frozen=True)
class SittingLine:
    id: int
    number: int | None
    held_on: date
    protocol: bool
    closed: bool
    cases: int
    decided: int


@dataclass(frozen=True)
class ObjectionLine:
    block: int
    text: str
    at: datetime
    decision: str | None
    decided_at: datetime | None
    is_organisation: bool
    number: str | None
    ends_at: datetime
    last_day: date


@dataclass(frozen=True)
class Side:
    """The counters beside every page of the desk."""

    waiting: int
    sittings: int
    objections: int


async def side() -> Side:
    (counts,) = await Sitting.raw(COUNTS)
    return Side(**counts)


async def board() -> dict[str, Any]:
    """Everything on the first page; three statements."""
    sittings = [SittingLine(**row) for row in await Sitting.raw(SITTINGS)]
    return {
        "waiting": [waiting(row) for row in await Sitting.raw(WAITING)],
        "ahead": sorted((each for each in sittings if not each.closed), key=lambda each: (each.held_on, each.id)),
        "past": sorted((each for each in sittings if each.closed), key=lambda each: (each.held_on, each.id))[::-1],
        "side": await side(),
    }


def waiting(row: dict[str, Any]) -> Waiting:
    title, place = covered(row.pop("text"), row.pop("names")), public_place(row.pop("address"))
    return Waiting(title=title, address=place, **row)


async def objections() -> dict[str, Any]:
    lines = [line(row) for row in await Objection.raw(OBJECTIONS)]
    open_ones = [each for each in lines if each.decision is None]
    return {"open": open_ones, "decided": [each for each in lines if each.decision], "side": await side()}


def line(row: dict[str, Any]) -> ObjectionLine:
    return ObjectionLine(text=proposed(row.pop("text"), row.pop("names")), **row)
