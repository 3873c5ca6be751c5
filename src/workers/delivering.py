"""One delivery is carried out: by one actor at a time, counted before it is tried, tried again later when it failed.

No transaction is open meanwhile (a dialogue with a mail server may take half a minute): a delivery in hands is held
by a lock of the connection, which PostgreSQL releases by itself when the actor dies.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from domain.database import DB
from domain.model import Delivery, Event
from domain.outages import DatabaseAway, DatabaseBusy
from workers import moment
from workers.mail import post
from workers.mail.composing import Letter
from workers.moment import LEASE
from workers.reaching import NO_USE, Addressee, GiveUp, hand_over
from workers.reactions import WAITS_FOR_NOTHING, Reaction, reaction_of
from workers.relay import FOREMOST

log = logging.getLogger(__name__)

BACK_OFF = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
# A line that is lost in the middle of an answer is told in the words of the client, not of the server.
OF_ASYNCPG = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# After a lease somebody else may begin, so it would be of no use to try longer.
NOTING_SECONDS, AGAIN_SECONDS = 20.0, 0.2
# Far from the other advisory locks of this database; to it the id of the delivery is added.
LOCKS = 1 << 48
EVENT = ", ".join(f"happened.{column._meta.name} AS event_{column._meta.name}" for column in Event.all_columns())
# A repeated hint finds the delivery done, or failed since it was sent: then the ticket is not the number of attempts.
# Without an error nobody has finished: it was never begun, or whoever began it was killed.
BEGUN = f"""
UPDATE delivery SET attempts = attempts + 1, error = NULL, next_at = {{}} FROM event happened
WHERE delivery.id = {{}} AND happened.id = delivery.event AND done_at IS NULL AND gave_up_at IS NULL
AND (error IS NULL OR attempts = {{}}) AND {FOREMOST}
RETURNING reaction, attempts, failures, recipient, message_id, digest, {EVENT}
"""  # noqa: S608
# The letter to a sole reader that this delivery has owed, and that nobody has got to an end. All its readers are
# counted, so that of several the last one is not taken for it.
LEFT = """
SELECT min(letter.id) AS id, min(letter.attempts) AS attempts FROM delivery owing
JOIN delivery letter ON letter.event = owing.event AND letter.reaction = owing.reaction AND letter.recipient <> ''
WHERE owing.id = {} AND owing.recipient = '' AND owing.reaction = ANY({}::text[]) GROUP BY owing.id HAVING count(*) = 1
AND count(*) FILTER (WHERE letter.done_at IS NULL AND letter.gave_up_at IS NULL AND letter.error IS NULL
    AND letter.digest IS NULL) = 1
