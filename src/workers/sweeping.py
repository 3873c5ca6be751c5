"""The sweeps: terms and blocks that end (R22, R23, R29, R31), and what nobody came back for.

Each step locks what it takes and records it once, so that two sweeps at once, or one killed half-way, tell nobody
twice and forget nobody.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from domain import answering, blocking, clarifying, escalating, following, keeping, leasing, rating, recounting, terms
from domain.model import Attachment, Confirmation, Draft, Session, Upload
from domain.outages import DatabaseAway, DatabaseBusy
from domain.rulebook import rulebook
from domain.terms import Owed
from workers import live, pieces

log = logging.getLogger(__name__)

Move = Callable[..., Awaitable[int]]  # a verb of the domain: messages and `at`, returns how many it moved

KEPT = timedelta(hours=24)  # files and drafts of a form that was never sent
FILES_KEPT = timedelta(days=2)  # longer than the draft that may still bring them
BATCH = 200

ORPHANS = """
DELETE FROM attachment WHERE id IN (
    SELECT id FROM attachment WHERE message IS NULL AND part IS NULL AND received_at < {}
    ORDER BY received_at LIMIT {} FOR UPDATE SKIP LOCKED
) RETURNING id
"""


# One's pieces lie under its id, so its row goes first: what is laid after that is refused.
EXPIRED = """
DELETE FROM upload WHERE id IN (
    SELECT id FROM upload WHERE expires_at <= {} ORDER BY expires_at LIMIT {} FOR UPDATE SKIP LOCKED
) RETURNING id
"""


async def sweep(*, at: datetime) -> None:
    """What the passing of time alone does to messages and to the operator's directories."""
    while await terms.end_returns(at=at):
        pass
    while await terms.miss_due(at=at):
        pass
    while await escalating.escalate(at=at):
        pass
    while await blocking.tell_ended(at=at):
        pass
    await move_each(Owed.CLARIFICATION, clarifying.refuse_silence, at=at)
    # In this order: the promised day ends the ratings, and what one of several authors said before it counts (R27).
    await move_each(Owed.RATING, rating.close_unrated, at=at)
    await move_each(Owed.PROMISE, answering.follow_up, at=at)
    # After the terms: what ran out yesterday ran out by the rules of yesterday.
    await keeping.come_into_force(at=at)
    await recounting.recount_late_comers(await rulebook(), at=at)
    await live.tell_of_leases(*await leasing.forget_silent(at=at))


async def move_each(kind: Owed, move: Move, *, at: datetime) -> None:
    """Move every message whose term has run out, many in one transaction; each is tried once in a sweep."""
    last = 0
    while messages := await terms.run_out(kind, at=at, after=last):
        await move_all(kind, move, messages, at=at)
        last = messages[-1]


async def move_all(kind: Owed, move: Move, messages: Sequence[int], *, at: datetime) -> None:
    """One message that cannot be moved keeps none of the others back: it is found by halves, and stays."""
    try:
        await move(*messages, at=at)
    except Exception as trouble:
        if isinstance(trouble, DatabaseAway) and not isinstance(trouble, DatabaseBusy):
            raise
        if len(messages) == 1:
            log.exception("message %s stays, though its term of %s has run out", messages[0], kind)
            return
        half = len(messages) // 2
        await move_all(kind, move, messages[:half], at=at)
        await move_all(kind, move, messages[half:], at=at)


async def tidy(*, at: datetime) -> None:
    """Forget sessions that have expired, drafts and files of forms that were never sent, and files half come.

    And guests who asked for letters and did not confirm, or whose message is closed for long.
    """
    await Session.delete().where(Session.expires_at < at)
    await Draft.delete().where(Draft.saved_at < at - KEPT)
    await following.forget(at=at)
    await Confirmation.delete().where(Confirmation.at < at - KEPT)
    while await forget_orphans(at=at) == BATCH:
        pass
    while await forget_uploads(at=at) == BATCH:
        pass


async def forget_uploads(*, at: datetime) -> int:
    """Files that stopped half-way: first the rows, so that nobody waits for the store inside a transaction.

    The pieces that a kill leaves between the two go with the sweep of the store.
    """
    expired = await Upload.raw(EXPIRED, at, BATCH)
    for each in expired:
        await pieces.clear(each["id"])
    return len(expired)


async def forget_orphans(*, at: datetime) -> int:
    """Rows of files whose form was never sent; what then lies in the store without a row goes with its daily sweep."""
    return len(await Attachment.raw(ORPHANS, at - FILES_KEPT, BATCH))
