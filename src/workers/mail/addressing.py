"""To whom a letter goes, and the link in it: each reader is led to the desk where they work on the message."""

from collections.abc import Iterable
from email.message import EmailMessage
from typing import Any

from domain.model import Event, Person
from domain.moves import Role
from domain.standing_in import deputies
from domain.workdays import in_town
from workers import moment
from workers.mail.composing import Letter, address, composed, link
from workers.mail.reading import About

DESKS = {
    Role.CITIZEN: "messages",
    Role.EXECUTOR: "execution",
    Role.MODERATOR: "moderation",
    Role.CONTROLLER: "control",
    Role.COORDINATOR: "control",
}


async def letters(
    name: str, event: Event, case: About, to: Iterable[Person | None], **context: Any
) -> list[EmailMessage]:
    """One letter for each of them who has an address, with a link to where they work on the message.

    Whoever is away today gets it, and their deputy gets a copy: the case must not wait for a return (§4.1).
    """
    readers = [each for each in to if each is not None and each.email and each.active]
    standing_in = await deputies([each.id for each in readers], in_town(moment.now()).date()) if readers else {}
    written = []
    for reader in readers:
        url = link(f"/{DESKS[Role(reader.role)]}/{event.message}")
        letter = composed(Letter(name, event, reader, {"url": url, **case.shown(), **context}))
        if deputy := standing_in.get(reader.id):
            letter["Cc"] = address(*deputy)
        written.append(letter)
    return written
