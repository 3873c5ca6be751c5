"""A file as it came is taken away by officials of its case, and each time the journal says so (§4.1, R33)."""

import asyncio
from uuid import uuid4

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.stories import HOUR

from domain import attaching, originals
from domain.errors import NotAllowed, OutOfTurn
from domain.events import Kind
from domain.model import Attachment, Event, Message

pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]
LATER = MONDAY + 5 * HOUR


async def with_a_file(town: Town, state: str = "ready") -> tuple[Message, Attachment]:
    message = await stories.in_work(town)
    file = await attaching.receive(
        id=uuid4(), key=uuid4(), name="scan.pdf", content_hash="x", kind="pdf", size=9, by=town.anna.id, at=MONDAY
    )
    await attaching.attach(file.key, [file.id], to=message)
    await Attachment.update({Attachment.state: state}).where(Attachment.id == file.id)
    file.state = state
    return message, file


async def test_who_took_what_and_when_stands_in_the_journal(town: Town) -> None:
    message, file = await with_a_file(town)

    await originals.take_away(message, file, by=town.pavel, at=LATER)

    event = await stories.told(message, Kind.ORIGINAL_TAKEN)
    assert (event.actor, event.at) == (town.pavel.id, LATER)
    assert (event.data["file"], event.data["name"]) == (str(file.id), "scan.pdf")


async def test_two_at_once_are_two_lines_and_nobody_is_late(town: Town) -> None:
    message, file = await with_a_file(town)

    await asyncio.gather(*(originals.take_away(message, file, by=who, at=LATER) for who in (town.pavel, town.marina)))

    taken = Event.select(Event.actor).where(Event.kind == Kind.ORIGINAL_TAKEN)
    assert {row["actor"] for row in await taken} == {town.pavel.id, town.marina.id}
    assert (await stories.fresh(message)).version == message.version


@pytest.mark.parametrize("who", ["anna", "boris", "sergey"])
async def test_it_is_neither_for_citizens_nor_for_the_executors_of_other_cases(who: str, town: Town) -> None:
    message, file = await with_a_file(town)

    with pytest.raises(NotAllowed):
        await originals.take_away(message, file, by=getattr(town, who), at=LATER)

    assert not await Event.exists().where(Event.kind == Kind.ORIGINAL_TAKEN)


@pytest.mark.parametrize("state", ["received", "refused"])
async def test_what_nobody_has_looked_at_is_not_taken_away(state: str, town: Town) -> None:
    message, file = await with_a_file(town, state)

    with pytest.raises(OutOfTurn):
        await originals.take_away(message, file, by=town.marina, at=LATER)
