"""The executor accepts, or hands back what is not theirs (§4.1)."""

from datetime import datetime

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, fresh, in_work, registered, running, told

from domain import executing, moderating
from domain.errors import NotAllowed, OutOfTurn, Unfit
from domain.model import Message, Term
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
