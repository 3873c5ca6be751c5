"""One question before registration: asked if it is allowed, replied to once and in time; silence is a refusal (§3)."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import (
    HOUR,
    blocked,
    fresh,
    journal,
    questioned,
    questions_allowed,
    registered,
    running,
    submitted,
    told,
)

from domain import attaching, clarifying, moderating, submitting
from domain.directories import reading
from domain.directories.limits import LIMITS
from domain.errors import NotAllowed, OutOfTurn, Refusal, Stale, Unfit
from domain.keeping import keep
from domain.model import Attachment, Event, Message, Question, Term
from domain.moves import Status
from domain.submitting import Matter
from domain.workdays import TOWN
from workers.sweeping import sweep

pytestmark = pytest.mark.usefixtures("database")
# Sent on Monday: the decision is due by the end of Wednesday, a reply is awaited to the end of Tuesday.
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=TOWN)
WEDNESDAY = datetime(2026, 3, 4, 0, 0, tzinfo=TOWN)


async def ask(town: Town, message: Message, *, at: datetime) -> None:
    await clarifying.ask(message, "How deep is it?", by=town.marina, at=at)


async def reply(town: Town, message: Message, *, at: datetime, **more: Any) -> None:
    await clarifying.reply(message, "A spade deep.", by=town.anna, at=at, **more)


@pytest.mark.rule("R06")
async def test_nothing_can_be_asked_until_the_operator_allows_it(town: Town) -> None:
    message = await submitted(town)

    with pytest.raises(OutOfTurn, match="clause 3"):
        await ask(town, message, at=MONDAY + HOUR)

    assert (await fresh(message)).status == Status.SUBMITTED
    assert await Question.count() == 0


@pytest.mark.rule("R05", "R06")
async def test_a_question_stops_no_clock_of_registration(town: Town) -> None:
    message = await questioned(town)

    assert message.status == Status.QUESTIONED
    assert await running(message) == {
        "registration": "2026-03-02", "decision": "2026-03-04", "clarification": "2026-03-03",
    }  # fmt: skip


@pytest.mark.rule("R06", "R29")
async def test_whoever_was_blocked_meanwhile_may_reply_to_what_was_asked(town: Town) -> None:
    message = await questioned(town)
    await blocked(town, await submitted(town), at=MONDAY)

    await reply(town, message, at=TUESDAY)

    assert (await fresh(message)).status == Status.SUBMITTED


@pytest.mark.rule("R06")
async def test_a_reply_whose_file_is_gone_is_not_taken_without_it(town: Town) -> None:
    message = await questioned(town)

    with pytest.raises(Unfit) as said:
        await reply(town, message, at=TUESDAY, key=uuid4(), files=[uuid4()])

    assert set(said.value.errors) == {"files"}
    assert (await fresh(message)).status == Status.QUESTIONED


@pytest.mark.rule("R06")
async def test_a_reply_is_appended_and_the_message_stays_as_it_was_sent(town: Town) -> None:
    message = await questioned(town)
    text, key = message.text, uuid4()
    file = await attaching.receive(
        id=uuid4(), key=key, name="a.jpg", content_hash="0" * 64, kind="jpeg", size=9, by=town.anna.id, at=TUESDAY
    )

    await reply(town, message, at=TUESDAY, key=key, files=[file.id])

    after = await fresh(message)
    question = await Question.objects().get(Question.message == message.id)
    assert (after.status, after.text) == (Status.SUBMITTED, text)
    assert (question.answer, question.answered_at) == ("A spade deep.", TUESDAY)
    assert await Attachment.count().where(Attachment.message == message.id) == 1
    assert await running(message) == {"registration": "2026-03-02", "decision": "2026-03-04"}


@pytest.mark.rule("R06")
async def test_one_question_for_each_sending_and_another_one_for_the_next(town: Town) -> None:
    message = await questioned(town)
    await reply(town, message, at=TUESDAY)
    with pytest.raises(OutOfTurn, match="already"):
        await ask(town, message, at=TUESDAY + HOUR)
    message = await fresh(message)
    said = {"reason": "Rude.", "proposal": "Be kind."}
    await moderating.refuse(message, by=town.marina, at=TUESDAY + HOUR, grounds=[town.grounds["G01"].id], **said)
    matter = Matter(text="Kinder.", topic=town.pothole.id, address="Mira 41", consent=True)
    await submitting.correct(message, matter, by=town.anna, at=TUESDAY + 2 * HOUR)

    await ask(town, message, at=TUESDAY + 3 * HOUR)

    assert (await fresh(message)).status == Status.QUESTIONED
    assert await Question.count() == 2


@pytest.mark.rule("R06", "R08")
async def test_silence_is_a_refusal_that_can_be_corrected_before_the_decision_is_late(town: Town) -> None:
    message = await questioned(town)

    await sweep(at=WEDNESDAY - timedelta(seconds=1))
    before = (await fresh(message)).status
    await sweep(at=WEDNESDAY)

    refused = await told(message, "message:refused")
    decision = await Term.objects().get((Term.message == message.id) & (Term.kind == "decision"))
    assert before == Status.QUESTIONED
    assert (await fresh(message)).status == Status.REFUSED
    assert (refused.actor, refused.data["grounds"]) == (None, ["G19"])
    assert "How deep is it?" in refused.data["reason"]
    assert decision.met_at < decision.runs_out_at
    assert await running(message) == {}


@pytest.mark.rule("R08")
async def test_two_clocks_refuse_silence_once(town: Town) -> None:
    message = await questioned(town)

    done = await asyncio.gather(*(clarifying.refuse_silence(message.id, at=WEDNESDAY) for _ in range(4)))

    assert sorted(done) == [False, False, False, True]
    assert (await journal(message)).count("message:refused") == 1


@pytest.mark.rule("R06")
@pytest.mark.parametrize(
    ("days", "asked_at", "ends"),
    [
        (1, "2026-03-02T11:00", "2026-03-04T00:00"),
        (2, "2026-03-02T11:00", "2026-03-04T17:00"),  # the decision's own day: to the hour of registration
        (2, "2026-03-03T11:00", "2026-03-04T17:00"),
        (1, "2026-03-04T11:00", "2026-03-04T17:00"),
    ],
)
async def test_the_reply_always_comes_before_the_decision_is_due(
    town: Town, days: int, asked_at: str, ends: str
) -> None:
    await questions_allowed(town, days=days)
    message = await submitted(town)

    await ask(town, message, at=datetime.fromisoformat(asked_at).replace(tzinfo=TOWN))

    term = await Term.objects().get((Term.message == message.id) & (Term.kind == "clarification"))
    assert term.runs_out_at == datetime.fromisoformat(ends).replace(tzinfo=TOWN)
    assert term.due_on <= date(2026, 3, 4)


@pytest.mark.rule("R06")
async def test_when_the_decision_is_due_nothing_more_is_asked(town: Town) -> None:
    await questions_allowed(town)
    message = await submitted(town)

    with pytest.raises(OutOfTurn, match="no time left"):
        await ask(town, message, at=WEDNESDAY + 17 * HOUR)


@pytest.mark.rule("R06")
async def test_a_reply_after_its_time_is_told_so(town: Town) -> None:
    message = await questioned(town)

    with pytest.raises(OutOfTurn):
        await reply(town, message, at=WEDNESDAY)

    assert (await fresh(message)).status == Status.QUESTIONED


@pytest.mark.rule("R07")
async def test_of_a_reply_and_a_registration_at_once_one_wins(town: Town) -> None:
    message = await questioned(town)
    same = await fresh(message)

    ended = await asyncio.gather(
        reply(town, message, at=TUESDAY),
        moderating.register(same, by=town.vera, at=TUESDAY),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in ended) == ["NoneType", "Stale"]


@pytest.mark.rule("R07")
async def test_a_registration_closes_the_question(town: Town) -> None:
    message = await questioned(town)

    await moderating.register(message, by=town.marina, at=TUESDAY)

    assert "clarification" not in await running(message)
    with pytest.raises(Stale):
        await reply(town, await fresh(message), at=TUESDAY + HOUR)
    assert not await clarifying.refuse_silence(message.id, at=WEDNESDAY)


@pytest.mark.rule("R10")
async def test_only_a_moderator_asks_and_only_the_author_replies(town: Town) -> None:
    await questions_allowed(town)
    message = await submitted(town)
    for who in (town.anna, town.pavel, town.yulia, town.elena):
        with pytest.raises(NotAllowed):
            await clarifying.ask(message, "How deep?", by=who, at=MONDAY)
    await ask(town, message, at=MONDAY + HOUR)

    for other in (town.boris, town.marina, town.pavel):
        with pytest.raises(NotAllowed):
            await clarifying.reply(message, "Not mine.", by=other, at=TUESDAY)


async def test_what_says_nothing_or_too_much_does_not_fit(town: Town) -> None:
    await questions_allowed(town)
    message = await submitted(town)

    for text in (" ", "?" * 1001):
        with pytest.raises(Unfit):
            await clarifying.ask(message, text, by=town.marina, at=MONDAY)
    await ask(town, message, at=MONDAY)
    for text in (" ", "!" * 3001):
        with pytest.raises(Unfit):
            await clarifying.reply(message, text, by=town.anna, at=MONDAY + HOUR)


async def test_a_registered_message_is_not_asked_about(town: Town) -> None:
    await questions_allowed(town)
    message = await registered(town)

    with pytest.raises(Refusal):
        await ask(town, message, at=MONDAY + 2 * HOUR)


async def test_questions_are_switched_on_with_a_ground_which_then_stays(town: Town) -> None:
    (row,) = await reading.rows(LIMITS)

    with pytest.raises(Unfit) as unfit:
        await keep(LIMITS, {"clarifying": True}, row=row["id"], by=town.yulia, at=MONDAY)

    assert set(unfit.value.errors) == {"clarifying_ground"}
    assert await Event.count() == 0


@pytest.mark.rule("R08")
async def test_while_a_question_waits_its_ground_stays(town: Town) -> None:
    await questioned(town)
    (row,) = await reading.rows(LIMITS)

    with pytest.raises(Unfit) as unfit:
        off = {"clarifying": False, "clarifying_ground": None}
        await keep(LIMITS, off, row=row["id"], by=town.yulia, at=MONDAY + 2 * HOUR)

    assert set(unfit.value.errors) == {"clarifying_ground"}
