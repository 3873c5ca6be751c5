"""Many at once, of whom one wins: what each press of a button may do only once, pressed dozens of times (FI-2)."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.stories import DONE, HOUR, answered, fresh, in_work, journal, registered, reworked, submitted, the_answer

from domain import answering, executing, moderating, rating
from domain.errors import NotAllowed, OutOfTurn, Stale
from domain.model import Absence, Message, Person, Rating
from domain.seeing import visible_to

pytestmark = pytest.mark.usefixtures("database")
LATE = (Stale, OutOfTurn)


async def pressed(acts: Iterable[Awaitable[Any]]) -> tuple[int, int]:
    """How many were done, and how many were told that they came too late; anything else is a fault, a deadlock too."""
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    late = [each for each in outcomes if isinstance(each, LATE)]
    done = [each for each in outcomes if not isinstance(each, BaseException)]
    assert len(late) + len(done) == len(outcomes), [each for each in outcomes if each not in (*late, *done)]
    return len(done), len(late)


async def copies(message: Message, count: int) -> list[Message]:
    return [await fresh(message) for _ in range(count)]


@pytest.mark.rule("R07")
async def test_fifty_presses_of_register_on_each_of_many_messages_give_each_one_number(town: Town) -> None:
    messages = [await submitted(town) for _ in range(3)]
    windows = [window for message in messages for window in await copies(message, 50)]

    outcome = await pressed(moderating.register(window, by=town.marina, at=MONDAY) for window in windows)

    assert outcome == (3, 147)
    numbers = sorted([(await fresh(message)).number or "" for message in messages])
    assert numbers == [f"2026-{n:05}" for n in range(1, 4)]


@pytest.mark.rule("R23")
async def test_fifty_presses_of_a_rating_count_once(town: Town) -> None:
    message = await answered(town)
    windows = await copies(message, 50)
    at = MONDAY + 9 * HOUR

    outcome = await pressed(rating.rate(window, by=town.anna, at=at, choice="solved") for window in windows)

    assert (outcome, await Rating.count()) == ((1, 49), 1)
    assert (await journal(message)).count("answer:rated") == 1


@pytest.mark.rule("R26", "R27")
async def test_twenty_presses_of_not_solved_after_two_reworks_are_the_third_and_no_more(town: Town) -> None:
    message = await answered(town)
    for turn in (1, 2):
        await reworked(town, message, at=MONDAY + timedelta(days=turn))
    windows, at = await copies(message, 20), MONDAY + timedelta(days=3)

    outcome = await pressed(
        rating.rate(each, by=town.anna, at=at, choice="unsolved", remarks="Still a hole.") for each in windows
    )
    brought = await pressed(
        moderating.bring_to_commission(each, by=town.marina, at=at, reason="Three reworks.")
        for each in await copies(message, 20)
    )

    assert (outcome, brought) == ((1, 19), (1, 19))
    assert (await fresh(message)).reworks == 3
    assert (await journal(message)).count("message:sent_to_rework") == 3
    assert (await journal(message)).count("message:brought_to_commission") == 1


@pytest.mark.rule("R11")
async def test_of_an_executor_and_the_deputy_who_accept_at_once_one_does(town: Town) -> None:
    today = MONDAY.date()
    await Absence.insert(Absence(person=town.pavel.id, deputy=town.sergey.id, first_day=today, last_day=today))
    town.sergey.stands_in_for = (town.pavel.id,)
    message = await registered(town)
    first, second = await copies(message, 2)

    outcome = await pressed(
        executing.accept(each, by=by, at=MONDAY + 2 * HOUR) for each, by in ((first, town.pavel), (second, town.sergey))
    )

    assert outcome == (1, 1)
    assert (await journal(message)).count("message:accepted") == 1


@pytest.mark.rule("R07", "R08")
async def test_where_many_register_while_many_refuse_there_is_one_outcome(town: Town) -> None:
    message = await submitted(town)
    grounds = [town.grounds["G11"].id]
    refusal: dict[str, Any] = {"grounds": grounds, "reason": "Two questions.", "proposal": "One each."}

    outcome = await pressed(
        moderating.register(each, by=town.marina, at=MONDAY)
        if nth % 2
        else moderating.refuse(each, by=town.vera, at=MONDAY, **refusal)
        for nth, each in enumerate(await copies(message, 20))
    )

    assert outcome == (1, 19)
    stands = await fresh(message)
    assert (stands.status, stands.number) in (("registered", "2026-00001"), ("refused", None))
    assert await journal(message) == ["message:submitted", f"message:{stands.status}"]


@pytest.mark.rule("R15")
async def test_of_two_windows_that_save_one_draft_at_once_one_does_and_nothing_of_the_other_stays(town: Town) -> None:
    message = await in_work(town)
    opened = await answering.draft(message, DONE, by=town.pavel, at=MONDAY)
    texts = [f"Window {nth}." for nth in range(10)]

    outcome = await pressed(
        answering.draft(each, replace(DONE, text=text), by=town.pavel, at=MONDAY, version=opened.version)
        for text, each in zip(texts, await copies(message, 10), strict=True)
    )

    assert outcome == (1, 9)
    assert ((await the_answer(message)).version, (await journal(message)).count("answer:drafted")) == (2, 2)


@pytest.mark.rule("R10")
async def test_a_crowd_of_others_neither_presses_nor_learns_of_the_message(town: Town) -> None:
    message = await answered(town)
    others: list[Person] = [town.boris, town.zinaida, town.sergey] * 10

    windows = await copies(message, len(others))

    outcomes = await asyncio.gather(
        *(
            rating.rate(each, by=by, at=MONDAY + 9 * HOUR, choice="solved")
            for each, by in zip(windows, others, strict=True)
        ),
        return_exceptions=True,
    )

    assert {type(each) for each in outcomes} == {NotAllowed}
    assert await Rating.count() == 0
    for by in others[:3]:
        assert await visible_to(by).where(Message.id == message.id).first() is None
