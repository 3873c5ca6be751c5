"""A photo of the answer stands beside the one of the question that it replies to: before and after (R17)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.domain.test_evidence import asked_with, photo
from tests.people import MONDAY, Town
from tests.stories import HOUR, fresh, in_work, the_answer

from domain import answering
from domain.answering import Written
from domain.errors import Stale, Unfit
from domain.model import Attachment, Message

pytestmark = [pytest.mark.rule("R17"), pytest.mark.usefixtures("database")]
MINUTE = HOUR / 60


async def asked(town: Town, photos: int) -> tuple[Message, list[UUID]]:
    """A case in work, whose question came with so many photos."""
    message, before = await in_work(town), [await photo(at=MONDAY + n * MINUTE) for n in range(photos)]
    for file in before:
        await asked_with(file, message)
    return message, [file.id for file in before]


async def drafted(town: Town, message: Message, photos: int) -> list[UUID]:
    """So many photos come with one press."""
    key, after = uuid4(), [await photo(at=MONDAY + 3 * HOUR + n * MINUTE) for n in range(photos)]
    ids = [file.id for file in after]
    await Attachment.update({Attachment.key: key}).where(Attachment.id.is_in(ids))
    given = Written(outcome="solved", text="Filled.", key=key, files=ids)
    await answering.draft(message, given, by=town.pavel, at=MONDAY + 3 * HOUR)
    return ids


async def pairs(ids: list[UUID]) -> list[UUID | None]:
    rows = await Attachment.select(Attachment.id, Attachment.before).where(Attachment.id.is_in(ids))
    found = {row["id"]: row["before"] for row in rows}
    return [found[id] for id in ids]


async def chosen(
    town: Town, message: Message, choice: dict[UUID, UUID | None], *, dropped: Sequence[UUID] = (), **more: Any
) -> None:
    written = Written(outcome="solved", text="Filled.", pairs=choice, dropped=dropped)
    await answering.draft(message, written, by=town.pavel, at=MONDAY + 4 * HOUR, **more)


async def test_as_many_photos_as_in_the_question_are_paired_in_their_order(town: Town) -> None:
    message, before = await asked(town, 2)

    after = await drafted(town, message, 2)

    assert await pairs(after) == before


async def test_where_their_numbers_differ_the_executor_chooses(town: Town) -> None:
    message, before = await asked(town, 2)
    after = await drafted(town, message, 1)
    proposed = await pairs(after)

    await chosen(town, message, {after[0]: before[1]})

    assert proposed == [None]
    assert await pairs(after) == [before[1]]


async def test_a_pair_that_was_taken_apart_stays_so(town: Town) -> None:
    message, _ = await asked(town, 1)
    after = await drafted(town, message, 1)

    await chosen(town, message, {after[0]: None})
    await chosen(town, message, {})

    assert await pairs(after) == [None]


async def test_only_photos_of_this_question_can_be_the_before(town: Town) -> None:
    (message, _), (_, (foreign,)) = await asked(town, 1), await asked(town, 1)
    after = await drafted(town, message, 2)

    for wrong in (foreign, after[1], uuid4()):
        with pytest.raises(Unfit) as said:
            await chosen(town, message, {after[0]: wrong})

        assert list(said.value.errors) == [f"before_{after[0]}"]
    assert await pairs(after) == [None, None]


async def test_a_photo_of_another_answer_cannot_be_paired_from_here(town: Town) -> None:
    (message, before), (other, theirs) = await asked(town, 1), await asked(town, 1)
    foreign = await drafted(town, other, 1)
    await drafted(town, message, 1)

    await chosen(town, message, {foreign[0]: before[0]})

    assert await pairs(foreign) == theirs


async def test_of_two_windows_the_one_that_comes_second_pairs_nothing(town: Town) -> None:
    message, before = await asked(town, 2)
    after = await drafted(town, message, 1)
    version = (await the_answer(message)).version
    await chosen(town, await fresh(message), {after[0]: before[0]}, version=version)

    with pytest.raises(Stale):
        await chosen(town, message, {after[0]: before[1]}, version=version)

    assert await pairs(after) == [before[0]]


async def test_a_photo_that_leaves_the_answer_leaves_its_pair(town: Town) -> None:
    message, _ = await asked(town, 1)
    after = await drafted(town, message, 1)

    await chosen(town, message, {}, dropped=after)

    assert await pairs(after) == [None]
