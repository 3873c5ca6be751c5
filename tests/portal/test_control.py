"""The controller's board tells what is late and what is near, and changes nothing (§5)."""

from datetime import datetime, timedelta

import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.stories import answered, registered, submitted

from domain import terms
from domain.model import Event
from domain.rulebook import rulebook
from domain.workdays import TOWN
from portal.desk import control

pytestmark = pytest.mark.usefixtures("database")
THURSDAY = datetime(2026, 3, 12, 10, tzinfo=TOWN)


async def board(at: datetime, organisation: int | None = None) -> dict:
    return await control.board(await rulebook(), at=at, language="ru", organisation=organisation)


@pytest.mark.rule("R31", "R32")
async def test_what_is_late_stands_on_the_board_before_and_after_the_sweep(town: Town) -> None:
    message = await registered(town)
    before = await board(THURSDAY)
    await terms.miss_due(at=THURSDAY)

    after = await board(THURSDAY)

    assert [(line.id, line.clock.label) for line in before["late"].rows] == [(message.id, "Срок принятия")]
    assert [line.id for line in after["late"].rows] == [message.id]
    assert after["numbers"].late == 1


@pytest.mark.rule("R31", "R32")
async def test_what_ends_today_or_on_the_next_working_day_is_near(town: Town) -> None:
    await registered(town, at=MONDAY)
    await registered(town, at=MONDAY + timedelta(days=7))

    shown = await board(THURSDAY)

    assert [line.clock.due_on.isoformat() for line in shown["soon"].rows] == ["2026-03-13"]


@pytest.mark.rule("R32")
async def test_a_department_sees_its_own(town: Town) -> None:
    await registered(town)
    mine, other = town.pavel.organisation, town.sergey.organisation

    assert (await board(THURSDAY, mine))["late"].found == 1
    assert (await board(THURSDAY, other))["late"].found == 0


@pytest.mark.rule("R32")
async def test_shares_are_counted_from_what_was_kept(town: Town) -> None:
    await answered(town)
    late = await submitted(town)
    await terms.meet(late, terms.Owed.REGISTRATION, at=THURSDAY)

    shown = (await board(THURSDAY))["numbers"]

    assert (shown.answers_in_time, shown.registrations_in_time, shown.median_workdays) == (100, 50, 0)


async def test_looking_changes_nothing(town: Town) -> None:
    await registered(town)
    before = await Event.count()

    await board(THURSDAY)

    assert await Event.count() == before


@pytest.mark.rule("R32")
async def test_the_controller_opens_the_board_and_a_case_with_its_clocks(town: Town, browser: Browser) -> None:
    message = await registered(town)
    await browser.sign_in(town.elena)

    whole, case = await browser.get("/control"), await browser.get(f"/control/{message.id}")

    assert f"/control/{message.id}" in whole.text
    assert "Как посчитали эту дату" in case.text
    assert town.anna.name not in case.text.split("<h3")[0]


async def test_an_executor_has_no_board(town: Town, browser: Browser) -> None:
    message = await registered(town)
    await browser.sign_in(town.pavel)

    assert (await browser.get("/control")).status_code == 404
    assert (await browser.get(f"/control/{message.id}")).status_code == 404


@pytest.mark.rule("R35")
@pytest.mark.parametrize(("day", "year"), [((2026, 9, 30), None), ((2026, 10, 1), 2027), ((2027, 2, 1), 2027)])
async def test_the_board_reminds_to_load_the_calendar(
    town: Town, browser: Browser, clock: Clock, day: tuple[int, int, int], year: int | None
) -> None:
    clock.now = datetime(*day, 10, tzinfo=TOWN)
    await browser.sign_in(town.yulia)

    text = (await browser.get("/control")).text

    assert (f"Календарь {year} года" in text) == (year is not None)
