"""Who has how many cases (R31, R32): each executor sees their own, whoever heads a department all of it."""

from datetime import date, datetime
from typing import Any

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, words
from tests.portal.errands import at_home

from domain import answering, directories, executing, keeping, moderating
from domain.model import Message, Person
from domain.workdays import TOWN
from portal.door import Door

HOUR = stories.HOUR
PLACE = "/execution/workload"


async def roman() -> Person:
    found = await Person.objects().get(Person.esia_oid == "demo-roman")
    assert found
    return found


async def lit(town: Town, at: datetime) -> Message:
    """A case of Roman's, who works in Sergey's department."""
    message = await stories.submitted(town, at=at)
    helper = await roman()
    await moderating.register(message, by=town.marina, at=at + HOUR, executor=helper.id)
    await executing.accept(message, by=helper, at=at + 2 * HOUR)
    return message


@pytest.mark.rule("R31", "R32")
async def test_a_head_sees_who_has_what_and_the_way_to_it(portal: Door, town: Town, clock: Clock) -> None:
    late = await lit(town, MONDAY)
    await lit(town, datetime(2026, 3, 16, 10, tzinfo=TOWN))
    done = await lit(town, MONDAY)
    clock.now = datetime(2026, 3, 16, 13, tzinfo=TOWN)
    helper = await roman()
    await answering.draft(done, stories.DONE, by=helper, at=MONDAY + 3 * HOUR)
    await answering.send_for_review(done, by=helper, at=MONDAY + 3 * HOUR)
    await stories.approve(town, done, at=datetime(2026, 3, 6, 10, tzinfo=TOWN))
    absent: dict[str, Any] = {"person": helper.id, "deputy": town.sergey.id, "active": True}
    days = {"first_day": date(2026, 3, 16), "last_day": date(2026, 3, 20)}
    absences = directories.find("absences")
    assert absences
    await keeping.keep(absences, {**absent, **days}, by=town.yulia, at=MONDAY)
    sergey = await at_home(portal, town.sergey)

    with counted() as asked:
        page = await sergey.get(PLACE)
    cases = await sergey.get(f"{PLACE}/{helper.id}")
    case = await sergey.get(f"/execution/{late.id}")

    row = words(page.text).split(helper.name, 1)[1]
    assert "отсутствует до 20 марта, замещает" in row
    assert f"{town.sergey.name}" in row
    assert "1 Роман Викторович Светлов 0 0 1 Роман Викторович Светлов 2 1 4" in row
    assert len(asked) <= QUERIES_AT_MOST, "\n".join(asked)
    assert (cases.status_code, case.status_code) == (200, 200)
    assert "Просрочено 1" in words(cases.text)
    assert f'href="/execution/{late.id}"' in cases.text


@pytest.mark.rule("R31")
async def test_on_a_friday_what_is_due_on_monday_is_of_another_week(portal: Door, town: Town, clock: Clock) -> None:
    await lit(town, datetime(2026, 3, 3, 10, tzinfo=TOWN))  # due on Monday the 16th
    clock.now = datetime(2026, 3, 13, 10, tzinfo=TOWN)
    sergey = await at_home(portal, town.sergey)

    row = words((await sergey.get(PLACE)).text).split((await roman()).name, 1)[1]

    assert "0 0 0 1 Роман Викторович Светлов 1" in row


@pytest.mark.rule("R10")
async def test_who_heads_nobody_sees_themselves_and_no_case_of_a_colleague(portal: Door, town: Town) -> None:
    message = await stories.in_work(town)
    await lit(town, MONDAY)
    helper = await at_home(portal, await roman())
    pavel = await at_home(portal, town.pavel)

    page = await helper.get(PLACE)
    seen = [await pavel.get(f"{PLACE}/{id}") for id in (town.pavel.id, town.sergey.id, (await roman()).id)]

    assert town.sergey.name not in page.text
    assert [each.status_code for each in seen] == [200, 404, 404]
    assert (await helper.get(f"{PLACE}/{town.sergey.id}")).status_code == 404
    assert (await helper.get(f"/execution/{message.id}")).status_code == 404


@pytest.mark.rule("R12")
async def test_a_head_reads_a_case_of_the_department_and_does_nothing_in_it(portal: Door, town: Town) -> None:
    message = await lit(town, MONDAY)
    sergey = await at_home(portal, town.sergey)

    page = await sergey.get(f"/execution/{message.id}")
    tried = await sergey.post(f"/messages/{message.id}/hand-back", data={"justification": "Not ours."})

    assert "A deep hole at the bus stop." in words(page.text)
    assert f'action="/messages/{message.id}/' not in page.text
    assert tried.status_code == 403
