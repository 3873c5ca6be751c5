"""What a form of the moderator names has to stand in the directories: a topic, a territory, an executor (§3)."""

import re
from collections.abc import Iterable, Sequence

from domain.errors import Unfit, say
from domain.model import Message, Person, Responsibility, Territory, Topic
from domain.moves import Role
from domain.rows import row


async def known_topic(id: int | None, message: Message) -> Topic:
    """A topic in use, or the one that the message came with although it was closed meanwhile.

    Inside a transaction nobody changes its level until the terms that are opened by it are written.
    """
    topic = await row(Topic, id or message.topic, held=True)
    if topic is None or not (topic.active or topic.id == message.topic):
        raise Unfit({"topic": say("Choose a topic from the list.")})
    return topic


async def able_executor(id: int | None) -> Person | None:
    """This person, if they execute now."""
    official = await row(Person, id)
    return official if official is not None and official.role == Role.EXECUTOR and official.active else None


async def known_executor(id: int | None) -> Person:
    official = await able_executor(id)
    if official is None:
        raise Unfit({"executor": say("Choose an executor from the list.")})
    return official


async def known_territory(id: int | None) -> int | None:
    if id is not None and not await Territory.exists().where((Territory.id == id) & Territory.active.eq(True)):
        raise Unfit({"territory": say("Choose a territory from the list.")})
    return id


def recognised(address: str, territories: Iterable[tuple[int, Sequence[str]]]) -> int | None:
    """The territory (of pairs of id and places) of which a place stands in the address; the longest place decides."""
    found = [(len(place), id) for id, places in territories for place in places if names(address, place)]
    return max(found)[1] if found else None


async def territory_of(address: str) -> int | None:
    """The territory in use that the address names."""
    territories = await Territory.select(Territory.id, Territory.places).where(Territory.active.eq(True))
    return recognised(address, [(each["id"], each["places"]) for each in territories])


def names(address: str, place: str) -> bool:
    """As whole words, whatever the case: a street of Peace is not found in the street of Peacemakers."""
    words = [text.casefold().replace("ё", "е") for text in (place, address)]
    return bool(words[0].strip()) and re.search(rf"(?<!\w){re.escape(words[0])}(?!\w)", words[1]) is not None


async def responsible(topic: Topic, territory: int | None, executor: int | None) -> Person:
    """Whom the moderator names; else who answers on the topic in the territory; else the topic's own (R07)."""
    if executor is None and territory is not None:
        here = (Responsibility.topic == topic.id) & (Responsibility.territory == territory)
        found = (
            await Responsibility.select(Responsibility.executor).where(here & Responsibility.active.eq(True)).first()
        )
        executor = found["executor"] if found else None
    return await known_executor(executor or topic.executor)
