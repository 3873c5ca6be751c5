"""The controller's board tells what is late and what is near, split and page by page, and changes nothing (§5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import words
from tests.stories import HOUR, answered, in_work, registered, submitted

from domain import executing, terms
from domain.model import Event
from domain.rulebook import rulebook
from domain.workdays import TOWN
from portal.desk import control, control_lines
from portal.desk.control_filters import BY, Filters

pytestmark = pytest.mark.usefixtures("database")
WEDNESDAY = datetime(2026, 3, 11, 10, tzinfo=TOWN)
THURSDAY = WEDNESDAY + timedelta(days=1)


async def board(at: datetime, **filters: object) -> dict[str, Any]:
    asked = Filters.asked({name: str(value) for name, value in filters.items()})
    return await control.board(await rulebook(), asked, at=at, language="ru")


@pytest.mark.rule("R31", "R32")
async def test_what_is_late_stands_on_the_board_before_and_after_the_sweep(town: Town) -> None:
    message = await registered(town)
    before = await board(THURSDAY)
    await terms.miss_due(at=THURSDAY)

    after = await board(THURSDAY)

    assert [(line.id, line.clock.label) for line in before["lines"]] == [(message.id, "Срок принятия")]
    assert [line.id for line in after["lines"]] == [message.id]
    assert after["pressing"].all("late") == 1


@pytest.mark.rule("R31", "R32")
async def test_what_ends_today_and_on_the_next_working_day_has_its_tiles(town: Town) -> None:
    today, friday = await registered(town, at=MONDAY + timedelta(days=8)), await in_work(town)

    shown = await board(WEDNESDAY, when="today"), await board(THURSDAY, when="tomorrow")

    assert [line.id for line in shown[0]["lines"]] == [today.id]
    assert [line.id for line in shown[1]["lines"]] == [friday.id]
    assert (shown[0]["pressing"].all("today"), shown[1]["pressing"].all("tomorrow")) == (1, 1)


@pytest.mark.rule("R12", "R32")
async def test_what_was_handed_back_is_late_with_the_moderators_and_not_with_who_handed_it_back(town: Town) -> None:
    message = await registered(town)
    await executing.hand_back(message, by=town.pavel, at=MONDAY + HOUR, justification="A regional road.")

    late = await board(MONDAY + timedelta(days=14), by="executor")

    assert [(part.key, part.late) for part in late["pressing"].parts] == [("none", 1)]
    assert [(line.id, line.executor, line.organisation) for line in late["lines"]] == [(message.id, None, None)]


@pytest.mark.rule("R32")
async def test_on_a_friday_the_next_working_day_is_after_the_weekend(town: Town) -> None:
    await registered(town, at=datetime(2026, 3, 13, 10, tzinfo=TOWN))

    assert (await board(datetime(2026, 3, 13, 15, tzinfo=TOWN)))["pressing"].all("tomorrow") == 1


@pytest.mark.rule("R32")
@pytest.mark.parametrize("by", BY)
async def test_it_is_split_by_department_topic_person_and_stage_and_each_leads_to_its_cases(
    town: Town, by: str
) -> None:
    await registered(town)
    await submitted(town)

    parts = (await board(THURSDAY, by=by))["pressing"].parts

    assert sum(part.late for part in parts) == 3  # the acceptance; the registration and the decision
    for part in parts:
        narrowed = await board(THURSDAY, by=by, **{by: part.key})
        assert len(narrowed["lines"]) == part.late == narrowed["pressing"].all("late")


@pytest.mark.rule("R32")
async def test_the_cases_come_page_by_page_and_none_twice(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        await registered(town)
    monkeypatch.setattr(control_lines.lines, "__kwdefaults__", {"limit": 2})

    seen, after = [], ""
    for _ in range(3):
        shown = await board(THURSDAY, after=after)
        seen += [line.id for line in shown["lines"]]
        after = shown["older"].split("after=")[1] if shown["older"] else ""

    assert (len(seen), len(set(seen)), after) == (5, 5, "")


@pytest.mark.rule("R32")
async def test_shares_medians_and_the_table_of_delays_are_counted_from_what_was_kept(town: Town) -> None:
    await answered(town)
    late = await submitted(town)
    await in_work(town)
    await terms.meet(late, terms.Owed.REGISTRATION, at=THURSDAY)

    shown = (await board(datetime(2026, 3, 17, 10, tzinfo=TOWN)))["trends"]

    numbers = shown.numbers
    assert (numbers.answers_in_time, numbers.registrations_in_time, numbers.median_workdays) == (100, 67, 0)
    (roads,) = shown.heat
    assert (roads.id, roads.in_time, [cell.late for cell in roads.cells][-2:]) == (town.pavel.organisation, 50, [1, 0])
    assert [week.answers for week in shown.weeks][-3:] == [1, 0, 0]


async def test_looking_changes_nothing(town: Town) -> None:
    await registered(town)
    before = await Event.count()

    await board(THURSDAY)

    assert await Event.count() == before


@pytest.mark.rule("R32")
async def test_the_controller_opens_the_board_and_a_case_with_its_clocks(
    town: Town, browser: Browser, clock: Clock
) -> None:
    message = await registered(town)
    clock.now = THURSDAY
    await browser.sign_in(town.elena)

    whole, case = await browser.get("/control"), await browser.get(f"/control/{message.id}")

    assert f"/control/{message.id}" in whole.text
    assert "Как посчитали эту дату" in case.text
    assert town.anna.name not in case.text.split('id="journal"')[0]


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


@pytest.mark.rule("R31", "R32")
async def test_the_board_and_the_open_case_ask_for_what_has_changed(town: Town, browser: Browser, clock: Clock) -> None:
    message = await registered(town)
    clock.now = MONDAY + HOUR
    await browser.sign_in(town.elena)
    since = (await browser.get(f"/control/{message.id}")).text.split("/news?since=")[1].split('"')[0]
    await executing.accept(message, by=town.pavel, at=MONDAY + HOUR)

    board = await browser.get("/control", headers=HTMX)
    told = await browser.get(f"/control/{message.id}/news?since={since}", headers=HTMX)

    assert "<html" not in board.text
    assert 'hx-target="#side"' in board.text
    assert "Изменено: Принято" in words(told.text)
    assert town.pavel.name in told.text


async def test_only_oversight_hears_what_has_changed(town: Town, browser: Browser) -> None:
    message = await registered(town)
    await browser.sign_in(town.pavel)

    assert (await browser.get(f"/control/{message.id}/news")).status_code == 404
