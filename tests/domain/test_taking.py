"""Of two people at once one wins, the other is told who and what; nothing moves but by the table."""

import asyncio
from itertools import product

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, answered, approve, fresh, in_review, registered, submitted

from domain import executing, moderating, rating
from domain.errors import NotAllowed, Refusal, Stale
from domain.escalating import escalate
from domain.model import Event, Message, Rating
from domain.moves import ALL, Mover, Role, Status
from domain.taking import SYSTEM, stale, take

pytestmark = pytest.mark.usefixtures("database")


async def test_the_whole_product_of_role_status_and_move_holds_in_the_database(town: Town) -> None:
    message, case = await registered(town), await registered(town)
    people: list[Mover] = [town.anna, town.marina, town.pavel, town.elena, town.konstantin, town.yulia, SYSTEM]

    for move, status, by in product(ALL, Status, people):
        joined = {each: case.id if each == Status.JOINED else None for each in Status}
        await Message.update({"status": status, "joined_to": joined[status]}).where(Message.id == message.id)
        message.status = status
        expected = move.allows(by, message)
        try:
            await take(move, message, by=by, joined_to=joined[move.to])
            done = True
        except Refusal:
            done = False
        stands = await fresh(message)
        assert done == expected, (move.name, status, by.role)
        assert stands.status == (move.to if expected else status)


async def test_of_two_moderators_only_the_first_wins_and_the_other_hears_who(town: Town) -> None:
    message = await submitted(town)
    again = await fresh(message)
    first = moderating.register(message, by=town.marina, at=MONDAY)
    second = moderating.refuse(
        again, by=town.vera, at=MONDAY, grounds=[town.grounds["G11"].id], reason="Two questions.", proposal="One each."
    )

    outcomes = await asyncio.gather(first, second, return_exceptions=True)

    lost = [each for each in outcomes if isinstance(each, Stale)]
    assert len(lost) == 1
    assert outcomes.count(None) == 1
    winner = town.marina if outcomes[0] is None else town.vera
    assert lost[0].sentence.values["who"] == winner.name
    assert lost[0].sentence.values["what"] in ("message:registered", "message:refused")


@pytest.mark.rule("R07")
async def test_fifty_presses_of_register_give_one_number(town: Town) -> None:
    message = await submitted(town)
    copies = [await fresh(message) for _ in range(50)]

    outcomes = await asyncio.gather(
        *(moderating.register(copy, by=town.marina, at=MONDAY) for copy in copies), return_exceptions=True
    )

    assert outcomes.count(None) == 1
    assert sum(isinstance(each, Stale) for each in outcomes) == 49
    following = await registered(town, at=MONDAY + HOUR)
    assert following.number == "2026-00002"


@pytest.mark.rule("R07")
async def test_numbers_of_many_messages_at_once_have_no_gap(town: Town) -> None:
    messages = [await submitted(town) for _ in range(20)]

    await asyncio.gather(*(moderating.register(message, by=town.marina, at=MONDAY) for message in messages))

    assert sorted(message.number for message in messages) == [f"2026-{n:05}" for n in range(1, 21)]


@pytest.mark.rule("R23")
async def test_of_many_presses_one_rating_counts(town: Town) -> None:
    message = await answered(town)
    copies = [await fresh(message) for _ in range(20)]
    at = MONDAY + 9 * HOUR

    outcomes = await asyncio.gather(
        *(rating.rate(copy, by=town.anna, at=at, choice="solved") for copy in copies), return_exceptions=True
    )

    assert outcomes.count(None) == 1
    assert await Rating.count() == 1


async def test_a_stale_copy_cannot_move_a_message_that_went_round_to_the_same_status(town: Town) -> None:
    message = await registered(town)
    copy = await fresh(message)
    await executing.hand_back(message, by=town.pavel, at=MONDAY + 2 * HOUR, justification="A regional road.")
    await moderating.reroute(message, by=town.marina, at=MONDAY + 3 * HOUR, executor=town.pavel.id)

    with pytest.raises(Stale):
        await executing.accept(copy, by=town.pavel, at=MONDAY + 4 * HOUR)


@pytest.mark.rule("R10")
async def test_whoever_came_second_to_the_author_hears_no_name(town: Town) -> None:
    message = await in_review(town)
    old_window = await fresh(message)
    await approve(town, message, at=MONDAY + 8 * HOUR)
    await rating.rate(message, by=town.anna, at=MONDAY + 9 * HOUR, choice="solved")

    executors, moderators = await stale(old_window, town.pavel), await stale(old_window, town.vera)

    for told in (executors, moderators):
        assert told.sentence.msgid == "The author was faster, at %(when)s."
        assert "who" not in told.sentence.values


async def test_a_reminder_of_the_clock_does_not_hide_who_was_faster(town: Town) -> None:
    message = await submitted(town)
    again = await fresh(message)
    await moderating.register(message, by=town.marina, at=MONDAY)
    await escalate(at=MONDAY + 24 * HOUR)

    with pytest.raises(Stale) as lost:
        await moderating.register(again, by=town.vera, at=MONDAY + 25 * HOUR)

    assert lost.value.sentence.values["who"] == town.marina.name


async def test_a_loser_leaves_nothing_behind(town: Town) -> None:
    message = await in_review(town)
    before = await Event.count()
    loser = await fresh(message)
    await approve(town, message, at=MONDAY + 8 * HOUR)

    with pytest.raises(Stale):
        await moderating.send_back(loser, by=town.marina, at=MONDAY + 8 * HOUR, rules=["R17"], remark="Thin.")

    assert await Event.count() == before + 1


@pytest.mark.rule("R02")
async def test_officials_do_not_take_a_citizens_moves(town: Town) -> None:
    message = await answered(town)

    with pytest.raises(NotAllowed):
        await rating.rate(message, by=town.marina, at=MONDAY + 9 * HOUR, choice="solved")

    assert await Rating.count() == 0
    assert Role(town.marina.role) == Role.MODERATOR
