"""What a page saves while somebody types: the journal tells of the sitting, not of every pause in it (R33)."""

import json
from datetime import datetime, timedelta
from typing import Any

from domain.events import Kind
from domain.model import Event, Message
from domain.moves import Mover

SITTING = timedelta(hours=1)


async def is_told(kind: Kind, message: Message, *, by: Mover, at: datetime, **of: Any) -> bool:
    """Whether the last line of the journal is this very saving of this person, within the same sitting.

    The message is held by the verb that asks, so nobody writes a line meanwhile.
    """
    latest = Event.select(Event.kind, Event.actor, Event.at, Event.data).where(Event.message == message.id)
    last = await latest.order_by(Event.id, ascending=False).first()
    if last is None or (last["kind"], last["actor"]) != (kind, by.id) or at - last["at"] >= SITTING:
        return False
    said = json.loads(last["data"])
    return all(said.get(name) == value for name, value in of.items())
