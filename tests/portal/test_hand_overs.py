"""A case on its way to a colleague, on their desks: offered, taken, returned, and what others see of it (§4.1)."""

from typing import Any

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.desks import words
from tests.portal.errands import at_home, location
from tests.portal.test_workload import lit, roman

from domain import directories, keeping
from portal.door import Door

HOUR = stories.HOUR


@pytest.mark.rule("R11", "R33")
async def test_a_colleague_finds_the_case_among_those_offered_and_takes_it(portal: Door, town: Town) -> None:
    message = await lit(town, MONDAY)  # Roman's; Sergey heads the department
    giver, taker = await at_home(portal, await roman()), await at_home(portal, town.sergey)
    address = f"/messages/{message.id}/hand-over"

    page = await giver.get(f"/execution/{message.id}")
    wrong = await giver.post(address, data={"taker": str(town.pavel.id), "words": "The lamp is ordered."})
    offered = await giver.post(address, data={"taker": str(town.sergey.id), "words": "The lamp is ordered."})
    again = await giver.post(address, data={"taker": str(town.sergey.id), "words": "Twice."})
    queue = await taker.get("/execution?queue=offered")
    taken = await taker.post(f"{address}/taking")
    case = await taker.get(location(taken))

    assert again.status_code == 409
    assert "Слова коллеге Ваш текст Twice." in words(again.text)
    assert f'<option value="{town.sergey.id}"' in page.text
    assert wrong.status_code == 422
    assert "п. 4.1" in wrong.text.lower()
    assert "The lamp is ordered." in wrong.text
    assert offered.status_code == 303
    assert "Передают мне 1" in words(queue.text)
    assert "Роман Викторович Светлов передаёт вам это дело" in words(queue.text)
    assert "Взято коллегой" in words(case.text)
    assert f'action="/messages/{message.id}/answer"' in case.text
    assert (await giver.get(f"/execution/{message.id}")).status_code == 404


@pytest.mark.rule("R11")
async def test_a_colleague_returns_the_case_in_words_and_it_stays_where_it_was(portal: Door, town: Town) -> None:
    message = await lit(town, MONDAY)
    giver, taker = await at_home(portal, await roman()), await at_home(portal, town.sergey)
    address = f"/messages/{message.id}/hand-over"
    await giver.post(address, data={"taker": str(town.sergey.id), "words": "The lamp is ordered."})

    silent = await taker.post(f"{address}/return", data={"words": ""})
    returned = await taker.post(f"{address}/return", data={"words": "I am away."})
    page = words((await giver.get(f"/execution/{message.id}")).text)

    assert silent.status_code == 422
    assert location(returned).startswith("/execution?queue=")
    assert "Возвращено коллегой" in page
    assert "I am away." in page
    assert "Передать коллеге" in page


@pytest.mark.rule("R11", "R33")
async def test_a_deputy_finds_what_is_offered_to_who_is_away_and_takes_it_for_them(portal: Door, town: Town) -> None:
    message = await lit(town, MONDAY)
    absences = directories.find("absences")
    assert absences
    days: dict[str, Any] = {"first_day": MONDAY.date(), "last_day": MONDAY.date(), "active": True}
    giver, deputy = await at_home(portal, await roman()), await at_home(portal, town.pavel)
    address = f"/messages/{message.id}/hand-over"
    await giver.post(address, data={"taker": str(town.sergey.id), "words": "The lamp is ordered."})
    before = await deputy.get(f"/execution/{message.id}")
    await keeping.keep(absences, {"person": town.sergey.id, "deputy": town.pavel.id, **days}, by=town.yulia, at=MONDAY)

    queue = await deputy.get("/execution?queue=offered")
    taken = await deputy.post(f"{address}/taking")
    case = await deputy.get(location(taken))

    assert before.status_code == 404
    assert "Передают мне 1" in words(queue.text)
    assert f'action="{address}/taking"' in queue.text
    assert (await stories.fresh(message)).executor == town.sergey.id
    assert f'action="/messages/{message.id}/answer"' in case.text


@pytest.mark.rule("R10")
async def test_nobody_else_offers_or_takes(portal: Door, town: Town) -> None:
    message = await lit(town, MONDAY)
    pavel, sergey = await at_home(portal, town.pavel), await at_home(portal, town.sergey)
    address = f"/messages/{message.id}/hand-over"
    deeds = ("", "/taking", "/return", "/withdrawal")

    strangers = [await pavel.post(address + deed, data={"words": "x"}) for deed in deeds]
    head = [await sergey.post(address + deed, data={"words": "x"}) for deed in ("", "/withdrawal")]

    assert {each.status_code for each in strangers} == {404}
    assert {each.status_code for each in head} == {403}
