"""Whatever people do in whatever order, what must always hold holds: random walks through the verbs."""

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people import MONDAY, Town
from tests.stories import DONE, reply_of, standard, submitted

from domain import answering, executing, moderating, rating, terms, typical
from domain.errors import Refusal
from domain.model import Answer, Event, Message, Rating, StandardAnswer, Term
from domain.moves import ALL
from domain.terms import RUNNING, Owed

pytestmark = pytest.mark.usefixtures("database")
ARROWS: set[tuple[str, str]] = {(source, move.to) for move in ALL for source in move.sources}


async def do(town: Town, act: str, message: Message, at: Any) -> None:
    match act:
        case "register":
            await moderating.register(message, by=town.marina, at=at)
        case "answer at once":
            kept = await StandardAnswer.objects().first()
            assert kept is not None
            await typical.answer_at_once(message, reply_of(kept), by=town.marina, at=at)
        case "accept":
            await executing.accept(message, by=town.pavel, at=at)
        case "hand back":
            await executing.hand_back(message, by=town.pavel, at=at, justification="Not ours.")
        case "reroute":
            await moderating.reroute(message, by=town.marina, at=at, executor=town.pavel.id)
        case "answer":
            await answering.draft(message, DONE, by=town.pavel, at=at)
            await answering.send_for_review(message, by=town.pavel, at=at)
        case "send back":
            await moderating.send_back(message, by=town.vera, at=at, rules=["R17"], remark="Thin.")
        case "approve":
            await moderating.approve(message, by=town.vera, at=at)
        case "unsolved":
            await rating.rate(message, by=town.anna, at=at, choice="unsolved", remarks="No.")
        case "solved":
            await rating.rate(message, by=town.anna, at=at, choice="solved")
        case "sweep":
            await terms.end_returns(at=at)
            await terms.miss_due(at=at)


# Written out with repetition, so that long paths are likely: a walk has to go round the rework several times.
ACTS = ["register", "answer at once", "accept", "hand back", "reroute", "send back", "sweep", "solved"]
USUAL = ["answer", "approve", "unsolved"] * 4


@pytest.mark.rule("R15", "R26", "R27", "R33")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
async def test_a_random_walk_keeps_every_promise(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    message, at = await submitted(town, at=MONDAY), MONDAY
    if not await StandardAnswer.exists():
        await standard(town)
    for _ in range(40):
        at += timedelta(minutes=chance.randrange(1, 600))
        await one_step(town, chance.choice(ACTS + USUAL), message.id, at)

    await check_the_end(message.id)


async def one_step(town: Town, act: str, id: int, at: Any) -> None:
    before = await stands(id)
    lines = await Event.count().where(Event.message == id)
    with suppress(Refusal):  # a walk also tries what is not allowed
        await do(town, act, await stands(id), at)
    after = await stands(id)
    written = await Event.count().where(Event.message == id) - lines
    if after.version != before.version:
        assert (before.status, after.status) in ARROWS
        assert written >= 1
    assert 0 <= after.reworks <= 3


async def stands(id: int) -> Message:
    message = await Message.objects().get(Message.id == id)
    assert message is not None
    return message


async def check_the_end(id: int) -> None:
    message = await stands(id)
    running = await Term.select(Term.kind).where(RUNNING & (Term.message == id))
    kinds = [row["kind"] for row in running]
    assert len(kinds) == len(set(kinds))
    if message.status == "closed":
        assert set(kinds) <= {Owed.RETURN}
    rounds = [row["round"] for row in await Answer.select(Answer.round).where(Answer.message == id)]
    assert len(rounds) == len(set(rounds)) <= 4
    unsolved = await Rating.count().where((Rating.answer.message == id) & (Rating.choice == "unsolved"))
    assert unsolved <= 4
    assert (unsolved == 4) == (message.status == "commission")
