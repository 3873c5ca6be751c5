"""The citizen rates; what is not solved goes to rework, three times, and then to the commission (§4.4)."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from tests.people import Town
from tests.stories import HOUR, answer, answered, approve, fresh, in_work, journal, reworked, running

from domain import answering, moderating, rating
from domain.answering import Written
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.model import Answer, Message
from domain.terms import Owed, run_out
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=TOWN)
PLANNED = Written(outcome="planned", text="New asphalt.", planned_on=date(2026, 5, 28))


@pytest.mark.rule("R23")
@pytest.mark.parametrize("choice", ["solved", "accepted"])
async def test_a_good_rating_closes_the_case(town: Town, choice: str) -> None:
    message = await answered(town)

    await rating.rate(message, by=town.anna, at=TUESDAY, choice=choice)

    assert (message.status, message.closed_at) == ("closed", TUESDAY)
    assert (await journal(message))[-2:] == ["answer:rated", "message:closed"]


@pytest.mark.rule("R23")
async def test_an_answer_is_rated_once(town: Town) -> None:
    message = await answered(town)
    await rating.rate(message, by=town.anna, at=TUESDAY, choice="solved")

    with pytest.raises(Stale):
        await rating.rate(message, by=town.anna, at=TUESDAY, choice="unsolved", remarks="No.")

    assert (await fresh(message)).status == "closed"


@pytest.mark.rule("R24")
@pytest.mark.parametrize(("choice", "field"), [("unsolved", "remarks"), ("perhaps", "choice"), ("", "choice")])
async def test_not_solved_needs_remarks_and_a_rating_one_of_the_options(town: Town, choice: str, field: str) -> None:
    message = await answered(town)

    with pytest.raises(Unfit) as said:
        await rating.rate(message, by=town.anna, at=TUESDAY, choice=choice, remarks=" ")

    assert set(said.value.errors) == {field}
    assert (await fresh(message)).status == "answered"


@pytest.mark.rule("R24", "R25")
async def test_not_solved_goes_to_rework_for_three_working_days(town: Town) -> None:
    message = await answered(town)

    await rating.rate(message, by=town.anna, at=TUESDAY, choice="unsolved", remarks="Still there.")

    assert (message.status, message.reworks, message.round) == ("rework", 1, 2)
    assert (await running(message))["rework"] == "2026-03-06"
    assert (await journal(message))[-2:] == ["answer:rated", "message:sent_to_rework"]


@pytest.mark.rule("R15", "R26")
async def test_each_rework_has_its_own_answer_and_earlier_ones_stay(town: Town) -> None:
    message = await answered(town)
    await reworked(town, message, at=TUESDAY)

    answers = await Answer.objects().where(Answer.message == message.id).order_by(Answer.round)

    assert [(each.round, each.state) for each in answers] == [(1, "approved"), (2, "approved")]


@pytest.mark.rule("R26", "R27")
async def test_the_fourth_not_solved_in_a_row_goes_to_the_commission_and_never_to_rework(town: Town) -> None:
    message = await answered(town)
    for turn in range(3):
        await reworked(town, message, at=TUESDAY + timedelta(days=turn))
    assert message.reworks == 3

    await rating.rate(message, by=town.anna, at=TUESDAY + timedelta(days=7), choice="unsolved", remarks="No.")

    assert (message.status, message.reworks) == ("commission", 3)
    assert (await journal(message)).count("message:sent_to_rework") == 3
    assert "rework" not in await running(message)


@pytest.mark.rule("R27")
async def test_twenty_fourth_ratings_at_once_bring_one_case_to_the_commission(town: Town) -> None:
    message = await answered(town)
    for turn in range(3):
        await reworked(town, message, at=TUESDAY + timedelta(days=turn))
    copies = [await fresh(message) for _ in range(20)]

    outcomes = await asyncio.gather(
        *(rating.rate(copy, by=town.anna, at=TUESDAY, choice="unsolved", remarks="No.") for copy in copies),
        return_exceptions=True,
    )

    assert outcomes.count(None) == 1
    assert (await journal(message)).count("message:brought_to_commission") == 1


@pytest.mark.rule("R27")
async def test_the_moderator_brings_a_case_to_the_commission_from_the_third_rework_on(town: Town) -> None:
    message = await answered(town)
    await reworked(town, message, at=TUESDAY)
    await reworked(town, message, at=TUESDAY + HOUR)
    with pytest.raises(Unfit):
        await moderating.bring_to_commission(message, by=town.marina, at=TUESDAY, reason="In vain.")
    await rating.rate(message, by=town.anna, at=TUESDAY + 9 * HOUR, choice="unsolved", remarks="No.")

    await moderating.bring_to_commission(message, by=town.marina, at=TUESDAY + 10 * HOUR, reason="In vain.")

    assert message.status == "commission"
    assert "rework" not in await running(message)


@pytest.mark.rule("R27")
async def test_a_positive_rating_in_between_ends_the_row(town: Town) -> None:
    message = await answered(town)
    await rating.rate(message, by=town.anna, at=TUESDAY, choice="unsolved", remarks="Still there.")
    await answer(town, message, at=TUESDAY + HOUR, written=PLANNED)
    await approve(town, message, at=TUESDAY + 2 * HOUR)

    await rating.rate(message, by=town.anna, at=TUESDAY + 3 * HOUR, choice="accepted")

    assert (message.status, message.reworks) == ("promised", 0)


@pytest.mark.rule("R22", "R23")
async def test_an_accepted_plan_waits_for_its_date(town: Town) -> None:
    message = await answered(town, written=PLANNED)

    await rating.rate(message, by=town.anna, at=TUESDAY, choice="accepted")

    assert message.status == "promised"
    assert (await running(message))["promise"] == "2026-05-28"


@pytest.mark.rule("R22")
async def test_a_contested_plan_is_owed_no_longer(town: Town) -> None:
    message = await answered(town, written=PLANNED)

    await rating.rate(message, by=town.anna, at=TUESDAY, choice="unsolved", remarks="Too late for me.")

    assert "promise" not in await running(message)


@pytest.mark.rule("R23")
async def test_only_the_author_rates(town: Town) -> None:
    message = await answered(town)

    with pytest.raises(NotAllowed):
        await rating.rate(message, by=town.boris, at=TUESDAY, choice="solved")


@pytest.mark.rule("R23")
async def test_what_nobody_rates_closes_by_itself_once(town: Town) -> None:
    message = await answered(town)
    last_day, after = datetime(2026, 4, 1, 23, 59, 59, tzinfo=TOWN), datetime(2026, 4, 2, tzinfo=TOWN)
    assert await run_out(Owed.RATING, at=last_day) == []
    assert await run_out(Owed.RATING, at=after) == [message.id]

    closed = await asyncio.gather(*(rating.close_unrated(message.id, at=after) for _ in range(4)))

    assert sorted(closed) == [False, False, False, True]
    assert (await fresh(message)).status == "closed"
    assert (await journal(message)).count("message:closed") == 1


@pytest.mark.rule("R23")
async def test_a_sweep_that_comes_late_does_not_close_what_was_answered_anew(town: Town) -> None:
    message = await answered(town)
    await reworked(town, message, at=datetime(2026, 4, 1, 10, 0, tzinfo=TOWN))

    closed = await rating.close_unrated(message.id, at=datetime(2026, 4, 2, tzinfo=TOWN))

    assert not closed
    assert (await fresh(message)).status == "answered"
    assert (await running(message))["rating"] == "2026-05-01"


async def promised_thrice(town: Town) -> Message:
    """Answered three times after a rework, always with a date."""
    message = await answered(town)
    for nth in range(3):
        await rating.rate(message, by=town.anna, at=TUESDAY + nth * HOUR, choice="unsolved", remarks="Still there.")
        await answer(town, message, at=TUESDAY + nth * HOUR, written=PLANNED)
        await approve(town, message, at=TUESDAY + nth * HOUR)
    return message


@pytest.mark.rule("R27")
async def test_in_the_commission_no_additional_answer_is_owed(town: Town) -> None:
    message = await promised_thrice(town)
    came = datetime(2026, 5, 28, tzinfo=TOWN)
    await rating.close_unrated(message.id, at=came)
    await answering.follow_up(message.id, at=came)
    message = await fresh(message)
    await answer(town, message, at=came + 10 * HOUR)

    await moderating.bring_to_commission(message, by=town.marina, at=came + 11 * HOUR, reason="In vain.")

    assert "follow_up" not in await running(message)


@pytest.mark.rule("R27")
@pytest.mark.parametrize("come", [False, True], ids=["promised", "follow-up"])
async def test_after_three_reworks_a_promise_goes_to_the_commission_as_any_other_answer(town: Town, come: bool) -> None:
    message = await promised_thrice(town)
    came = datetime(2026, 5, 28, tzinfo=TOWN)
    await rating.close_unrated(message.id, at=came)
    if come:
        await answering.follow_up(message.id, at=came)
    message = await fresh(message)

    await moderating.bring_to_commission(message, by=town.marina, at=came + HOUR, reason="In vain.")

    assert message.status == "commission"
    assert not {"promise", "follow_up", "rating"} & set(await running(message))


SOON = Written(outcome="planned", text="New asphalt.", planned_on=date(2026, 3, 10))


@pytest.mark.rule("R22", "R23")
@pytest.mark.parametrize(
    ("planned_on", "until"),
    [(date(2026, 3, 10), "2026-03-09"), (date(2026, 3, 3), "2026-03-02"), (date(2026, 4, 2), "2026-04-01")],
)
async def test_an_answer_is_rated_until_the_day_that_it_promises(town: Town, planned_on: date, until: str) -> None:
    message = await answered(town, written=replace(SOON, planned_on=planned_on))

    assert (await running(message))["rating"] == until


@pytest.mark.rule("R22", "R23")
async def test_at_the_last_second_before_the_promised_day_a_rating_counts_and_then_no_more(town: Town) -> None:
    message, other = await answered(town, written=SOON), await answered(town, written=SOON)
    midnight = datetime(2026, 3, 10, tzinfo=TOWN)

    await rating.rate(message, by=town.anna, at=midnight - timedelta(seconds=1), choice="accepted")
    with pytest.raises(OutOfTurn):
        await rating.rate(other, by=town.anna, at=midnight, choice="accepted")

    assert message.status == "promised"


@pytest.mark.rule("R22", "R23")
async def test_an_unrated_plan_keeps_waiting_for_its_date(town: Town) -> None:
    message = await answered(town, written=PLANNED)

    await rating.close_unrated(message.id, at=datetime(2026, 4, 2, tzinfo=TOWN))

    assert (await fresh(message)).status == "promised"
    assert "promise" in await running(message)


async def test_nothing_is_rated_before_it_is_answered(town: Town) -> None:
    message = await in_work(town)

    with pytest.raises(Stale):
        await rating.rate(message, by=town.anna, at=TUESDAY, choice="solved")