"""


@dataclass(frozen=True)
class Attempt:
    """The nth try of a delivery, of which so many have failed; of the others the worker was killed.

    `to` is the reader, when it is that of a letter, or of all letters of a digest.
    """

    delivery: int
    event: Event
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


async def deliver_letter(delivery: int, ticket: int) -> None:
    """Carry it out as soon as a line of this process is free."""
    async with post.lines(asyncio.get_running_loop()):
        await deliver(delivery, ticket)


async def deliver(delivery: int, ticket: int) -> None:
    """Carry out one delivery if it is still due; `ticket` is the number of attempts when it was offered.

    A letter to a sole reader which it owes goes at once, as it has just been written. Where nothing is due, whoever
    had the same hint may have been killed before that letter went: then it goes now.
    """
    owed = await attempted(delivery, ticket)
    if owed is None:
        for row in await Delivery.raw(LEFT, delivery, WAITS_FOR_NOTHING):
            await attempted(row["id"], row["attempts"])
    else:
        for each, letter in owed.items():
            await attempted(each, 0, letter)


async def attempted(delivery: int, ticket: int, letter: Letter | None = None) -> Mapping[int, Letter] | None:
    """One attempt at one delivery, whose `letter` is read from the database unless it is at hand.

    Returns the letter, by its delivery, which that owes to a sole reader; None when it is not due, or in other hands.
    """
    async with held(delivery) as mine:
        attempt = await begin(delivery, ticket, at=moment.now()) if mine else None
        return await carry_out(attempt, letter) if attempt is not None else None


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
        await DB.give_back(connection)


async def begin(delivery: int, ticket: int, *, at: datetime) -> Attempt | None:
    """Count the attempt before anything is done, so that a delivery which kills its worker is given up as well."""
    rows = await Delivery.raw(BEGUN, at + LEASE, delivery, ticket)
    if not rows:
        return None
    row = rows[0]
    to = Addressee(row["recipient"], row["message_id"]) if row["recipient"] else None
    reaction, nth = reaction_of(row["reaction"]), row["attempts"]
    event = Event(**{name.removeprefix("event_"): value for name, value in row.items() if name.startswith("event_")})
    attempt = Attempt(delivery, event, reaction, nth, row["failures"], to, row["digest"])
    if attempt.nth > attempt.reaction.attempts:
        await give_up(attempt, f"Begun {attempt.nth - 1} times and never ended: the worker was killed.")
        return None
    return attempt


async def carry_out(attempt: Attempt, letter: Letter | None) -> Mapping[int, Letter]:
    try:
        if attempt.to is None:
            owed = await attempt.reaction.do(attempt.event)
            await settle(attempt, {Delivery.done_at: moment.now()})
            return owed or {}
        if letter is not None:
            await hand_over(letter, attempt.to.message_id)
            await settle(attempt, sent_to(letter.kept_address))
        else:
            await send(attempt, attempt.to)
    except GiveUp as reason:
        await give_up(attempt, str(reason))
    # Whatever it was, it is written where the operator sees it, and the other deliveries go on.
    except Exception as trouble:
        log.exception("%s of event %s failed", attempt.reaction.name, attempt.event.id)
        await failed(attempt, trouble)
    return {}


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
    await settle(attempt, sent_to(address), Delivery.id.is_in(told))
    if len(told) < len(owed):
        await give_up(attempt, NO_USE)


def sent_to(address: str | None) -> dict[Any, Any]:
    return {Delivery.done_at: moment.now(), Delivery.address: address, Delivery.error: None}


async def failed(attempt: Attempt, trouble: Exception) -> None:
    error = f"{type(trouble).__name__}: {trouble}"
    if isinstance(trouble, post.ServerAway):
        # It was no attempt at this letter, which goes as soon as the server lets us in.
        untried = {Delivery.attempts: attempt.nth - 1, Delivery.next_at: moment.now() + BACK_OFF[0]}
        await settle(attempt, {**untried, Delivery.error: error})
        return
    if attempt.last:
        await give_up(attempt, error)
        return
    # A restart of PostgreSQL says nothing of the mail server, and makes nobody wait longer for their letter.
    ours = isinstance(trouble, DatabaseAway) and not isinstance(trouble, DatabaseBusy)
    later = moment.now() + BACK_OFF[0 if ours else min(attempt.failures, len(BACK_OFF) - 1)]
    failures = attempt.failures if ours else attempt.failures + 1
    await settle(attempt, {Delivery.next_at: later, Delivery.error: error, Delivery.failures: failures})


async def give_up(attempt: Attempt, error: str) -> None:
    # A letter of no more use is nobody's fault: its term was met while it waited, or its reader wants no such letters.
    level = logging.INFO if error == NO_USE else logging.ERROR
    log.log(level, "%s of event %s is given up: %r", attempt.reaction.name, attempt.event.id, error)
    await settle(attempt, {Delivery.gave_up_at: moment.now(), Delivery.error: error})


async def settle(attempt: Attempt, values: dict[Any, Any], *which: Any) -> None:
    """What was done outside cannot be taken back, so it is noted even if PostgreSQL restarts meanwhile."""
    noting = Delivery.update({Delivery.attempts: attempt.nth, **values}).where(attempt.rows, *which)
    until = asyncio.get_running_loop().time() + NOTING_SECONDS
    while True:
        try:
            await noting
        except DatabaseAway:
            if asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return
