"""What somebody follows, and the form with which one begins to (§2): a message, a street, a topic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import following
from domain.model import Person, Subscriber, Subscription, Topic
from domain.moves import Role
from domain.streets import key, keys_in
from portal.desk.headlines import headline

# Of a message that is not published any more only its number is left.
FOLLOWED = """
SELECT s.id, s.street, s.frequency, t.name AS topic, m.number,
       CASE WHEN m.published_at IS NOT NULL AND NOT tm.closed THEN m.public_text END AS text
FROM subscription s LEFT JOIN topic t ON t.id = s.topic LEFT JOIN message m ON m.id = s.message
LEFT JOIN topic tm ON tm.id = m.topic
WHERE s.subscriber = {} AND {which} ORDER BY s.id
"""
TOPICS = """
SELECT t.id, t.name, c.name AS category FROM topic t JOIN category c ON c.id = t.category
WHERE t.active AND NOT t.closed ORDER BY c.position, c.id, t.position, t.id
"""


@dataclass(frozen=True)
class Followed:
    """`number` and `title` are those of a message; `title` is none when it is not before everybody now."""

    id: int
    number: str | None
    title: str | None
    street: str | None
    topic: str | None
    frequency: str


@dataclass(frozen=True)
class FollowForm:
    """One message by its number, or whatever street and topic are chosen; `topics` are in groups."""

    number: str | None = None
    street: str = ""
    topic: str = ""
    topics: Sequence[tuple[str, list[tuple[int, str]]]] = ()


async def followed(subscriber: int | None) -> list[Followed]:
    rows = await Subscription.raw(FOLLOWED.format("{}", which="s.confirmed_at IS NOT NULL"), subscriber)
    return [of(row) for row in rows]


async def asked_for(subscriber: int, subscription: int, *, at: datetime) -> Followed | None:
    """What the owner of an address is asked about; nothing when they have said yes already, or too late."""
    if not await following.is_asked(subscriber, subscription, at=at):
        return None
    rows = await Subscription.raw(FOLLOWED.format("{}", which="s.id = {}"), subscriber, subscription)
    return of(rows[0]) if rows else None


def of(row: dict[str, Any]) -> Followed:
    text = row.pop("text")
    return Followed(title=headline(text) if text else None, **row)


async def subscriber_of(person: Person) -> int | None:
    row = await Subscriber.select(Subscriber.id).where(Subscriber.person == person.id).first()
    return row["id"] if row else None


def own_letters(person: Person | None) -> bool:
    """Whether they are written to at the address that ЕСИА has confirmed; anybody else types one."""
    return person is not None and person.role == Role.CITIZEN and bool(person.email)


async def topics() -> list[tuple[str, list[tuple[int, str]]]]:
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in await Topic.raw(TOPICS):
        groups.setdefault(row["category"], []).append((row["id"], row["name"]))
    return list(groups.items())


def street_in(words: str, addresses: Iterable[str]) -> str | None:
    """What was looked for, if it is how one of the places that were found is called."""
    wanted = key(words)
    return words if wanted and any(wanted in keys_in(address) for address in addresses) else None
