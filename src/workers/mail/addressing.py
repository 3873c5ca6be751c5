"""To whom a letter goes, and the link in it: each reader is led to the desk where they work on the message."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from domain.choosing import wants
from domain.lettering import in_force
from domain.model import Delivery, Event, Person
from domain.moves import Role
from domain.standing_in import deputies
from domain.workdays import in_town
from workers import moment
from workers.mail.composing import Letter
from workers.mail.reading import About, sides
from workers.mail.templating import link

OWED = """
WITH owed AS (
    INSERT INTO delivery (event, reaction, next_at, recipient, address, message_id)
    SELECT {}, {}, {}, reader.* FROM unnest({}::text[], {}::text[], {}::text[]) AS reader
    ON CONFLICT (event, reaction, recipient) DO NOTHING RETURNING id
)
SELECT pg_notify('event', '') WHERE EXISTS (SELECT FROM owed)
"""
DESKS = {
    Role.CITIZEN: "messages",
    Role.EXECUTOR: "execution",
    Role.MODERATOR: "moderation",
    Role.CONTROLLER: "control",
    Role.COORDINATOR: "control",
}


async def letters(name: str, event: Event, case: About, to: Iterable[Person | None], **context: Any) -> list[Letter]:
    """One letter for each who has an address and wants it, with a link to where they work on the message.

    Whoever is away today gets it, and their deputy gets a copy: the case must not wait for a return (§4.1).
    """
    readers = [each for each in to if each is not None and each.email and each.active and wants(each, name)]
    standing_in = await deputies([each.id for each in readers], in_town(moment.now()).date()) if readers else {}
    worded = await in_force(name) if readers else {}
    written = []
    for reader in readers:
        url = link(f"/{DESKS[Role(reader.role)]}/{case.message.id}")
        said = {"url": url, **case.shown(), **context}
        letter = Letter(name, event, reader, said, standing_in.get(reader.id), worded=worded)
        written += [letter, replace(letter, copy=True)] if letter.deputy else [letter]
    return written


async def to_each_author(name: str, event: Event, case: About, **context: Any) -> list[Letter]:
    """A letter of their own to every author of the case, about their own message (R10)."""
    written = [await letters(name, event, side, [side.author], **context) for side in await sides(case)]
    return [letter for own in written for letter in own]


async def owe(reaction: str, letters: Sequence[Letter], *, wait: timedelta) -> None:
    """Owe each reader their letter, once however often this is done; the relay hears of it as of the journal."""
    rows = [(each.recipient, each.kept_address, each.message_id) for each in letters]
    if rows:
        await owe_each(reaction, letters[0].event.id, rows, at=moment.now() + wait)


async def owe_each(reaction: str, event: int, rows: Sequence[tuple[str, str | None, str]], *, at: datetime) -> None:
    """What one event owes to each reader: who it is, where they are reached, and under which id."""
    if rows:
        await Delivery.raw(OWED, event, reaction, at, *map(list, zip(*rows, strict=True)))
