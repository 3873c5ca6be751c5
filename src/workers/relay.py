"""The relay: what the journal tells becomes what is owed to the outside, and what is owed is offered until it is done.

Any number of relays may run, each may be killed at any line: a row is taken by one of them, and a row that was
taken and not committed is there again.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from domain.database import atomic
from domain.model import Delivery, Event
from workers.live import tell_open_pages
from workers.mail import outage
from workers.moment import LEASE
from workers.reactions import BY_MAIL, BY_NAME, GATHERED, TOLD_AT_ONCE, lines, reaction_of

BATCH = 200

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
UPDATE event SET handled_at = {} FROM fresh WHERE event.id = fresh.id RETURNING event.id, event.kind
"""
# What nobody has tried to send yet. Who wants each piece of news at once gets each in a letter of its own.
FRESH = """
done_at IS NULL AND gave_up_at IS NULL AND digest IS NULL AND recipient <> '' AND attempts = 0 AND resent = 0
AND recipient NOT LIKE 'at_once:%' AND reaction = ANY({}::text[])
"""
# A digest has an id of its own: a deputy's copy has that of the letter which it is a copy of.
TOGETHER = f"""
WITH reader AS (
    SELECT DISTINCT recipient FROM delivery WHERE {FRESH} AND next_at <= {{}}
), fresh AS (
    SELECT id, recipient FROM delivery WHERE {FRESH} AND recipient IN (SELECT recipient FROM reader)
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), first AS (
    SELECT recipient, min(id) AS id FROM fresh GROUP BY recipient HAVING count(*) > 1
)
UPDATE delivery SET digest = first.id, next_at = {{}},
    message_id = regexp_replace(message_id, '^.*@', '<digest-' || first.id || '@')
FROM fresh JOIN first USING (recipient) WHERE delivery.id = fresh.id RETURNING delivery.id
"""  # noqa: S608
# The letters of a digest go with the first of them whose fate is open; it is the one that is offered and begun.
FOREMOST = """
(digest IS NULL OR NOT EXISTS (
    SELECT FROM delivery earlier WHERE earlier.digest = delivery.digest AND earlier.id < delivery.id
    AND earlier.done_at IS NULL AND earlier.gave_up_at IS NULL))
"""
WAITING = """
SELECT DISTINCT reaction FROM delivery WHERE done_at IS NULL AND gave_up_at IS NULL AND next_at <= {}
"""
# The letter that tries whether the mail server is back: of those that have met it away, the one that is due first.
AT_THE_DOOR = f"""
(SELECT id FROM delivery WHERE {outage.KEPT_BACK} AND next_at <= {{}} AND reaction <> ALL({{}}::text[]) AND {FOREMOST}
    ORDER BY next_at, id LIMIT 1)
"""  # noqa: S608
OFFERED = f"""
WITH due AS (
    SELECT id FROM delivery WHERE done_at IS NULL AND gave_up_at IS NULL AND next_at <= {{}}
    AND reaction <> ALL({{}}::text[]) AND {FOREMOST}
    AND (NOT {{}} OR recipient = '' OR {outage.LEFT_IN_HANDS} OR id = {AT_THE_DOOR})
    ORDER BY next_at, id LIMIT {{}} FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE delivery SET next_at = {{}} FROM due WHERE delivery.id = due.id
RETURNING delivery.id, delivery.reaction, delivery.failures
"""  # noqa: S608


async def expand(*, at: datetime) -> int:
    """Write a delivery for each reaction to each event that nobody has handled yet. Returns how many events."""
    kinds, names = map(list, zip(*lines(), strict=True))
    happened = await Event.raw(EXPANDED, BATCH, at, kinds, names, at)
    # Who looks at a page waits for this, so it goes no way through the queue; committed it is, and may be lost.
    await tell_open_pages([row["id"] for row in happened if row["kind"] in TOLD_AT_ONCE])
    return len(happened)


async def gather(*, at: datetime) -> int:
    """Put the letters that one reader is owed at once into one digest. Returns how many letters; a sole one stays."""
    return len(await Delivery.raw(TOGETHER, GATHERED, at, GATHERED, at))


async def waiting(*, at: datetime) -> set[str]:
    """The queues for which something is due; most of the time that is one of them."""
    return {reaction_of(row["reaction"]).queue for row in await Delivery.raw(WAITING, at)}


async def offer(queue: str, *, at: datetime, enqueue: Enqueue, at_most: int = BATCH) -> int:
    """Enqueue the deliveries that are due for this queue, and put each off by the lease. Returns how many.

    The lease is committed only when all are enqueued; what was enqueued before a failure is offered again,
    and the second of two offers finds the delivery taken or done. While the mail server is away one letter at a
    time is offered to try whether it is back, and what was in the hands of a killed worker; who is owed a letter is
    written down all the same.
    """
    trying = queue in BY_MAIL and await outage.is_on()
    elsewhere = [name for name, reaction in BY_NAME.items() if reaction.queue != queue]
    async with atomic():
        due = await Delivery.raw(OFFERED, at, elsewhere, trying, at, elsewhere, at_most, at + LEASE)
        for row in sorted(due, key=lambda each: each["id"]):
            await enqueue(reaction_of(row["reaction"]).queue, row["id"], row["failures"])
    return len(due)
