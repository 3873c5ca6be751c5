"""An executor's list by days (R31): late, today, tomorrow, this week, later; what came back stands first in its day."""

import re
from datetime import datetime, timedelta

import pytest
from tests import stories
from tests.people import Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words

from domain import rating
from domain.model import Message
from domain.workdays import TOWN
from portal.desk import queues

MARCH = [datetime(2026, 3, day, 10, tzinfo=TOWN) for day in range(1, 32)]
TODAY = MARCH[15]  # Monday the 16th


@pytest.fixture
async def cases(town: Town, clock: Clock) -> list[int]:
    """Due on Friday, Monday, Tuesday, Wednesday and in the week after; the last one came back, and is due on Monday."""
    first = [await stories.in_work(town, at=MARCH[day]) for day in (1, 2, 3, 4, 15)]
    back = await stories.answered(town, at=MARCH[8 + 1])
    await rating.rate(back, by=town.anna, at=MARCH[10], choice="unsolved", remarks="Still a hole.")
    clock.now = TODAY + timedelta(minutes=1)
    return [each.id for each in [*first, back]]


def rows(page: str) -> list[int]:
    return [int(id) for id in re.findall(r'<li id="row-(\d+)"', page)]


@pytest.mark.rule("R31", "R25")
async def test_the_list_goes_by_days_and_what_came_back_stands_first_in_its_day(
    browser: Browser, town: Town, cases: list[int]
) -> None:
    friday, monday, tuesday, wednesday, later, back = cases
    await browser.sign_in(town.pavel)

    page = (await browser.get("/execution")).text

    assert rows(page) == [friday, back, monday, tuesday, wednesday, later]
    assert "Просрочено 1 Сегодня 2 Завтра 1 На этой неделе 1 Позже 1" in words(page)


@pytest.mark.rule("R31")
async def test_before_days_off_the_next_working_day_has_its_own_name(
    browser: Browser, town: Town, clock: Clock, cases: list[int]
) -> None:
    clock.now = MARCH[12]
    await browser.sign_in(town.pavel)

    page = words((await browser.get("/execution/rows?queue=in_work")).text)

    assert "Сегодня 1 Следующий рабочий день 1 Позже 3" in page


@pytest.mark.rule("R31")
async def test_no_case_is_skipped_or_shown_twice_from_page_to_page(
    browser: Browser, town: Town, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "ROWS", 2)
    await browser.sign_in(town.pavel)

    pages = [(await browser.get("/execution")).text]
    while older := re.search(r'href="(/execution\?queue=todo&amp;after=[^"]+)" rel="next"', pages[-1]):
        pages.append((await browser.get(older[1].replace("&amp;", "&"))).text)

    friday, monday, tuesday, wednesday, later, back = cases
    assert [rows(page) for page in pages] == [[friday, back], [monday, tuesday], [wednesday, later]]


@pytest.mark.rule("R10", "R31")
async def test_the_days_of_another_are_not_counted(browser: Browser, town: Town, cases: list[int]) -> None:
    await browser.sign_in(town.sergey)

    page = (await browser.get("/execution")).text

    assert await Message.count() == 6
    assert rows(page) == []
    assert "Просрочено" not in words(page)
