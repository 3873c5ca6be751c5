"""What a form of the moderator names has to stand in the directories: a topic, an executor (§3)."""

from domain.errors import Unfit, say
from domain.model import Person, Topic
from domain.moves import Role


async def known_topic(id: int) -> Topic:
    topic = await Topic.objects().get(Topic.id == id)
    if topic is None:
        raise Unfit({"topic": say("Choose a topic from the list.")})
    return topic


async def known_executor(id: int | None) -> Person:
    official = await Person.objects().get((Person.id == id) & (Person.role == Role.EXECUTOR) & Person.active.eq(True))
    if official is None:
        raise Unfit({"executor": say("Choose an executor from the list.")})
    return official
