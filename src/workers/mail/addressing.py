"""To whom a letter goes, and the link in it: each reader is led to the desk where they work on the message."""

from collections.abc import Iterable, Sequence
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


def letters(name: str, event: Event, case: About, to: Iterable[Person | None], **context: Any) -> list[EmailMessage]:
    """One letter for each of them who has an address, with a link to where they work on the message."""
    written = []
    for reader in to:
        if reader is not None and reader.email and reader.active:
            url = link(f"/{DESKS[Role(reader.role)]}/{event.message}")
            everything = {"url": url, **case.shown(), **context}
            written.append(composed(Letter(name, event, reader, everything)))
    return written


async def copied_to_deputies(written: Sequence[EmailMessage]) -> Sequence[EmailMessage]:
    """Who is away today gets the letter, and their deputy gets a copy: the case must not wait for a return (§4.1)."""
    addressed = {each["To"].addresses[0].addr_spec: each for each in written}
    standing_in = await deputies(list(addressed), in_town(moment.now()).date()) if written else {}
    for of, (name, to) in standing_in.items():
        addressed[of]["Cc"] = address(name, to)
    return written
