"""Authors who say who they are in everything that they can write, and officials who are to read none of it (R10)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from tests import stories
from tests.people import MONDAY, Town
from tests.portal.test_workload import roman
from tests.stories import HOUR

from domain import blocking, executing, handing_over, moderating, phrases, rating, submitting
from domain.events import as_json
from domain.model import Block, Message, Person, Screening, Sitting
from domain.personal import own_words
from domain.submitting import Matter

SECRETS = (
    "Соколов", "anna@mail", "927 123", "кв. 997", "кв.997", "Кленов", "boris@mail", "937 765", "кв. 886",
)  # fmt: skip
SAID = "Пишет Анна Соколова, 8 927 123-45-67, anna@mail.example, живу на Мира, 41, кв. 997. Яма у дома."
SAID_TOO = "Это Борис Кленов, 8 937 765-43-21, boris@mail.example, Мира, 41, кв. 886. Та же яма."


@dataclass(frozen=True)
class Told:
    """Messages whose authors say who they are: one that waits, a case of two before the commission, one offered."""

    waits: Message
    case: Message
    joined: Message
    sitting: Sitting
    block: Block
    offered: Message
    file: int


async def told(town: Town, *, by: Person | None = None, said: str = SAID) -> Message:
    """Whoever writes says who they are, and a worker has read it."""
    author, phone, flat = by or town.anna, said.split(", ")[1], said.split(", ")[-1][:7]
    matter = Matter(text=said, topic=town.pothole.id, address=f"Мира, 41, {flat}", consent=True)
    message = await submitting.submit(matter, key=uuid4(), by=author, at=MONDAY)
    names = own_words(said, author.name)
    grounds = as_json({"G03": [*names, phone, flat]})
    await Screening.insert(Screening(message=message.id, sending=1, screened_at=MONDAY, names=names, grounds=grounds))
    return message


async def brought(town: Town) -> tuple[Message, Message, Sitting, Block]:
    """In everything that authors can write, and it goes as far as the commission."""
    message = await told(town)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR)
    also = await stories.joined(town, await told(town, by=town.boris, said=SAID_TOO), message, at=MONDAY + 2 * HOUR)
    message = await stories.fresh(message)
    await stories.taken_to_the_answer(town, message, publish=False)
    await rating.rate(also, by=town.boris, at=MONDAY + timedelta(days=1), choice="unsolved", remarks=SAID_TOO)
    message = await stories.fresh(message)
    await stories.answer(town, message, at=MONDAY + timedelta(days=1, hours=1))
    await stories.approve(town, message, at=MONDAY + timedelta(days=1, hours=2))
    for turn in range(2, 4):
        await stories.reworked(town, message, at=MONDAY + timedelta(days=turn))
        message = await stories.fresh(message)
    await rating.rate(message, by=town.anna, at=MONDAY + timedelta(days=4), choice="unsolved", remarks=SAID)
    message = await stories.fresh(message)
    sitting = await stories.sitting_on(town, message, at=MONDAY + timedelta(days=5))
    block = await stories.blocked(town, message, at=MONDAY + timedelta(days=5))
    await blocking.object_to(block, by=town.anna, at=MONDAY + timedelta(days=5), text=SAID)
    return message, also, sitting, block


async def offered(town: Town) -> Message:
    """A case that Roman hands over to Sergey, who heads his department; a phrase of his says the place."""
    message, helper = await told(town), await roman()
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, executor=helper.id)
    await executing.accept(message, by=helper, at=MONDAY + 2 * HOUR)
    await handing_over.offer(message, town.sergey.id, "The asphalt is ordered.", by=helper, at=MONDAY + 3 * HOUR)
    await phrases.keep(phrases.Said("Place", "We have been at {адрес}."), by=helper)
    return message


async def everything(town: Town) -> Told:
    waits, passed = await told(town), await offered(town)
    case, also, sitting, block = await brought(town)
    return Told(waits, case, also, sitting, block, passed, (await stories.the_file(case)).id)
