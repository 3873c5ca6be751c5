"""Why is it late? The controller asks once, the executor of the case answers, and the author hears nothing (§5.1)."""

import asyncio
from datetime import datetime, timedelta

import pytest
from tests.people import Town
from tests.stories import HOUR, fresh, in_work, journal, submitted, told

from domain import controlling, executing
from domain.errors import NotAllowed, OutOfTurn, Unfit
from domain.model import Event, Message, ReasonRequest
from domain.workdays import TOWN
from portal.cards import story

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.rule("R32")]
LATE = datetime(2026, 3, 16, 10, tzinfo=TOWN)  # the answer was due on Friday, 13 March


async def asked(town: Town) -> Message:
    message = await in_work(town)
    await controlling.ask_reason(message, "The residents wait.", by=town.elena, at=LATE)
    return message


async def test_the_reason_is_asked_and_given_and_both_stand_in_the_journal(town: Town) -> None:
    message = await asked(town)

    await controlling.give_reason(message, "No asphalt before April.", by=town.pavel, at=LATE + HOUR)

    assert (await journal(message))[-2:] == ["reason:asked", "reason:given"]
    assert (await told(message, "reason:asked")).data["question"] == "The residents wait."
    (request,) = await ReasonRequest.objects()
    assert (request.answer, request.answered_by, request.asked_by) == (
        "No asphalt before April.", town.pavel.id, town.elena.id,
    )  # fmt: skip
    assert (await fresh(message)).version == message.version


async def test_who_asks_while_it_is_open_is_told_who_asked(town: Town) -> None:
    message = await asked(town)

    with pytest.raises(OutOfTurn) as again:
        await controlling.ask_reason(message, by=town.konstantin, at=LATE + HOUR)

    assert again.value.sentence.values == {"who": town.elena.name, "day": "16.03.2026"}


async def test_of_two_who_ask_at_once_one_does(town: Town) -> None:
    message = await in_work(town)

    ends = await asyncio.gather(
        *(controlling.ask_reason(message, by=who, at=LATE) for who in (town.elena, town.konstantin) * 2),
        return_exceptions=True,
    )

    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "OutOfTurn", "OutOfTurn", "OutOfTurn"]
    assert await ReasonRequest.count() == 1


async def test_once_answered_it_may_be_asked_again(town: Town) -> None:
    message = await asked(town)
    await controlling.give_reason(message, "No asphalt.", by=town.pavel, at=LATE + HOUR)

    await controlling.ask_reason(message, "And now?", by=town.konstantin, at=LATE + timedelta(days=7))

    assert await ReasonRequest.count() == 2


async def test_only_control_asks_and_only_the_executor_answers(town: Town) -> None:
    message = await in_work(town)
    for nobody in (town.anna, town.marina, town.pavel, town.yulia):
        with pytest.raises(NotAllowed, match=r"clause 5\.1"):
            await controlling.ask_reason(message, by=nobody, at=LATE)
    await controlling.ask_reason(message, by=town.elena, at=LATE)

    for nobody in (town.anna, town.sergey, town.marina, town.elena):
        with pytest.raises(NotAllowed, match=r"clause 5\.1"):
            await controlling.give_reason(message, "I do not know.", by=nobody, at=LATE)


async def test_in_time_or_with_nobody_there_is_nothing_to_ask(town: Town) -> None:
    in_time, nobodys = await in_work(town), await submitted(town)

    with pytest.raises(OutOfTurn, match="Nothing is late"):
        await controlling.ask_reason(in_time, by=town.elena, at=LATE - timedelta(days=3))
    with pytest.raises(OutOfTurn, match="Nobody executes"):
        await controlling.ask_reason(nobodys, by=town.elena, at=LATE)


async def test_with_the_case_goes_what_is_asked_of_it(town: Town) -> None:
    message = await asked(town)
    await Message.update({Message.executor: town.sergey.id}).where(Message.id == message.id)
    message = await fresh(message)

    with pytest.raises(NotAllowed):
        await controlling.give_reason(message, "Not mine any more.", by=town.pavel, at=LATE + HOUR)
    await controlling.give_reason(message, "It came today.", by=town.sergey, at=LATE + HOUR)

    assert (await told(message, "reason:given")).actor == town.sergey.id


async def test_an_empty_reason_and_a_second_one_are_refused(town: Town) -> None:
    message = await asked(town)

    with pytest.raises(Unfit) as empty:
        await controlling.give_reason(message, " ", by=town.pavel, at=LATE)
    await controlling.give_reason(message, "No asphalt.", by=town.pavel, at=LATE)
    with pytest.raises(OutOfTurn):
        await controlling.give_reason(message, "No asphalt.", by=town.pavel, at=LATE)

    assert list(empty.value.errors) == ["reason"]


@pytest.mark.rule("R10")
async def test_the_author_reads_nothing_of_it(town: Town) -> None:
    message = await asked(town)
    await controlling.give_reason(message, "No asphalt.", by=town.pavel, at=LATE)

    told_to_author = story.story(await story.events(message), "en", reader=town.anna.id)

    assert await Event.exists().where((Event.message == message.id) & (Event.kind == "reason:given"))
    assert "asphalt" not in repr(told_to_author)
    assert "residents wait" not in repr(told_to_author)


async def test_a_hand_back_while_it_is_open_keeps_the_question(town: Town) -> None:
    message = await asked(town)

    with pytest.raises(OutOfTurn):
        await executing.hand_back(message, by=town.pavel, at=LATE, justification="Not a road.")

    assert await ReasonRequest.count().where(controlling.WAITS) == 1
