"""Other messages beside an open one: of the same author, joined to it, and those that it might be joined to (§2)."""

from dataclasses import dataclass
from datetime import date, datetime
from math import cos, radians
from typing import Any

from domain import moves
from domain.model import Message
from portal.desk.headlines import headline

# Questions about the message `m`: cases.py asks them in its one statement. Their columns are in the order of fields.
OF_THE_AUTHOR = """
SELECT other.id, other.number, other.status, left(other.text, 200) FROM message other
WHERE other.author = m.author AND other.id <> m.id ORDER BY other.id DESC LIMIT 5
"""
JOINED = """
SELECT other.id, other.number, other.text, other.address, other.sent_at,
       ARRAY(SELECT id::text FROM attachment WHERE message = other.id AND answer IS NULL AND rating IS NULL
             AND state = 'ready' AND kind <> 'pdf' ORDER BY received_at, id) AS photos
FROM message other
WHERE other.joined_to = m.id ORDER BY other.id
"""
CASE = "SELECT id, number FROM message WHERE id = m.joined_to"
METRES, METRES_OF_A_DEGREE, AT_MOST = 100, 111_320, 5
# Open cases on the topic whose first answer is still owed, at this address or as near as its place.
NEAR = f"""
SELECT c.id, c.number, left(c.text, 200) AS text, c.address, t.due_on
FROM message c JOIN term t ON t.message = c.id AND t.kind = 'answer' AND t.met_at IS NULL AND t.void_at IS NULL
WHERE c.topic = {{}} AND c.id <> {{}} AND c.number IS NOT NULL
  AND c.status IN ('registered', 'handed_back', 'in_work', 'in_review', 'sent_back')
  AND (lower(c.address) = lower({{}}) AND c.address <> ''
       OR abs(c.latitude - {{}}::float8) < {{}} AND abs(c.longitude - {{}}::float8) < {{}})
ORDER BY t.due_on, c.id LIMIT {AT_MOST}
"""


@dataclass(frozen=True)
class Other:
    id: int
    number: str | None
    status: str
    title: str


@dataclass(frozen=True)
class Joined:
    """What another author wrote of the same matter; who they are stands in their own message."""

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


def of_the_author(rows: list[tuple[Any, ...]]) -> list[Other]:
    return [Other(id, number, status, headline(text)) for id, number, status, text in rows]


async def near(message: Message) -> list[Near]:
    """Where it may be joined at all: the nearest cases on its topic, what is answered first before the others."""
    if message.status not in moves.JOINABLE:
        return []
    north = METRES / METRES_OF_A_DEGREE
    east = north / max(cos(radians(message.latitude or 0)), 0.01)
    place = (message.latitude, north, message.longitude, east)
    rows = await Message.raw(NEAR, message.topic, message.id, message.address, *place)
    return [Near(row["id"], row["number"], headline(row["text"]), row["address"], row["due_on"]) for row in rows]
