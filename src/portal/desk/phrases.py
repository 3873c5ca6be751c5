"""Standard phrases on the executor's desk: the page that keeps them, and those that fit one case, filled in for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain import placeholders, typical
from domain.model import Message, Person, Phrase, Topic
from domain.phrases import PLACEHOLDERS, kept_by, phrases_of
from portal.forms import Typed


@dataclass(frozen=True)
class Filled:
    name: str
    words: str
    shared: bool


async def kept(
    person: Person, *, typed: Typed | None = None, at: int = 0, errors: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Everything on the page; `at` is the phrase that is mended in its one form, zero for a new one."""
    phrases, own = await phrases_of(person), await Phrase.select(Phrase.id).where(kept_by(person))
    mine = {row["id"] for row in own}
    mended = next((each for each in phrases if each.id == at and at in mine), None)
    topics = await Topic.select(Topic.id, Topic.name).where(Topic.active.eq(True)).order_by(Topic.name)
    return {
        "own": [each for each in phrases if each.person == person.id],
        "shared": [each for each in phrases if each.person != person.id],
        "mine": mine,
        "mended": mended,
        "topics": [(row["id"], row["name"]) for row in topics],
        "placeholders": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
        "form": typed or (begun(mended) if mended else Typed()),
        "errors": errors or {},
    }


def begun(phrase: Phrase) -> Typed:
    """The form of a phrase as it stands."""
    shared = "yes" if phrase.organisation else None
    return Typed.of(name=phrase.name, words=phrase.words, topic=phrase.topic, shared=shared, version=phrase.version)


async def fitting(person: Person, message: Message) -> list[Filled]:
    """Those for every case and those of its topic, with what is known of the case in the place of the braces."""
    fit = [each for each in await phrases_of(person) if each.topic in (None, message.topic)]
    facts = await facts_of(message) if fit else {}
    filled = [Filled(each.name, placeholders.filled(each.words, facts), each.person is None) for each in fit]
    return sorted(filled, key=lambda each: (each.shared, each.name))


async def facts_of(message: Message) -> dict[str, str]:
    topic, official = await Topic.objects().get(Topic.id == message.topic), await executor_of(message)
    if topic is None or official is None:
        raise LookupError(f"message {message.id} has no topic or no executor")
    known = await typical.facts(message, topic, official, None, at=message.registered_at)
    return {**known, placeholders.NUMBER: message.number}


async def executor_of(message: Message) -> Person | None:
    return await Person.objects().get(Person.id == message.executor)
