"""To whom a letter goes, and the link in it: each reader is led to the desk where they work on the message."""

from collections.abc import Iterable
from email.message import EmailMessage
from typing import Any

from domain.model import Event, Person
from domain.moves import Role
from workers.mail.composing import Letter, composed, link
from workers.mail.reading import About

DESKS = {
    Role.CITIZEN: "messages",
    Role.EXECUTOR: "execution",
    Role.MODERATOR: "moderation",
    Role.CONTROLLER: "control",
    Role.COORDINATOR: "control",
}


def letters(name: str, event: Event, case: About, to: Iterable[Person | None], **context: Any) -> list[EmailMessage]:
    """One letter for each of them who has an address, with a link to where they work on the message."""
    written = []
    for reader in to:
        if reader is not None and reader.email and reader.active:
            url = link(f"/{DESKS[Role(reader.role)]}/{event.message}")
            everything = {"url": url, **case.shown(), **context}
            written.append(composed(Letter(name, event, reader, everything)))
    return written
