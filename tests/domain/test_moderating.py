"""The moderator registers, refuses, routes, and lets answers out or sends them back (§3, §4.2)."""

from datetime import datetime

import pytest
from tests.people import MONDAY, Town
from tests.stories import (
    HOUR,
    answered,
    approve,
    fresh,
    in_review,
    journal,
    registered,
    running,
    submitted,
    the_answer,
    told,
)

from domain import executing, moderating, publishing
from domain.answering import Written
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.model import Answer
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.rule("R07", "R11", "R12", "R30")
async def test_registration_gives_a_number_and_starts_the_executors_clocks(town: Town) -> None:
    message = await submitted(town)

    await moderating.register(message, by=town.marina, at=MONDAY)

    assert (message.status, message.number, message.executor) == ("registered", "2026-00001", town.pavel.id)
    assert await running(message) == {"acceptance": "2026-03-03", "return": "2026-03-03", "answer": "2026-03-13"}


@pytest.mark.rule("R30")
async def test_track_two_has_fourteen_working_days(town: Town) -> None:
    message = await submitted(town)

    await moderating.register(message, by=town.marina, at=MONDAY, topic=town.pavement.id)

    assert (await running(message))["answer"] == "2026-03-23"


@pytest.mark.rule("R07")
async def test_numbers_begin_anew_with_the_towns_year(town: Town) -> None:
    first = await submitted(town, at=datetime(2026, 12, 31, 12, tzinfo=TOWN))
    second = await submitted(town, at=datetime(2026, 12, 31, 12, tzinfo=TOWN))

    await moderating.register(first, by=town.marina, at=datetime(2026, 12, 31, 23, 59, tzinfo=TOWN))
    await moderating.register(second, by=town.marina, at=datetime(2027, 1, 1, 0, 1, tzinfo=TOWN))

    assert (first.number, second.number) == ("2026-00001", "2027-00001")


async def test_a_registration_that_fails_costs_no_number(town: Town) -> None:
    refused = await submitted(town, consent=False)
    with pytest.raises(Unfit):
        await moderating.register(refused, by=town.marina, at=MONDAY, public_text="For all.")

    message = await registered(town)

    assert message.number == "2026-00001"


@pytest.mark.rule("R08")
async def test_refusal_names_a_ground_a_reason_and_a_correction(town: Town) -> None:
    message = await submitted(town)

    with pytest.raises(Unfit) as said:
        await moderating.refuse(message, by=town.marina, at=MONDAY, grounds=[], reason=" ", proposal="")

    assert set(said.value.errors) == {"grounds", "reason", "proposal"}
    assert await journal(message) == ["message:submitted"]


@pytest.mark.rule("R08", "R06")
async def test_refusal_meets_the_clocks_of_registration(town: Town) -> None:
    message = await submitted(town)

    await moderating.refuse(
        message,
        by=town.marina,
        at=MONDAY,
        grounds=[town.grounds["G11"].id],
        reason="Two questions.",
        proposal="Send them apart.",
    )

    assert message.status == "refused"
    assert await running(message) == {}
    event = await told(message, "message:refused")
    assert event.data == {"grounds": ["G11"], "reason": "Two questions.", "proposal": "Send them apart."}


@pytest.mark.rule("R12")
async def test_another_executor_gets_new_clocks_and_the_answer_term_runs_on(town: Town) -> None:
    message = await registered(town)
    tuesday = datetime(2026, 3, 3, 9, tzinfo=TOWN)
    await executing.hand_back(message, by=town.pavel, at=tuesday, justification="A yard.", competent="Housing")

    await moderating.reroute(message, by=town.marina, at=tuesday + HOUR, executor=town.sergey.id)

    assert (message.status, message.executor) == ("registered", town.sergey.id)
    assert await running(message) == {"acceptance": "2026-03-04", "return": "2026-03-04", "answer": "2026-03-13"}
    with pytest.raises(NotAllowed):
        await executing.accept(message, by=town.pavel, at=tuesday + HOUR)


@pytest.mark.rule("R21")
async def test_approval_lets_the_answer_out_and_opens_the_rating(town: Town) -> None:
    message = await in_review(town)

    await approve(town, message, at=MONDAY + 5 * HOUR)

    answer = await the_answer(message)
    assert (message.status, answer.state, answer.reviewer) == ("answered", "approved", town.vera.id)
    assert "answer" not in await running(message)
    assert (await running(message))["rating"] == "2026-04-01"


