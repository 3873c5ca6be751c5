"""The relay: what the journal tells becomes what is owed to the outside, and what is owed is offered until it is done.

Any number of relays may run, each may be killed at any line: a row is taken by one of them, and a row that was
taken and not committed is there again.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from domain.database import atomic
from domain.model import Delivery, Event
from workers.reactions import LINES, reaction_of

BATCH = 200
# So long an offer holds: an actor that was killed, or a queue that was lost, costs no more than this.
LEASE = timedelta(seconds=30)

Enqueue = Callable[[str, int, int], Awaitable[None]]  # queue, delivery, ticket

EXPANDED = """
WITH fresh AS (
    SELECT id, kind FROM event WHERE handled_at IS NULL ORDER BY id LIMIT {} FOR NO KEY UPDATE SKIP LOCKED
), owed AS (
    INSERT INTO delivery (event, reaction, next_at)
    SELECT fresh.id, line.reaction, {} FROM fresh JOIN unnest({}::text[], {}::text[]) AS line (kind, reaction)
    ON line.kind = fresh.kind
    ON CONFLICT (event, reaction, recipient) DO NOTHING
)
UPDATE event SET handled_at = {} FROM fresh WHERE event.id = fresh.id RETURNING event.id
"""
OFFERED = """
WITH due AS (
    SELECT id FROM delivery WHERE done_at IS NULL AND gave_up_at IS NULL AND next_at <= {}
    ORDER BY next_at, id LIMIT {} FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE delivery SET next_at = {} FROM due WHERE delivery.id = due.id
RETURNING delivery.id, delivery.reaction, delivery.attempts
"""


async def expand(*, at: datetime) -> int:
    """Write a delivery for each reaction to each event that nobody has handled yet. Returns how many events."""
    kinds, names = [kind for kind, _ in LINES], [name for _, name in LINES]
    return len(await Event.raw(EXPANDED, BATCH, at, kinds, names, at))


async def offer(*, at: datetime, enqueue: Enqueue) -> int:
    """Enqueue the deliveries that are due, and put each off by the lease. Returns how many.

    The lease is committed only when all are enqueued; what was enqueued before a failure is offered again,
    and the second of two offers finds the delivery taken or done.
    """
    async with atomic():
        due = await Delivery.raw(OFFERED, at, BATCH, at + LEASE)
        for row in sorted(due, key=lambda each: each["id"]):
            await enqueue(reaction_of(row["reaction"]).queue, row["id"], row["attempts"])
    return len(due)
