"""What others have done to an open case meanwhile (R31, R33): told beside it, and it stays as it was opened."""

from typing import Any

from domain.model import Message, Person
from domain.moves import Role
from portal.desk import cases, journal
from portal.desk.asking import Asked


async def changes(asked: Asked, message: Message, since: int, desk: str) -> dict[str, Any]:
    """The events after `since`, and how the clock of the case reads by now; one statement for both."""
    case = await cases.case(message, asked.book, by=asked.person, at=asked.at, language=asked.language)
    executor = asked.person.role == Role.EXECUTOR
    # A page saves the words of its own reader by itself.
    fresh = [event for event in case.events if event["id"] > since and not saved_by(asked.person, event)]
    return {
        "news": journal.journal(fresh, language=asked.language, executor=executor, veiled=case.author.voiced),
        "clock": case.clock,
        "address": f"{desk}/{message.id}",
    }


def saved_by(person: Person, event: journal.Row) -> bool:
    return event["actor"] == person.id and event["kind"] in journal.SAVED
