"""Whatever people do in whatever order, what must always hold holds: random walks through the verbs."""

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.people import MONDAY, Town
from tests.stories import answer, approve, blocked, decided, reply_of, standard, submitted

from domain import clarifying, convening, executing, moderating, parts, publishing, rating, rounds, terms, typical
from domain.errors import Refusal
from domain.events import Kind
from domain.model import Answer, Block, CaseFile, Event, Message, Part, Rating, Setting, StandardAnswer, Term
from domain.moves import ALL, Status
from domain.parts import Report
from domain.shares import LIVELY, Wish, still_open
from domain.terms import OPEN, RUNNING, Owed

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
        case "ask":
            await clarifying.ask(message, "How deep?", by=town.marina, at=at)
        case "reply":
            await clarifying.reply(message, "A spade deep.", by=town.anna, at=at)
        case "accept":
            await executing.accept(message, by=town.pavel, at=at)
        case "name":
            wish = Wish(town.sergey.id, "Look at the pipe.", at.date())
            await parts.name(message, wish, by=town.pavel, at=at)
        case "do the part":
            part = await Part.objects().where(still_open(message)).first()
            if part is not None:
                await parts.write(message, part.id, Report("Looked."), by=town.sergey, at=at)
                await parts.complete(message, part.id, by=town.sergey, at=at)
        case "call off":
            part = await Part.objects().where(Part.message == message.id).order_by(Part.id, ascending=False).first()
            if part is not None:
                await parts.remove(message, part.id, by=town.pavel, at=at)
        case "hand back":
            await executing.hand_back(message, by=town.pavel, at=at, justification="Not ours.")
        case "reroute":
            await moderating.reroute(message, by=town.marina, at=at, executor=town.pavel.id)
        case "answer":
            await answer(town, message, at=at)
        case "send back":
            await moderating.send_back(message, by=town.vera, at=at, rules=["R17"], remark="Thin.")
        case "approve":
            await approve(town, message, at=at)
        case "unsolved":
            await rating.rate(message, by=town.anna, at=at, choice="unsolved", remarks="No.")
        case "solved":
            await rating.rate(message, by=town.anna, at=at, choice="solved")
        case "bring":
            await moderating.bring_to_commission(message, by=town.marina, at=at, reason="In vain.")
        case "explain" | "instruct" | "close":
            await sit(town, act, message, at)
        case "publish":
            await publishing.publish(message, by=town.marina, at=at, text="A hole at the stop.")
        case "publish the answer":
            given = await rounds.current(message)
            if given is not None:
                await publishing.publish_answer(message, given.id, by=town.marina, at=at, text="Filled.")
        case "withdraw consent":
            await publishing.withdraw_consent(message, by=town.anna, at=at)
        case "block":
            await blocked(town, message, at=at, days=1)
        case "sweep":
            await terms.end_returns(at=at)
            await terms.miss_due(at=at)


async def sit(town: Town, effect: str, message: Message, at: Any) -> None:
    """A sitting about this one case; an instruction goes to Pavel again, so that the walk goes on."""
    if message.status != Status.COMMISSION:
        return
    town.sergey = town.pavel
    sitting = await decided(town, message, at=at, effect=effect)
    await convening.close(sitting, by=town.lidia, at=at)


# Written out with repetition, so that long paths are likely: a walk has to go round the rework several times.
ACTS = [
    "register", "answer at once", "accept", "hand back", "reroute", "send back", "sweep", "solved", "bring", "explain",
    "close", "block", "name", "do the part", "call off", "publish", "publish the answer", "withdraw consent", "ask",
    "reply",
]  # fmt: skip
PUBLICATION = ("publish", "publish the answer", "withdraw consent")  # they move nothing
USUAL = ["answer", "approve", "unsolved", "instruct"] * 4


@pytest.mark.rule("R15", "R26", "R27", "R29", "R33")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), commission_on=st.sampled_from(["failed_rework", "third_rework"]))
async def test_a_random_walk_keeps_every_promise(town: Town, seed: int, commission_on: str) -> None:
    chance = random.Random(seed)
    await Block.delete(force=True)
    await Setting.update({Setting.commission_on: commission_on, Setting.clarifying: True}, force=True)
    message, at = await submitted(town, at=MONDAY), MONDAY
    if not await StandardAnswer.exists():
        await standard(town)
    for _ in range(50):
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
        assert (before.status, after.status) in ARROWS or act in PUBLICATION
        assert written >= 1
    assert 0 <= after.reworks <= 3


async def stands(id: int) -> Message:
    message = await Message.objects().get(Message.id == id)
    assert message is not None
    return message


async def check_the_end(id: int) -> None:
    message = await stands(id)
    running = await Term.select(Term.kind, Term.part).where(RUNNING & (Term.message == id))
    kinds = [row["kind"] for row in running if row["part"] is None]
    open_parts = {row["id"] for row in await Part.select(Part.id).where(still_open(message))}
    waited_for = {row["part"] for row in await Term.select(Term.part).where(OPEN & (Term.message == id)) if row["part"]}
    assert waited_for == (open_parts if message.status in LIVELY else set())
    assert len(kinds) == len(set(kinds))
    if message.status == "closed":
        assert set(kinds) <= {Owed.RETURN}
    rounds = [row["round"] for row in await Answer.select(Answer.round).where(Answer.message == id)]
    assert len(rounds) == len(set(rounds)) <= message.round
    await check_the_commission(message)
    await check_what_is_undecided(message)


UNDECIDED = """
SELECT u.id FROM message u JOIN topic t ON t.id = u.topic WHERE u.consent AND u.number IS NOT NULL
AND u.published_at IS NULL AND u.rejection IS NULL AND NOT t.closed
UNION ALL SELECT a.message FROM answer a JOIN message u ON u.id = a.message
WHERE a.state = 'approved' AND a.published_at IS NULL AND a.rejection IS NULL AND u.published_at IS NOT NULL
"""


async def check_what_is_undecided(message: Message) -> None:
    """What the database keeps beside the message is what the rows of message, answer and topic say."""
    (kept,) = await Message.raw("SELECT undecided FROM message WHERE id = {}", message.id)
    assert kept["undecided"] == (message.id in {row["id"] for row in await Message.raw(UNDECIDED)})


async def check_the_commission(message: Message) -> None:
    """Never a fourth rework; every case that the commission gets is frozen once, and decided at most once."""
    lines = await Event.select(Event.kind).where(Event.message == message.id).output(as_list=True)
    brought, decided = lines.count(Kind.BROUGHT_TO_COMMISSION), lines.count(Kind.DECIDED)
    assert lines.count(Kind.SENT_TO_REWORK) <= 3
    assert await CaseFile.count().where(CaseFile.message == message.id) == brought
    assert brought - decided == (message.status == Status.COMMISSION)
    unsolved = await Rating.count().where((Rating.answer.message == message.id) & (Rating.choice == "unsolved"))
    assert unsolved <= 3 + brought
