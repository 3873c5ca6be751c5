"""The one door for every change of a status: of two people at once one wins, the other is told who and what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.errors import Stale
from domain.model import Event, Message
from domain.moves import Move, Mover, Role


@dataclass(frozen=True)
class System:
    """Who acts when nobody is looking: the clock."""

    id: int | None = None
    role: str = Role.SYSTEM


SYSTEM = System()


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
        raise await stale(message)
    for name, value in values.items():
        setattr(message, name, value)


async def stale(message: Message) -> Stale:
    """Who was faster, and with what: the last line of the journal, told to the one who came second."""
    last = (
        await Event.select(Event.kind, Event.at, Event.actor.name.as_alias("who"))
        .where(Event.message == message.id)
        .order_by(Event.id, ascending=False)
        .first()
    )
    if last is None:
        return Stale("The message has changed meanwhile.")
    who: str = last["who"] or ""
    when: datetime = last["at"]
    return Stale("Somebody was faster.", who=who, what=last["kind"], when=when)
