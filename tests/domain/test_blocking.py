"""Who is blocked cannot send, whatever session is open; the block ends by itself and can be objected to (§2, R29)."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people import MONDAY, Town
from tests.stories import (
    HOUR,
    answered,
    block_ground,
    blocked,
    fresh,
    in_work,
    journal,
    registered,
    submitted,
    told,
)

from domain import blocking, moderating, rating, submitting
from domain.blocked import block_of
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.model import Block, BlockGround, Event, Message, Objection
from domain.submitting import Matter
from domain.workdays import TOWN, in_days

pytestmark = pytest.mark.usefixtures("database")
SECOND = timedelta(seconds=1)


def matter(town: Town) -> Matter:
    return Matter(text="Another hole.", topic=town.pothole.id, address="Mira 43", consent=True)


async def the_objection() -> Objection:
    found = await Objection.objects().first()
    assert found is not None
    return found


async def objected(town: Town) -> Block:
    block = await blocked(town, await registered(town), at=MONDAY)
    await blocking.object_to(block, by=town.anna, at=MONDAY + HOUR, text="It was not me.")
    return block


@pytest.mark.rule("R29")
async def test_a_blocked_citizen_sends_nothing_until_the_last_day_is_over(town: Town) -> None:
    await blocked(town, await submitted(town), at=MONDAY, days=3)
    last_moment = datetime(2026, 3, 5, 23, 59, 59, tzinfo=TOWN)

    with pytest.raises(Unfit) as said:
        await submitting.submit(matter(town), key=uuid4(), by=town.anna, at=last_moment)
    await submitting.submit(matter(town), key=uuid4(), by=town.anna, at=last_moment + SECOND)

    assert said.value.errors["form"].values == {"day": "05.03.2026"}
    assert await Message.count() == 2


@pytest.mark.rule("R29")
async def test_others_send_meanwhile(town: Town) -> None:
    await blocked(town, await submitted(town), at=MONDAY)

    message = await submitting.submit(matter(town), key=uuid4(), by=town.boris, at=MONDAY)

    assert message.status == "submitted"


@pytest.mark.rule("R08", "R29")
async def test_a_refused_message_is_not_corrected_while_its_author_is_blocked(town: Town) -> None:
    message = await submitted(town)
    said = {"reason": "Insults.", "proposal": "Leave them out."}
    await moderating.refuse(message, by=town.marina, at=MONDAY, grounds=[town.grounds["G11"].id], **said)
    await blocked(town, message, at=MONDAY)

    with pytest.raises(Unfit):
        await submitting.correct(message, matter(town), by=town.anna, at=MONDAY + HOUR)

    stands = await fresh(message)
    assert (stands.status, stands.text) == ("refused", "A deep hole at the bus stop.")


@pytest.mark.rule("R29")
async def test_a_message_that_was_sent_before_the_block_stays_one_message(town: Town) -> None:
    key = uuid4()
    first = await submitting.submit(matter(town), key=key, by=town.anna, at=MONDAY)
    await blocked(town, first, at=MONDAY)

    again = await submitting.submit(matter(town), key=key, by=town.anna, at=MONDAY + HOUR)

    assert again.id == first.id


@pytest.mark.rule("R23", "R29")
async def test_a_blocked_citizen_still_rates(town: Town) -> None:
    message = await answered(town)
    await blocked(town, message, at=MONDAY + 8 * HOUR)

    await rating.rate(message, by=town.anna, at=MONDAY + 9 * HOUR, choice="solved")

    assert message.status == "closed"


@pytest.mark.rule("R29")
@pytest.mark.parametrize(
    ("changes", "field"),
    [({"days": 0}, "days"), ({"days": 31}, "days"), ({"days": -5}, "days"), ({"explanation": " "}, "explanation"),
     ({"explanation": "x" * 3001}, "explanation"), ({"ground": None}, "ground"), ({"ground": 999}, "ground")],
)  # fmt: skip
async def test_a_block_names_its_reason_and_lasts_at_most_thirty_days(town: Town, changes: dict, field: str) -> None:
    message = await submitted(town)
    said = {"ground": await block_ground(), "days": 30, "explanation": "Insults.", **changes}

    with pytest.raises(Unfit) as wrong:
        await blocking.block(message, by=town.marina, at=MONDAY, **said)

    assert set(wrong.value.errors) == {field}
    assert await Block.count() == 0


@pytest.mark.rule("R29")
async def test_a_reason_that_is_no_longer_in_the_directory_blocks_nobody(town: Town) -> None:
    await BlockGround.update({BlockGround.active: False}).where(BlockGround.code == "B01")

    with pytest.raises(Unfit):
        await blocked(town, await submitted(town), at=MONDAY)


@pytest.mark.rule("R29")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.integers(1, 30),
    at=st.datetimes(datetime(2021, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(tzinfo=TOWN)),
)
async def test_every_block_ends_with_the_last_second_of_its_last_day(town: Town, days: int, at: datetime) -> None:
    message = await submitted(town)

    block = await blocked(town, message, at=at, days=days)

    last_day = at.date() + timedelta(days=days)
    assert block.last_day == last_day == in_days(at, days).due_on
    end = datetime.combine(last_day, datetime.min.time(), TOWN) + timedelta(days=1)
    assert await block_of(town.anna.id, at=end - SECOND) is not None
    assert await block_of(town.anna.id, at=end) is None
    await Block.delete().where(Block.id == block.id)


@pytest.mark.rule("R29")
async def test_the_table_itself_holds_no_block_of_more_than_thirty_days(town: Town) -> None:
    await blocked(town, await submitted(town), at=MONDAY, days=30)

    with pytest.raises(asyncpg.CheckViolationError):
        await Block.update({Block.ends_at: MONDAY + timedelta(days=32)}, force=True)


@pytest.mark.rule("R29")
async def test_a_block_that_holds_is_not_made_longer(town: Town) -> None:
    message = await submitted(town)
    await blocked(town, message, at=MONDAY, days=3)

    with pytest.raises(Stale):
        await blocked(town, message, at=MONDAY + HOUR, days=30)

    await blocked(town, message, at=datetime(2026, 3, 6, tzinfo=TOWN), days=30)


@pytest.mark.rule("R29")
async def test_of_two_moderators_at_once_one_blocks_and_the_other_hears_until_when(town: Town) -> None:
    message = await submitted(town)
    said = {"ground": await block_ground(), "days": 7, "explanation": "Insults."}

    outcomes = await asyncio.gather(
        *(blocking.block(message, by=who, at=MONDAY, **said) for who in (town.marina, town.vera) for _ in range(5)),  # type: ignore[arg-type]
        return_exceptions=True,
    )

    lost = [each for each in outcomes if isinstance(each, Stale)]
    assert await Block.count() == 1
    assert len(lost) == 9
    assert "blocked until 09.03.2026" in str(lost[0])
    assert (await journal(message)).count("author:blocked") == 1


@pytest.mark.rule("R29")
async def test_only_a_moderator_blocks_and_only_a_coordinator_answers(town: Town) -> None:
    message = await in_work(town)
    await objected(town)
    objection = await the_objection()

    for who in (town.anna, town.pavel, town.elena, town.konstantin, town.yulia):
        with pytest.raises(NotAllowed):
            await blocking.block(message, by=who, at=MONDAY, ground=await block_ground(), days=7, explanation="No.")
    for who in (town.anna, town.pavel, town.elena, town.marina, town.yulia):
        with pytest.raises(NotAllowed):
            await blocking.answer(objection, by=who, at=MONDAY, decision="lifted", reason="No.")


@pytest.mark.rule("R29", "R33")
async def test_a_block_stands_in_the_journal_of_its_occasion_and_moves_nothing(town: Town) -> None:
    message = await registered(town)
    block = await blocked(town, message, at=MONDAY + 2 * HOUR, days=10)

    assert (await fresh(message)).version == message.version
    assert (await told(message, "author:blocked")).data == {
        "block": block.id,
        "ground": block.ground_name,
        "days": 10,
        "last_day": "2026-03-12",
        "reason": "Insults in every line.",
    }


# ----- its end -----


@pytest.mark.rule("R29")
async def test_its_end_is_told_once_however_many_sweeps_look(town: Town) -> None:
    message = await submitted(town)
    block = await blocked(town, message, at=MONDAY, days=1)
    assert await blocking.tell_ended(at=block.ends_at - SECOND) == 0

    told_by = await asyncio.gather(*(blocking.tell_ended(at=block.ends_at) for _ in range(5)))

    assert sum(told_by) == 1
    assert await blocking.tell_ended(at=block.ends_at + HOUR) == 0
    assert (await journal(message)).count("author:block_ended") == 1


# ----- the objection -----


@pytest.mark.rule("R29")
async def test_a_lifted_block_lets_its_person_send_at_once(town: Town) -> None:
    block = await objected(town)
    with pytest.raises(Unfit):
        await submitting.submit(matter(town), key=uuid4(), by=town.anna, at=MONDAY + HOUR)

    await blocking.answer(
        await the_objection(), by=town.konstantin, at=MONDAY + 2 * HOUR, decision="lifted", reason="A mistake."
    )

    await submitting.submit(matter(town), key=uuid4(), by=town.anna, at=MONDAY + 2 * HOUR)
    assert await blocking.tell_ended(at=block.ends_at) == 0
    kinds = [row["kind"] for row in await Event.select(Event.kind).where(Event.message == block.message)]
    assert [kind for kind in kinds if kind.startswith("author:")] == [
        "author:blocked",
        "author:objected",
        "author:block_lifted",
    ]


@pytest.mark.rule("R29")
async def test_a_kept_block_holds_on_with_its_reason(town: Town) -> None:
    await objected(town)

    await blocking.answer(await the_objection(), by=town.konstantin, at=MONDAY, decision="kept", reason="It was you.")

    assert await block_of(town.anna.id, at=MONDAY + HOUR) is not None
    decided = await the_objection()
    assert (decided.decision, decided.reason, decided.decided_by) == ("kept", "It was you.", town.konstantin.id)


@pytest.mark.rule("R29")
async def test_of_two_coordinators_at_once_one_answers(town: Town) -> None:
    block = await objected(town)
    objection = await the_objection()

    outcomes = await asyncio.gather(
        blocking.answer(objection, by=town.konstantin, at=MONDAY, decision="lifted", reason="A mistake."),
        blocking.answer(objection, by=town.lidia, at=MONDAY, decision="kept", reason="It was you."),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "Stale"]
    answers = ("author:block_lifted", "author:block_kept")
    assert await Event.count().where((Event.message == block.message) & Event.kind.is_in(list(answers))) == 1


@pytest.mark.rule("R29")
async def test_who_is_blocked_objects_once_and_nobody_for_them(town: Town) -> None:
    block = await objected(town)

    with pytest.raises(Stale):
        await blocking.object_to(block, by=town.anna, at=MONDAY + HOUR, text="Still not me.")
    with pytest.raises(NotAllowed):
        await blocking.object_to(block, by=town.boris, at=MONDAY + HOUR, text="It was not Anna.")

    assert (await the_objection()).text == "It was not me."


@pytest.mark.rule("R29")
async def test_an_objection_and_its_answer_say_why(town: Town) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY)
    with pytest.raises(Unfit):
        await blocking.object_to(block, by=town.anna, at=MONDAY, text=" ")
    await blocking.object_to(block, by=town.anna, at=MONDAY, text="It was not me.")

    with pytest.raises(Unfit) as said:
        await blocking.answer(await the_objection(), by=town.konstantin, at=MONDAY, decision="", reason="")

    assert set(said.value.errors) == {"decision", "reason"}


@pytest.mark.rule("R29")
async def test_what_has_ended_is_not_objected_to(town: Town) -> None:
    block = await blocked(town, await submitted(town), at=MONDAY, days=1)

    with pytest.raises(OutOfTurn):
        await blocking.object_to(block, by=town.anna, at=block.ends_at, text="It was not me.")
