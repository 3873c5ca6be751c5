"""One delivery is carried out: by one actor at a time, counted before it is tried, tried again later when it failed.

No transaction is open meanwhile (a dialogue with a mail server may take half a minute): a delivery in hands is held
by a lock of the connection, which PostgreSQL releases by itself when the actor dies.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from domain.database import DB
from domain.model import Delivery, Event
from workers import moment
from workers.mail import outage, post
from workers.mail.composing import Letter
from workers.moment import LEASE
from workers.noting import Attempt, failed, give_up, keep_back, settle
from workers.reaching import NO_USE, Addressee, GiveUp, hand_over
from workers.reactions import WAITS_FOR_NOTHING, reaction_of
from workers.relay import FOREMOST

log = logging.getLogger(__name__)

# A line that is lost in the middle of an answer is told in the words of the client, not of the server.
OF_ASYNCPG = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# Far from the other advisory locks of this database; to it the id of the delivery is added.
LOCKS = 1 << 48
EVENT = ", ".join(f"happened.{column._meta.name} AS event_{column._meta.name}" for column in Event.all_columns())
# A repeated hint finds the delivery done, or failed since it was sent: then the ticket is not the number of failures.
# Without an error nobody has finished: it was never begun, or whoever began it was killed. What tries whether the mail
# server is back stays marked until it is known, or others would take it for back.
BEGUN = f"""
UPDATE delivery SET attempts = attempts + 1, next_at = {{}},
    error = CASE WHEN {outage.KEPT_BACK} THEN error END FROM event happened
WHERE delivery.id = {{}} AND happened.id = delivery.event AND done_at IS NULL AND gave_up_at IS NULL
AND (error IS NULL OR failures = {{}}) AND {FOREMOST}
RETURNING reaction, attempts, failures, error IS NOT NULL AS kept_back, recipient, message_id, digest, {EVENT}
"""  # noqa: S608
# The letter to a sole reader that this delivery has owed, and that nobody has got to an end. All its readers are
# counted, so that of several the last one is not taken for it.
LEFT = """
SELECT min(letter.id) AS id, min(letter.failures) AS failures FROM delivery owing
JOIN delivery letter ON letter.event = owing.event AND letter.reaction = owing.reaction AND letter.recipient <> ''
WHERE owing.id = {} AND owing.recipient = '' AND owing.reaction = ANY({}::text[]) GROUP BY owing.id HAVING count(*) = 1
AND count(*) FILTER (WHERE letter.done_at IS NULL AND letter.gave_up_at IS NULL AND letter.error IS NULL
    AND letter.digest IS NULL) = 1
"""


async def deliver_letter(delivery: int, ticket: int) -> None:
    """Carry it out as soon as a line of this process is free, unless it has to wait for the mail server."""
    async with post.lines(asyncio.get_running_loop()):
        if not await outage.puts_back(delivery, at=moment.now()):
            await deliver(delivery, ticket)


async def deliver(delivery: int, ticket: int) -> None:
    """Carry out one delivery if it is still due; `ticket` is the number of failures when it was offered.

    A letter to a sole reader which it owes goes at once, as it has just been written. Where nothing is due, whoever
    had the same hint may have been killed before that letter went: then it goes now.
    """
    owed = await attempted(delivery, ticket)
    if owed is None:
        for row in await Delivery.raw(LEFT, delivery, WAITS_FOR_NOTHING):
            await send(row["id"], row["failures"])
    else:
        for each, letter in owed.items():
            await send(each, 0, letter)


async def send(delivery: int, ticket: int, letter: Letter | None = None) -> None:
    if not await outage.puts_back(delivery, at=moment.now()):
        await attempted(delivery, ticket, letter)


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
    attempt = Attempt(delivery, event, reaction, nth, row["failures"], to, row["digest"], row["kept_back"])
    if attempt.nth > attempt.reaction.attempts:
        await give_up(attempt, f"Begun {attempt.nth - 1} times and never ended: the worker was killed.")
        return None
    return attempt


async def carry_out(attempt: Attempt, letter: Letter | None) -> Mapping[int, Letter]:
    """Returns the letter, by its delivery, which it owes to a sole reader."""
    outcome = Outcome()
    try:
        outcome = await done(attempt, letter)
    except GiveUp as reason:
        await give_up(attempt, str(reason))
    except post.ServerAway as trouble:
        log.warning("the mail server does not let us in: %s", trouble)
        await keep_back(attempt, trouble)
        return {}
    # Whatever it was, it is written where the operator sees it, and the other deliveries go on.
    except Exception as trouble:
        log.exception("%s of event %s failed", attempt.reaction.name, attempt.event.id)
        await failed(attempt, trouble)
    else:
        # What has gone is never noted as failed, even if it cannot be noted that it has gone.
        await settle(attempt, outcome.noted, *outcome.which)
        if outcome.rest:
            await give_up(attempt, NO_USE)
    if attempt.kept_back:
        await outage.end()
    return outcome.owed


@dataclass(frozen=True)
class Outcome:
    """What is to be noted of an attempt, `which` narrows for what of it; the `rest` is of no use any more."""

    noted: Mapping[Any, Any] = field(default_factory=dict)
    owed: Mapping[int, Letter] = field(default_factory=dict)
    which: Sequence[Any] = ()
    rest: bool = False


async def done(attempt: Attempt, letter: Letter | None) -> Outcome:
    if attempt.to is None:
        owed = await attempt.reaction.do(attempt.event)
        return Outcome({Delivery.done_at: moment.now()}, owed or {})
    if letter is not None:
        await hand_over(letter, attempt.to.message_id)
        return Outcome(sent_to(letter.kept_address))
    return await reached(attempt, attempt.to)


async def happened(event: int) -> Event:
    found = await Event.objects().get(Event.id == event)
    assert found is not None, "the foreign key holds"  # noqa: S101
    return found


async def reached(attempt: Attempt, to: Addressee) -> Outcome:
    """One letter for everything that it owes; what was met meanwhile is not in it and is given up when it has gone."""
    rows = (
        await Delivery.select(Delivery.id, Delivery.event, Delivery.reaction).where(attempt.rows).order_by(Delivery.id)
    )
    owed = {row["id"]: (reaction_of(row["reaction"]), await happened(row["event"])) for row in rows}
    address, told = await attempt.reaction.reach(to, owed)
    return Outcome(sent_to(address), which=[Delivery.id.is_in(told)], rest=len(told) < len(owed))


def sent_to(address: str | None) -> dict[Any, Any]:
    return {Delivery.done_at: moment.now(), Delivery.address: address, Delivery.error: None}