@pytest.mark.rule("R21")
async def test_the_author_of_an_answer_never_approves_it(town: Town) -> None:
    message = await in_review(town)
    await Answer.update({Answer.author: town.vera.id}).where(Answer.message == message.id)

    with pytest.raises(NotAllowed):
        await approve(town, message, at=MONDAY + 5 * HOUR)

    assert (await the_answer(message)).state == "in_review"


@pytest.mark.rule("R20")
async def test_an_answer_is_sent_back_with_its_rule_and_the_term_keeps_running(town: Town) -> None:
    message = await in_review(town)
    before = (await running(message))["answer"]

    await moderating.send_back(message, by=town.vera, at=MONDAY, rules=["R17"], remark="What was done?")

    answer = await the_answer(message)
    assert (message.status, message.reworks) == ("sent_back", 0)
    assert (answer.state, answer.rules, answer.remark) == ("sent_back", ["R17"], "What was done?")
    assert (await running(message))["answer"] == before


@pytest.mark.rule("R20")
async def test_sending_back_names_a_rule_of_the_answer(town: Town) -> None:
    message = await in_review(town)

    with pytest.raises(Unfit) as said:
        await moderating.send_back(message, by=town.vera, at=MONDAY, rules=["R99"], remark="")

    assert set(said.value.errors) == {"rules", "remark"}


@pytest.mark.rule("R22")
async def test_a_planned_answer_starts_the_clock_of_its_promise(town: Town) -> None:
    planned = Written(outcome="planned", text="New asphalt.", planned_on=datetime(2026, 3, 28).date())

    message = await answered(town, written=planned)

    assert (await running(message))["promise"] == "2026-03-28"


@pytest.mark.rule("R18")
async def test_a_promise_whose_date_came_in_review_is_not_let_out(town: Town) -> None:
    planned = Written(outcome="planned", text="New asphalt.", planned_on=datetime(2026, 3, 4).date())
    message = await in_review(town, written=planned)

    with pytest.raises(OutOfTurn):
        await approve(town, message, at=datetime(2026, 3, 4, 0, 0, tzinfo=TOWN))

    await approve(town, message, at=datetime(2026, 3, 3, 23, 59, tzinfo=TOWN))
    assert message.status == "answered"


@pytest.mark.rule("R33")
async def test_the_journal_keeps_the_topic_that_the_author_chose(town: Town) -> None:
    message = await submitted(town)

    await moderating.register(message, by=town.marina, at=MONDAY, topic=town.pavement.id)

    data = (await told(message, "message:registered")).data
    assert (data["topic"], data["topic_was"]) == (town.pavement.id, town.pothole.id)


@pytest.mark.rule("R28")
async def test_a_stale_copy_publishes_nothing(town: Town) -> None:
    message = await registered(town)
    copy = await fresh(message)
    await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR)

    with pytest.raises(Stale):
        await publishing.publish(copy, by=town.marina, at=MONDAY + 3 * HOUR, text="A hole.")

    stands = await fresh(message)
    assert (stands.public_text, stands.version) == (None, message.version)


@pytest.mark.rule("R28", "R10")
async def test_only_what_its_author_agreed_to_is_published_and_the_words_stay(town: Town) -> None:
    message = await registered(town)
    await publishing.publish(message, by=town.marina, at=MONDAY, text="A hole.")

    stands = await fresh(message)
    assert (stands.text, stands.public_text) == ("A deep hole at the bus stop.", "A hole.")
    withheld = await submitted(town, consent=False)
    await moderating.register(withheld, by=town.marina, at=MONDAY)
    with pytest.raises(Unfit):
        await publishing.publish(withheld, by=town.marina, at=MONDAY, text="A hole.")


@pytest.mark.rule("R28")
async def test_nothing_is_published_before_moderation_nor_by_another(town: Town) -> None:
    message = await submitted(town)

    with pytest.raises(OutOfTurn):
        await publishing.publish(message, by=town.marina, at=MONDAY, text="A hole.")
    with pytest.raises(NotAllowed):
        await publishing.publish(message, by=town.pavel, at=MONDAY, text="A hole.")
