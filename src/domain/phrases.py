"""Standard phrases of the answers: each executor keeps their own, whoever heads a department those of all in it."""

from dataclasses import dataclass
from typing import Any

from domain import placeholders
from domain.database import atomic
from domain.errors import NotAllowed, Sentence, Stale, Unfit, say
from domain.model import Organisation, Person, Phrase, Topic
from domain.moves import Role

NAME_AT_MOST = 60
WORDS_AT_MOST = 2000
PHRASES_AT_MOST = 60  # of one person, and of one department: they stand in one menu
# Who the author is the executor is not told (R10), and the promised date is not known yet while somebody writes.
PLACEHOLDERS = tuple(each for each in placeholders.PLACEHOLDERS if each not in (placeholders.GREETING, "срок"))


@dataclass(frozen=True)
class Said:
    """`shared` phrases are those of the department."""

    name: str
    words: str
    topic: int | None = None
    shared: bool = False


async def keep(said: Said, *, by: Person, id: int | None = None, version: int | None = None) -> None:
    """Keep a new phrase, or one that is there in other words; Unfit names every field that does not fit.

    Raises Stale when the phrase of this id was kept or taken away since this `version` of it was opened.
    """
    must_keep(by, shared=said.shared)
    name, words = " ".join(said.name.split()), said.words.strip()
    if errors := misfits(name, words) | await wrong_topic(said.topic):
        raise Unfit(errors)
    whose = (
        {"person": None, "organisation": by.organisation} if said.shared else {"person": by.id, "organisation": None}
    )
    async with atomic():
        # Of two at once one waits for the other: together they keep no more than is allowed, and no name twice.
        await hold(by, shared=said.shared)
        theirs = (Phrase.organisation == by.organisation) if said.shared else (Phrase.person == by.id)
        if await Phrase.exists().where(theirs & (Phrase.name == name) & (Phrase.id != (id or 0))):
            raise Unfit({"name": say("There is a phrase of this name already.")})
        stays = id is not None and await Phrase.exists().where(theirs & (Phrase.id == id))
        if not stays and await Phrase.count().where(theirs) >= PHRASES_AT_MOST:
            raise Unfit(
                {"name": say("There are %(count)s phrases already: take one away first.", count=PHRASES_AT_MOST)}
            )
        values: dict[Any, Any] = {"name": name, "words": words, "topic": said.topic, **whose}
        if id is not None:
            return await mend(id, values, by=by, version=version)
        await Phrase.insert(Phrase(**values))


async def hold(by: Person, *, shared: bool) -> None:
    if shared:
        await Organisation.objects().where(Organisation.id == by.organisation).lock_rows("NO KEY UPDATE")
    else:
        await Person.objects().where(Person.id == by.id).lock_rows("NO KEY UPDATE")


async def mend(id: int, values: dict[Any, Any], *, by: Person, version: int | None) -> None:
    found = await Phrase.objects().where(Phrase.id == id).lock_rows("UPDATE").first()
    if found is not None and not may_change(found, by):
        raise NotAllowed("This is not yours to do.")
    if found is None or found.version != version:
        raise Stale("The phrase was kept in another window meanwhile.")
    await Phrase.update({**values, Phrase.version: found.version + 1}).where(Phrase.id == id)


def may_change(phrase: Phrase, by: Person) -> bool:
    return phrase.person == by.id or (by.heads and phrase.organisation == by.organisation)


def must_keep(by: Person, *, shared: bool) -> None:
    if by.role != Role.EXECUTOR:
        raise NotAllowed("Only executors keep phrases.")
    if shared and not by.heads:
        raise NotAllowed("The phrases of the department are kept by its head.")


def misfits(name: str, words: str) -> dict[str, Sentence]:
    errors: dict[str, Sentence] = {}
    if not name:
        errors["name"] = say("Give the phrase a name.")
    elif len(name) > NAME_AT_MOST:
        errors["name"] = say("No more than %(max_length)s characters fit here.", max_length=NAME_AT_MOST)
    if not words:
        errors["words"] = say("Write the phrase.")
    elif len(words) > WORDS_AT_MOST:
        errors["words"] = say("No more than %(max_length)s characters fit here.", max_length=WORDS_AT_MOST)
    elif odd := placeholders.odd_ones(words, PLACEHOLDERS):
        errors["words"] = say("There is no such placeholder: %(names)s.", names=", ".join(dict.fromkeys(odd)))
    return errors


async def wrong_topic(topic: int | None) -> dict[str, Sentence]:
    if topic is None or await Topic.exists().where((Topic.id == topic) & Topic.active.eq(True)):
        return {}
    return {"topic": say("Choose a topic from the list.")}


async def remove(id: int, *, by: Person) -> None:
    """Take a phrase away; what one does not keep is not there."""
    await Phrase.delete().where((Phrase.id == id) & kept_by(by))


def kept_by(person: Person) -> Any:
    """The condition of those that this person may change."""
    own = Phrase.person == person.id
    return own | (Phrase.organisation == person.organisation) if person.heads else own


async def phrases_of(person: Person) -> list[Phrase]:
    """Their own and those of their department, by name."""
    theirs = (Phrase.person == person.id) | (Phrase.organisation == person.organisation)
    return await Phrase.objects().where(theirs).order_by(Phrase.name)
