"""Other messages beside an open one: of the same author, joined to it, and those that it might be joined to (§2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain import authors
from domain.authors import Author
from domain.moves import Mover
from domain.publicity import public_place
from portal.desk.headlines import covered
from portal.desk.hints import NAMES

# Questions about the message `m`: cases.py asks them in its one statement. Their columns are in the order of fields.
OF_THE_AUTHOR = f"""
SELECT other.id, other.number, other.status, left(other.text, 200), {NAMES.format(message="other.id")}
FROM message other
WHERE other.author = m.author AND other.id <> m.id ORDER BY other.id DESC LIMIT 5
"""
JOINED = f"""
SELECT other.id, other.number, other.text, other.address, other.sent_at,
       ARRAY(SELECT id::text FROM attachment WHERE message = other.id AND answer IS NULL AND rating IS NULL
             AND state = 'ready' AND kind <> 'pdf' ORDER BY received_at, id) AS photos,
       {authors.asked_of("other")}
FROM message other
WHERE other.joined_to = m.id ORDER BY other.id
"""
CASE = "SELECT id, number FROM message WHERE id = m.joined_to"
AT_MOST = 5
# A hundred metres in degrees, northwards and, by the latitude, eastwards.
NORTH = 100 / 111_320
EAST = f"{NORTH} / greatest(cos(radians(m.latitude)), 0.01)"
# Where a message may be joined: open cases on its topic whose first answer is owed and not late, at its address or as
# near as its place; what is answered first comes before the others.
NEAR = f"""
SELECT c.id, c.number, left(c.text, 200), {NAMES.format(message="c.id")}, c.address, t.due_on
FROM message m JOIN message c ON c.topic = m.topic AND c.id <> m.id AND c.number IS NOT NULL
  AND c.status IN ('registered', 'handed_back', 'in_work', 'in_review', 'sent_back')
  AND (lower(c.address) = lower(m.address) AND c.address <> ''
       OR abs(c.latitude - m.latitude) < {NORTH} AND abs(c.longitude - m.longitude) < {EAST})
JOIN term t ON t.message = c.id AND t.kind = 'answer' AND t.met_at IS NULL AND t.void_at IS NULL AND t.missed_at IS NULL
WHERE m.id = {{}} AND m.status = ANY({{}}::text[]) ORDER BY t.due_on, c.id LIMIT {AT_MOST}
"""


@dataclass(frozen=True)
class Other:
    id: int
    number: str | None
    status: str
    title: str


@dataclass(frozen=True)
class Joined:
    """What another author wrote of the same matter, as far as they are open: that is done in their own message."""

    id: int
    number: str
    text: str
    address: str
    sent_at: datetime
    photos: list[str]


@dataclass(frozen=True)
class Near:
    """A case to which the message may be joined, and by when that is answered."""

    id: int
    number: str
    title: str
    address: str
    due_on: date


def of_the_author(rows: Sequence[Any]) -> list[Other]:
    """From the rows of OF_THE_AUTHOR."""
    return [Other(id, number, status, covered(*told)) for id, number, status, *told in rows]


def joined(rows: Sequence[Any], by: Mover) -> list[Joined]:
    """From the rows of JOINED, for whoever is shown them."""
    return [joined_as_seen(authors.seen(asked, by), *row) for *row, asked in rows]


def joined_as_seen(author: Author, id: int, number: str, text: str, address: str, *rest: Any) -> Joined:
    return Joined(id, number, author.veiled(text), author.place(address), *rest)


def near(rows: Sequence[Any]) -> list[Near]:
    """From the rows of NEAR."""
    return [
        Near(id, number, covered(text, names), public_place(address), due_on)
        for id, number, text, names, address, due_on in rows
    ]
