"""What others have done to an open case meanwhile (R31, R33): told beside it, and it stays as it was opened."""

from typing import Any

from domain.model import Message
from portal.desk import cases, journal
from portal.desk.asking import Asked


async def changes(asked: Asked, message: Message, since: int, desk: str, *, names: bool = True) -> dict[str, Any]:
    """The events after `since`, and how the clock of the case reads by now; one statement for both."""
    case = await cases.case(message, asked.book, at=asked.at, language=asked.language, names=names)
    fresh = [event for event in case.events if event["id"] > since]
    return {
        "news": journal.journal(fresh, language=asked.language, names=names),
        "clock": case.clock,
        "address": f"{desk}/{message.id}",
    }
