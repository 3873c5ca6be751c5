"""Who works on which message of the moderators' queue just now, so that nobody does the same work twice (§3).

A lease is a hint and locks no act: it is no event of the case and does not touch its version. Whoever acts all the
same is told beforehand that somebody has the message open, and of two acts at once one wins, as ever.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.database import atomic
from domain.errors import NotAllowed
from domain.model import Lease
from domain.moves import Mover, Role

# An open page renews its lease three times within this; browsers let a page in the background do it once a minute.
BY_A_PAGE = timedelta(seconds=70)
BY_HAND = timedelta(minutes=10)  # without scripts nothing renews it

# A row comes back where the message is ours now; what was ours before is kept, unless it is wanted anew.
TAKE_UP = """
INSERT INTO lease AS held (message, person, opening, since, until) VALUES ({}, {}, {}, {}, {})
ON CONFLICT (message) DO UPDATE SET person = excluded.person, opening = excluded.opening, until = excluded.until,
    since = CASE WHEN held.person = excluded.person AND held.until > excluded.since THEN held.since
                 ELSE excluded.since END
    WHERE held.until <= excluded.since OR (held.person = excluded.person AND NOT {})
RETURNING since
"""
HOLDERS = """
SELECT l.message, l.person, p.name, l.since FROM lease l JOIN person p ON p.id = l.person
WHERE l.message = ANY({}::bigint[]) AND l.until > {}
"""
LEAVE = """
DELETE FROM lease WHERE message = {} AND person = {} AND ({}::uuid IS NULL OR opening = {}) RETURNING message
"""


@dataclass(frozen=True)
class Holder:
    """Who has a message open, and since when."""

    message: int
    person: int
    name: str
    since: datetime


async def take_up(
    message: int, *, by: Mover, at: datetime, opening: UUID | None = None, lasting: timedelta = BY_A_PAGE
) -> datetime | None:
    """Take the message, or keep it: since when it is ours, or none while somebody else has it open."""
    must_moderate(by)
    rows = await Lease.raw(TAKE_UP, message, by.id, opening, at, at + lasting, False)
    return rows[0]["since"] if rows else None


async def take_next(
    first_free: Callable[[], Awaitable[int | None]], *, by: Mover, at: datetime, lasting: timedelta = BY_A_PAGE
) -> int | None:
    """Take the first message of a queue that nobody has open; none when there is no such one.

    `first_free` names it and locks its row, passing over those that others lock. Between two who ask at once the row
    may be free again and the lease already written: then the next one is asked for.
    """
    must_moderate(by)
    while True:
        async with atomic():
            message = await first_free()
            if message is None or await Lease.raw(TAKE_UP, message, by.id, None, at, at + lasting, True):
                return message


async def leave(message: int, *, by: Mover, opening: UUID | None = None) -> bool:
    """Let it go, if it is ours; `opening` lets go only what this page has renewed last. Returns whether it was."""
    return bool(await Lease.raw(LEAVE, message, by.id, opening, opening))


async def holders(messages: Collection[int], *, at: datetime) -> dict[int, Holder]:
    """Who has which of these messages open."""
    rows = await Lease.raw(HOLDERS, list(messages), at)
    return {row["message"]: Holder(**row) for row in rows}


async def forget_silent(*, at: datetime) -> list[int]:
    """The leases of pages that have said nothing for too long: their messages, so that others can be told."""
    rows = await Lease.delete().where(Lease.until <= at).returning(Lease.message)
    return [row["message"] for row in rows]


def must_moderate(by: Mover) -> None:
    if by.role != Role.MODERATOR:
        raise NotAllowed("Only a moderator takes messages of the queue (clause 3).")
