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
from workers.mail.composing import Letter, reads_letters
from workers.mail.reading import About, sides, told
from workers.mail.templating import link

OWED = """
WITH owed AS (
    INSERT INTO delivery (event, reaction, next_at, recipient, address, message_id)
    SELECT {}, {}, {}, reader.* FROM unnest({}::text[], {}::text[], {}::text[]) AS reader
    ON CONFLICT (event, reaction, recipient) DO NOTHING RETURNING id, next_at
)
SELECT id, CASE WHEN next_at <= {} THEN pg_notify('event', '') END FROM owed
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

    Whoever is away today gets it, and their deputy gets a copy: the case must not wait for a return (§4.1). So the
    deputy of whoever has left, or has no address, gets it all the same.
    """
    named = [each for each in to if each is not None and wants(each, name)]
    # Whoever has another role by now is stood in for in what was theirs, and in nothing of their new desk.
    theirs = (case.message.executor, told(event).get("owed_by"))
    executing = [each.id for each in named if each.role == Role.EXECUTOR or each.id in theirs]
    standing_in = await deputies(executing, in_town(moment.now()).date()) if executing else {}
    readers = [each for each in named if reads_letters(each) or each.id in standing_in]
    worded = await in_force(name) if readers else {}

    def said(role: str) -> dict[str, Any]:
        return {"url": link(f"/{DESKS[Role(role)]}/{case.message.id}"), **case.shown(), **context}

    written = []
    for reader in readers:
        letter = Letter(name, event, reader, said(reader.role), standing_in.get(reader.id), worded=worded)
        written += [letter] if reads_letters(reader) else []
        written += [replace(letter, context=said(Role.EXECUTOR), copy=True)] if letter.deputy else []
    return written


async def to_each_author(name: str, event: Event, case: About, **context: Any) -> list[Letter]:
    """A letter of their own to every author of the case, about their own message (R10)."""
    written = [await letters(name, event, side, [side.author], **context) for side in await sides(case)]
    return [letter for own in written for letter in own]


async def owe(reaction: str, letters: Sequence[Letter], *, wait: timedelta) -> dict[int, Letter]:
    """Owe each reader their letter, once however often this is done; the relay hears of it as of the journal.

    Returns a sole letter that need not wait, by its delivery: whoever has written it sends it at once, and the relay
    offers it only when that came to nothing. Of several none waits for a mail server that is slow to take another.
    """
    rows = [(each.recipient, each.kept_address, each.message_id) for each in letters]
    if not rows:
        return {}
    at_once = len(rows) == 1 and not wait
    at = moment.now() + (moment.LEASE if at_once else wait)
    owed = await owe_each(reaction, letters[0].event.id, rows, at=at)
    return dict.fromkeys(owed, letters[0]) if at_once else {}


async def owe_each(
    reaction: str, event: int, rows: Sequence[tuple[str, str | None, str]], *, at: datetime
) -> list[int]:
    """Owe what one event owes to each reader: who it is, where they are reached, which id. Returns the new ones."""
    if not rows:
        return []
    columns = map(list, zip(*rows, strict=True))
    return [row["id"] for row in await Delivery.raw(OWED, event, reaction, at, *columns, moment.now())]
