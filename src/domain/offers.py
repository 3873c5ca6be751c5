"""An offer of a case to a colleague waits while the case lies with its executor, and goes when the case goes (§4.1)."""

from datetime import datetime
from typing import Any

from domain.events import Kind, record
from domain.model import HandOver, Message
from domain.moves import Mover

WAITS = HandOver.settled_at.is_null()


async def call_off(message: Message, *, by: Mover, at: datetime) -> None:
    """With the move that takes the case from its executor; should it come back, what was offered is offered anew."""
    gone: dict[Any, Any] = {HandOver.outcome: "withdrawn", HandOver.settled_at: at}
    theirs = (HandOver.message == message.id) & WAITS
    for offer in await HandOver.update(gone).where(theirs).returning(HandOver.taker):
        await record(Kind.HAND_OVER_WITHDRAWN, message, by=by, at=at, executor=offer["taker"])
