"""The executor accepts, or hands back what is not theirs (§4.1)."""

from datetime import date, datetime

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, fresh, in_work, registered, running, told

from domain import executing, moderating
from domain.errors import NotAllowed, OutOfTurn, Unfit
from domain.model import Message, Term
from domain.shares import Wish
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.rule("R11")
async def test_acceptance_names_the_scope_and_the_date(town: Town) -> None:
    message = await registered(town)
    until = datetime(2026, 3, 6).date()

    await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR, scope="Cold patch.", finish_on=until)

    assert message.status == "in_work"
    assert "acceptance" not in await running(message)
    event = await told(message, "message:accepted")
    assert event.data == {"scope": "Cold patch.", "finish_on": "2026-03-06"}


LONG = "x" * (executing.SCOPE_AT_MOST + 1)


@pytest.mark.rule("R11")
@pytest.mark.parametrize(
    ("scope", "day", "helpers", "wrong"),
    [
        ("Cold patch.", date(2026, 3, 1), (), ["finish_on"]),
        ("Cold patch.", date(2026, 3, 14), (), ["finish_on"]),
        (LONG, date(2026, 3, 13), (), ["scope"]),
        (
            LONG,
            date(2026, 9, 1),
            (Wish(None, "", None, "_1"),),
            ["scope", "finish_on", "task_1", "due_on_1", "helper_1"],
        ),
    ],
)
async def test_the_work_ends_between_today_and_the_answer_and_all_that_does_not_fit_is_told_at_once(
    town: Town, scope: str, day: date, helpers: tuple[Wish, ...], wrong: list[str]
) -> None:
    message = await registered(town)

    with pytest.raises(Unfit) as said:
        await executing.accept(
            message, by=town.pavel, at=MONDAY + 2 * HOUR, scope=scope, finish_on=day, helpers=helpers
        )

    assert list(said.value.errors) == wrong
    assert (await fresh(message)).status == "registered"
    assert (await running(message))["acceptance"] == "2026-03-03"


@pytest.mark.rule("R11")
@pytest.mark.parametrize("day", [None, date(2026, 3, 2), date(2026, 3, 13)])
async def test_acceptance_by_one_press_today_or_the_last_day_of_the_answer_all_hold(
    town: Town, day: date | None
) -> None:
    message = await registered(town)

    await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR, scope=LONG[1:], finish_on=day)

    assert message.status == "in_work"


@pytest.mark.rule("R11")
async def test_where_the_answer_is_late_already_the_work_ends_today(town: Town) -> None:
    message, late = await registered(town), datetime(2026, 3, 17, 9, tzinfo=TOWN)

    with pytest.raises(Unfit):
        await executing.accept(message, by=town.pavel, at=late, finish_on=date(2026, 3, 18))
    await executing.accept(await fresh(message), by=town.pavel, at=late, finish_on=late.date())

    assert (await told(message, "message:accepted")).data["finish_on"] == "2026-03-17"


@pytest.mark.rule("R11")
async def test_another_executor_does_not_accept(town: Town) -> None:
    message = await registered(town)

    with pytest.raises(NotAllowed):
        await executing.accept(message, by=town.sergey, at=MONDAY + 2 * HOUR)


@pytest.mark.rule("R12")
async def test_handing_back_needs_a_justification(town: Town) -> None:
    message = await registered(town)

    with pytest.raises(Unfit):
        await executing.hand_back(message, by=town.pavel, at=MONDAY + 2 * HOUR, justification="  ")


@pytest.mark.rule("R12")
async def test_an_accepted_message_is_handed_back_until_the_end_of_the_next_working_day(town: Town) -> None:
    message = await in_work(town)
    last_moment = datetime(2026, 3, 3, 23, 59, 59, tzinfo=TOWN)

    await executing.hand_back(message, by=town.pavel, at=last_moment, justification="A regional road.")

    assert message.status == "handed_back"
    assert await running(message) == {"answer": "2026-03-13"}


@pytest.mark.rule("R12", "R31")
async def test_until_a_message_that_was_handed_back_is_sent_on_its_answer_is_owed_by_nobody_else(town: Town) -> None:
    message = await in_work(town)
    await executing.hand_back(message, by=town.pavel, at=MONDAY + 3 * HOUR, justification="A regional road.")
    owners = [await owner_of_the_answer(message)]

    await moderating.reroute(message, by=town.marina, at=MONDAY + 4 * HOUR, executor=town.sergey.id)

    owners.append(await owner_of_the_answer(message))
    assert owners == [None, town.sergey.id]


async def owner_of_the_answer(message: Message) -> int | None:
    (term,) = await Term.select(Term.owed_by).where((Term.message == message.id) & (Term.kind == "answer"))
    return term["owed_by"]


@pytest.mark.rule("R12")
async def test_after_the_term_nothing_is_handed_back(town: Town) -> None:
    message = await in_work(town)
    first_late = datetime(2026, 3, 4, tzinfo=TOWN)

    with pytest.raises(OutOfTurn):
        await executing.hand_back(message, by=town.pavel, at=first_late, justification="A regional road.")

    assert (await fresh(message)).status == "in_work"
