"""The feed of published messages (§2): found by category, state and words, page by page, never with an author (R10)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from domain.model import Message
from domain.rulebook import rulebook
from portal.cards.clocks import answer_term, terms_of
from portal.cards.public_photos import public_url
from portal.cards.publication import public_status
from portal.cards.resolved import RESOLVED
from portal.cards.topics import CategoryName
from portal.clocks import ClockView, clock
from portal.desk.headlines import headline

ROWS = 20
COUNTED = 1000  # nobody counts further
LETTERS = 200
NUMBER = re.compile(r"(?:№\s*)?([0-9]{4}-[0-9]{5,9})")
# Written out, because only so can the planner see that a partial index applies.
STATES = {
    "in_work": "m.status NOT IN ('answered', 'promised', 'closed')",
    "answered": "m.status IN ('answered', 'closed')",
    "promised": "m.status = 'promised'",
    "late": "m.id IN (SELECT message FROM term WHERE missed_at IS NOT NULL AND met_at IS NULL AND void_at IS NULL "
    "AND kind IN ('answer', 'rework', 'follow_up', 'instruction'))",
}
OF_CATEGORY = "m.topic IN (SELECT t.id FROM topic t JOIN category k ON k.id = t.category WHERE k.code = {})"
FOUND = "FROM message m JOIN topic tp ON tp.id = m.topic JOIN category c ON c.id = tp.category WHERE "
PAGE = f"""
SELECT m.id, m.number, m.public_text, m.public_address, m.status, c.code, c.name, c.icon,
       f.id AS photo, f.print, CASE WHEN NOT {RESOLVED} THEN an.outcome END AS outcome, an.planned_on, an.words
{{found}} ORDER BY m.published_at DESC, m.id DESC LIMIT {{limit}}
"""
PHOTO = """
LEFT JOIN LATERAL (SELECT id, left(public_sizes->>'large', 16) AS print FROM attachment
    WHERE message = m.id AND answer IS NULL AND public_sizes IS NOT NULL ORDER BY received_at, id LIMIT 1) f ON true
"""
ANSWER = """
LEFT JOIN LATERAL (SELECT outcome, planned_on, left(public_text, 200) AS words FROM answer WHERE message = m.id
    AND state = 'approved' AND published_at IS NOT NULL ORDER BY round DESC LIMIT 1) an ON true
"""


# From what was taken off meanwhile the feed goes on all the same.
ANCHOR = """
SELECT coalesce(m.published_at, (SELECT max(at) FROM event WHERE message = m.id AND kind = 'message:published')), m.id
FROM message m WHERE m.number = {}
"""


@dataclass(frozen=True)
class Filters:
    category: str = ""
    state: str = ""
    q: str = ""
    after: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Self:
        """From an address, which anybody may type: what is no filter of ours finds nothing or everything."""
        wanted = {name: query.get(name, "").strip()[:LETTERS] for name in ("category", "state", "q", "after")}
        return cls(**wanted)

    def query(self) -> tuple[str, list[Any]]:
        """The conditions of the page, and the values that they take."""
        conditions, values = self.conditions()
        if self.after:
            conditions.append(f"(m.published_at, m.id) < ({ANCHOR})")
            values.append(self.after)
        return " AND ".join(conditions), values

    def conditions(self) -> tuple[list[str], list[Any]]:
        conditions, values = ["m.published_at IS NOT NULL AND NOT tp.closed"], []
        if self.category:
            conditions.append(OF_CATEGORY)
            values.append(self.category)
        if self.state in STATES:
            conditions.append(STATES[self.state])
        if number := NUMBER.fullmatch(self.q):
            conditions.append("m.number = {}")
            values.append(number[1])
        else:
            conditions.append("m.status <> 'joined'")  # its case stands there; by its own number it is found
        if self.q and not number:
            conditions.append("m.search @@ websearch_to_tsquery('russian', {})")
            values.append(self.q)
        return conditions, values

    def link(self, after: str = "") -> str:
        chosen = {"category": self.category, "state": self.state, "q": self.q, "after": after}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"/?{query}" if query else "/"


@dataclass(frozen=True)
class Photo:
    url: str
    alt: str


@dataclass(frozen=True)
class Row:
    number: str
    title: str
    address: str
    category: CategoryName
    status: str
    outcome: str | None
    clock: ClockView | None
    photo: Photo | None
    answer: str | None
    planned_on: date | None


async def feed(filters: Filters, *, at: datetime, language: str) -> dict[str, Any]:
    """One page of the feed, with the addresses of the older and of the newest."""
    rows = await page_of(filters)
    clocks = await clocks_of(rows[:ROWS], at=at, language=language)
    return {
        "filters": filters,
        "rows": [row(each, clocks.get(each["id"])) for each in rows[:ROWS]],
        "found": await how_many(filters) if filters.q else None,
        "older": filters.link(after=rows[ROWS - 1]["number"]) if len(rows) > ROWS else None,
        "newest": filters.link() if filters.after else None,
    }


async def page_of(filters: Filters) -> list[dict[str, Any]]:
    where, values = filters.query()
    found = FOUND.replace(" WHERE ", f"{PHOTO}{ANSWER} WHERE ") + where
    rows: list[dict[str, Any]] = await Message.raw(PAGE.format(found=found, limit=ROWS + 1), *values)
    return rows


async def how_many(filters: Filters) -> int:
    conditions, values = filters.conditions()
    found = f"SELECT 1 {FOUND}{' AND '.join(conditions)} LIMIT {COUNTED}"  # only words of ours
    (row,) = await Message.raw(f"SELECT count(*) AS found FROM ({found}) f", *values)  # noqa: S608
    return int(row["found"])


async def clocks_of(rows: Sequence[dict[str, Any]], *, at: datetime, language: str) -> dict[int, ClockView]:
    terms = await terms_of(*(each["id"] for each in rows))
    calendar = (await rulebook()).calendar
    owed = {id: answer_term(theirs) for id, theirs in terms.items()}
    return {id: clock(term, calendar, at=at, language=language) for id, term in owed.items() if term}


def row(found: dict[str, Any], view: ClockView | None) -> Row:
    title = headline(found["public_text"])
    photo = found["photo"] and Photo(public_url(found["number"], found["photo"], found["print"], "small"), title)
    promised = found["outcome"] == "planned" and found["status"] in ("answered", "promised")
    return Row(
        number=found["number"],
        title=title,
        address=found["public_address"],
        category=CategoryName(found["code"], found["name"], found["icon"]),
        status=public_status(found["status"]),
        outcome=found["outcome"],
        clock=view,
        photo=photo or None,
        answer=headline(found["words"]) if found["words"] else None,
        planned_on=found["planned_on"] if promised else None,
    )
