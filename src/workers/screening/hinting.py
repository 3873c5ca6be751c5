"""Hints are computed after a message was sent, and written where the moderator finds them (§3)."""

import asyncio
from dataclasses import asdict
from typing import Any

from domain.events import as_json
from domain.model import Event, Message, Person, Screening, Topic
from domain.personal import Private, own_words
from domain.standard_answers import matching
from workers import live, moment
from workers.screening import Screened, screen
from workers.screening.alike import alike, likeness, words
from workers.screening.knowing import directory, model_for

FITS = 0.08  # the share of common words from which on a standard answer may fit
# A correction may be read before an earlier sending: the later one stays.
KEPT = """
INSERT INTO screening AS kept (message, sending, screened_at, names, topics, grounds, alike, standard)
VALUES ({}, {}, {}, {}, {}::jsonb, {}::jsonb, {}::jsonb, {})
ON CONFLICT (message) DO UPDATE SET sending = excluded.sending, screened_at = excluded.screened_at,
    names = excluded.names, topics = excluded.topics, grounds = excluded.grounds, alike = excluded.alike,
    standard = excluded.standard
WHERE kept.sending <= excluded.sending
"""


async def hint(event: Event) -> None:
    """Reaction: read the message as it stands now, and tell the pages on which it lies open."""
    message = await Message.objects().get(Message.id == event.message)
    assert message is not None, "the foreign key holds"  # noqa: S101
    await keep(message, await read(message))
    await live.tell_of_hints(event.id)


async def read(message: Message) -> Screened:
    lines = await directory()
    model = await model_for(lines)
    # Its author has named the place in a field of its own, and the form asks for it.
    return await asyncio.to_thread(screen, message.text, model, lines, placed=True)


async def keep(message: Message, seen: Screened) -> None:
    told: tuple[Any, ...] = (
        [asdict(each) for each in seen.topics],
        seen.grounds,
        [asdict(each) for each in await alike(message)],
    )
    people = {message.text[each.start : each.end] for each in seen.personal if each.kind == Private.NAME}
    head = (message.id, message.sending, moment.now(), sorted(people | await own_name(message)))
    await Screening.raw(KEPT, *head, *map(as_json, told), await standard(message, seen))


async def own_name(message: Message) -> set[str]:
    """What the text holds of its author's name, however it is written: so no list shows it to officials."""
    author = await Person.objects().get(Person.id == message.author)
    return set(own_words(message.text, author.name)) if author and not author.is_organisation else set()


async def standard(message: Message, seen: Screened) -> int | None:
    """The standard answer on the chosen topic or the likeliest one whose words are nearest to those of the message."""
    likeliest = [each.topic for each in seen.topics[:1]]
    topics = await Topic.select(Topic.id).where(Topic.code.is_in(likeliest)).output(as_list=True) if likeliest else []
    said = words(message.text)
    fitting = [each for topic in dict.fromkeys([message.topic, *topics]) for each in await matching(topic)]
    scored = [(likeness(said, words(f"{each.name} {each.text}")), each.id) for each in fitting]
    score, id = max(scored, default=(0.0, None))
    return id if score >= FITS else None
