"""One delivery is carried out: by one actor at a time, counted before it is tried, tried again later when it failed.

No transaction is open meanwhile (a dialogue with a mail server may take half a minute): a delivery in hands is held
by a lock of the connection, which PostgreSQL releases by itself when the actor dies.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from domain.database import DB
from domain.model import Delivery, Event
from workers import moment
from workers.reaching import NO_USE, Addressee, GiveUp
from workers.reactions import Reaction, reaction_of
from workers.relay import FOREMOST, LEASE

log = logging.getLogger(__name__)

BACK_OFF = (
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
# A line that is lost in the middle of an answer is told in the words of the client, not of the server.
OF_ASYNCPG = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# Far from the other advisory locks of this database; to it the id of the delivery is added.
LOCKS = 1 << 48
# A repeated hint finds the delivery done, or failed since it was sent: then the ticket is not the number of attempts.
# Without an error nobody has finished: it was never begun, or whoever began it was killed.
BEGUN = f"""
UPDATE delivery SET attempts = attempts + 1, error = NULL, next_at = {{}}
WHERE id = {{}} AND done_at IS NULL AND gave_up_at IS NULL AND (error IS NULL OR attempts = {{}}) AND {FOREMOST}
RETURNING event, reaction, attempts, failures, recipient, message_id, digest
"""  # noqa: S608


@dataclass(frozen=True)
class Attempt:
    """The nth try of a delivery, of which so many have failed; of the others the worker was killed.

    `to` is the reader, when it is that of a letter, or of all letters of a digest.
    """

    delivery: int
    event: int
    reaction: Reaction
    nth: int
    failures: int
    to: Addressee | None
    digest: int | None

    @property
    def rows(self) -> Any:
        """What has one fate: the delivery, or everything of its digest that is still owed."""
        if self.digest is None:
            return Delivery.id == self.delivery
        return (Delivery.digest == self.digest) & Delivery.done_at.is_null() & Delivery.gave_up_at.is_null()

    @property
    def last(self) -> bool:
        return self.nth >= self.reaction.attempts


async def deliver(delivery: int, ticket: int) -> None:
    """Carry out one delivery if it is still due; `ticket` is the number of attempts when it was offered."""
    async with held(delivery) as mine:
        attempt = await begin(delivery, ticket, at=moment.now()) if mine else None
        if attempt is not None:
            await carry_out(attempt)


@asynccontextmanager
async def held(delivery: int) -> AsyncIterator[bool]:
    """Whether the delivery is ours alone."""
    connection = await DB.acquire()
    try:
        yield await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCKS + delivery)
    finally:
        await asyncio.shield(let_go(connection))


async def let_go(connection: Any) -> None:
    """The pool forgets nothing by itself; whoever cannot be asked is hung up on, and the lock ends with the line."""
    try:
        await connection.execute("SELECT pg_advisory_unlock_all()")
    except (OSError, TimeoutError, *OF_ASYNCPG):
        with suppress(asyncpg.InterfaceError):  # it went back by itself when the server hung up
            connection.terminate()
    finally:
        if DB.pool is not None:
            await DB.pool.release(connection)


async def begin(delivery: int, ticket: int, *, at: datetime) -> Attempt | None:
    """Count the attempt before anything is done, so that a delivery which kills its worker is given up as well."""
    rows = await Delivery.raw(BEGUN, at + LEASE, delivery, ticket)
    if not rows:
        return None
    row = rows[0]
    to = Addressee(row["recipient"], row["message_id"]) if row["recipient"] else None
    reaction, nth = reaction_of(row["reaction"]), row["attempts"]
    attempt = Attempt(delivery, row["event"], reaction, nth, row["failures"], to, row["digest"])
    if attempt.nth > attempt.reaction.attempts:
        await give_up(attempt, f"Begun {attempt.nth - 1} times and never ended: the worker was killed.")
        return None
    return attempt


async def carry_out(attempt: Attempt) -> None:
    try:
        if attempt.to is None:
            await attempt.reaction.do(await happened(attempt.event))
            await settle(attempt, {Delivery.done_at: moment.now()})
        else:
            await send(attempt, attempt.to)
    except GiveUp as reason:
        await give_up(attempt, str(reason))
    # Whatever it was, it is written where the operator sees it, and the other deliveries go on.
    except Exception as trouble:
        log.exception("%s of event %s failed", attempt.reaction.name, attempt.event)
        await failed(attempt, f"{type(trouble).__name__}: {trouble}")


async def happened(event: int) -> Event:
    found = await Event.objects().get(Event.id == event)
    assert found is not None, "the foreign key holds"  # noqa: S101
    return found


async def send(attempt: Attempt, to: Addressee) -> None:
    """One letter for everything that it owes; what was met meanwhile is not in it and is given up when it has gone."""
    rows = (
        await Delivery.select(Delivery.id, Delivery.event, Delivery.reaction).where(attempt.rows).order_by(Delivery.id)
    )
    owed = {row["id"]: (reaction_of(row["reaction"]), await happened(row["event"])) for row in rows}
    address, told = await attempt.reaction.reach(to, owed)
    done = {Delivery.done_at: moment.now(), Delivery.address: address, Delivery.error: None}
    await settle(attempt, done, Delivery.id.is_in(told))
    if len(told) < len(owed):
        await give_up(attempt, NO_USE)


async def failed(attempt: Attempt, error: str) -> None:
    if attempt.last:
        await give_up(attempt, error)
        return
    later = moment.now() + BACK_OFF[min(attempt.failures, len(BACK_OFF) - 1)]
    await settle(attempt, {Delivery.next_at: later, Delivery.error: error, Delivery.failures: attempt.failures + 1})


async def give_up(attempt: Attempt, error: str) -> None:
    # A letter of no more use is nobody's fault: its term was met while it waited, or its reader wants no such letters.
    level = logging.INFO if error == NO_USE else logging.ERROR
    log.log(level, "%s of event %s is given up: %r", attempt.reaction.name, attempt.event, error)
    await settle(attempt, {Delivery.gave_up_at: moment.now(), Delivery.error: error})


async def settle(attempt: Attempt, values: dict[Any, Any], *which: Any) -> None:
    await Delivery.update({Delivery.attempts: attempt.nth, **values}).where(attempt.rows, *which)
