"""The one door for every change of a status: of two people at once one wins, the other is told who and what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import Stale
from domain.events import Kind
from domain.model import Event, Message
from domain.moves import Move, Mover, Role
from domain.wording import N_
from domain.workdays import TOWN


@dataclass(frozen=True)
class System:
    """Who acts when nobody is looking: the clock."""

    id: int | None = None
    role: str = Role.SYSTEM
    stands_in_for: tuple[int, ...] = ()


SYSTEM = System()
# What is published in the act of registering or approving is told of as that act.
IN_PASSING = (Kind.PUBLISHED, Kind.ANSWER_PUBLISHED)
# They tell of a message and move nothing, so nobody was faster by one of them.
MOVES_NOTHING = (
    Kind.DRAFTED, Kind.TERM_REMINDER, Kind.TERM_MISSED, Kind.TERM_RECOUNTED, Kind.TERM_ESCALATED,
    Kind.REASON_ASKED, Kind.REASON_GIVEN, Kind.SITTING_CALLED, Kind.PRESENCE_NOTED,
    Kind.DECISION_PROPOSED, Kind.VOTED, Kind.SITTING_CLOSED, Kind.BLOCKED, Kind.OBJECTED, Kind.BLOCK_LIFTED,
    Kind.BLOCK_KEPT, Kind.BLOCK_ENDED,
    Kind.PART_NAMED, Kind.PART_WRITTEN, Kind.PART_DONE, Kind.PART_REMOVED, Kind.PHOTO_EDITED, Kind.PHOTO_CONFIRMED,
    Kind.LETTER_RETURNED, Kind.LETTER_RESENT, Kind.ORIGINAL_TAKEN, Kind.AUTHOR_OPENED, Kind.SUBSCRIPTION_ASKED,
    Kind.HAND_OVER_OFFERED, Kind.HAND_OVER_RETURNED, Kind.HAND_OVER_WITHDRAWN,
)  # fmt: skip
FASTER: dict[str, str] = {
    Kind.REGISTERED: N_("%(who)s was faster: registered the message at %(when)s."),
    Kind.ANSWERED_AT_ONCE: N_("%(who)s was faster: registered and answered the message at %(when)s."),
    Kind.PUBLISHED: N_("%(who)s was faster: published the message at %(when)s."),
    Kind.ANSWER_PUBLISHED: N_("%(who)s was faster: published the answer at %(when)s."),
    Kind.PUBLICATION_REJECTED: N_("%(who)s was faster: rejected a publication at %(when)s."),
    Kind.PHOTO_COVERED: N_("%(who)s was faster: covered a photo at %(when)s."),
    Kind.REFUSED: N_("%(who)s was faster: refused registration at %(when)s."),
    Kind.QUESTIONED: N_("%(who)s was faster: asked the author at %(when)s."),
    Kind.JOINED: N_("%(who)s was faster: joined the message to another one at %(when)s."),
    Kind.DETACHED: N_("%(who)s was faster: took the message out of another case at %(when)s."),
    Kind.TOOK_IN: N_("%(who)s was faster: joined another message to this one at %(when)s."),
    Kind.LET_GO: N_("%(who)s was faster: took another message out of this case at %(when)s."),
    Kind.ACCEPTED: N_("%(who)s was faster: accepted the message at %(when)s."),
    Kind.HANDED_BACK: N_("%(who)s was faster: handed the message back at %(when)s."),
    Kind.REROUTED: N_("%(who)s was faster: sent the message to another executor at %(when)s."),
    Kind.HAND_OVER_TAKEN: N_("%(who)s was faster: took the case over at %(when)s."),
    Kind.SENT_FOR_REVIEW: N_("%(who)s was faster: sent the answer for review at %(when)s."),
    Kind.SENT_BACK: N_("%(who)s was faster: sent the answer back at %(when)s."),
    Kind.APPROVED: N_("%(who)s was faster: approved the answer at %(when)s."),
    Kind.BROUGHT_TO_COMMISSION: N_("%(who)s was faster: the case went to the commission at %(when)s."),
    Kind.DECIDED: N_("%(who)s was faster: noted the decision of the commission at %(when)s."),
}
# Whoever acts on a message is told that its author has acted, and not who that is.
BY_AUTHOR: dict[str, str] = {
    Kind.REPLIED: N_("The author was faster: replied to the question at %(when)s."),
    Kind.CORRECTED: N_("The author was faster: corrected the message at %(when)s."),
    Kind.BROUGHT_TO_COMMISSION: N_("The author was faster: the case went to the commission at %(when)s."),
}


async def take(move: Move, message: Message, *, by: Mover, **changes: Any) -> None:
    """Make the move, and the changes that belong to it, if the message still stands where `message` was read.

    Raises NotAllowed for the wrong person and Stale when somebody was faster; `message` then stays as it was read.
    """
    if not move.is_for(by, message) or message.status in move.sources:
        move.check(by, message)
    values: dict[Any, Any] = {"status": move.to, "version": message.version + 1, **changes}
    won = message.status in move.sources and await Message.update(values).where(
        (Message.id == message.id) & (Message.version == message.version) & (Message.status == message.status)
    ).returning(Message.id)
    if not won:
        raise await stale(message, by)
    for name, value in values.items():
        setattr(message, name, value)


async def at_rest(ids: Sequence[int]) -> list[Message]:
    """Of these messages those that nobody else is moving, each held until the transaction ends."""
    return await Message.objects().where(Message.id.is_in(list(ids))).lock_rows("NO KEY UPDATE", skip_locked=True)


async def take_each(
    move: Move, messages: Sequence[Message], *, by: Mover, next_round: bool = False, **changes: Any
) -> None:
    """Make the move with each of many that are held by this transaction as they were read: nobody can be faster."""
    for message in messages:
        move.check(by, message)
        message.status, message.version = move.to, message.version + 1
        message.round += next_round
    if messages:
        counted = {Message.version: Message.version + 1, Message.round: Message.round + int(next_round)}
        values: dict[Any, Any] = {"status": move.to, **counted, **changes}
        await Message.update(values).where(Message.id.is_in([each.id for each in messages]))


async def alter(message: Message, *, by: Mover, **changes: Any) -> None:
    """Change what belongs to no status, if the message is still as it was read; raises Stale when it is not."""
    values: dict[Any, Any] = {"version": message.version + 1, **changes}
    as_read = (Message.id == message.id) & (Message.version == message.version)
    if not await Message.update(values).where(as_read).returning(Message.id):
        raise await stale(message, by)
    for name, value in values.items():
        setattr(message, name, value)


async def hold(message: Message, by: Mover) -> None:
    """Nobody moves the message until the transaction ends: for what belongs to a status and does not change it.

    Raises Stale when it no longer stands where `message` was read.
    """
    stands = (Message.id == message.id) & (Message.status == message.status) & (Message.round == message.round)
    if not await Message.objects().where(stands & (Message.executor == message.executor)).lock_rows("NO KEY UPDATE"):
        raise await stale(message, by)


async def stale(message: Message, by: Mover) -> Stale:
    """Who was faster, and with what, told to the one who came second; of an author only that it was they (R10)."""
    happened = (Event.message == message.id) & Event.kind.not_in(list(MOVES_NOTHING))
    actor = (Event.actor.name.as_alias("who"), Event.actor.role.as_alias("role"))
    told = Event.select(Event.kind, Event.at, *actor).where(happened).order_by(Event.id, ascending=False)
    last = deed_of(await told.limit(2))
    if last is None or last["role"] is None or by.role == Role.CITIZEN:
        return Stale("The message has changed meanwhile.")
    when = last["at"].astimezone(TOWN).strftime("%H:%M")
    if last["role"] == Role.CITIZEN:
        sentence = BY_AUTHOR.get(last["kind"], N_("The author was faster, at %(when)s."))
        return Stale(sentence, what=last["kind"], when=when)
    sentence = FASTER.get(last["kind"], N_("%(who)s was faster, at %(when)s."))
    return Stale(sentence, who=last["who"], what=last["kind"], when=when)


def deed_of(latest: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Of the latest two lines of the journal the one that names what was done."""
    if len(latest) == 2 and latest[0]["kind"] in IN_PASSING and latest[0]["at"] == latest[1]["at"]:
        return latest[1]
    return latest[0] if latest else None
