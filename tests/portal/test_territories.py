"""The form of the registration proposes the territory and its executor, and follows what is chosen (R07)."""

from datetime import date
from typing import Any

import pytest
from tests.domain.test_territories import north
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser
from tests.portal.desks import words
from tests.stories import fresh, submitted

from domain import keeping
from domain.directories.absences import ABSENCES

pytestmark = pytest.mark.usefixtures("database")


def responsible(page: str) -> str:
    return words(page.split('id="terms"')[1].split("</dl>")[0])


@pytest.mark.rule("R07")
async def test_the_territory_of_the_address_and_its_executor_are_proposed(town: Town, browser: Browser) -> None:
    territory, message = await north(town), await submitted(town)
    await browser.sign_in(town.marina)

    page = (await browser.get(f"/moderation/{message.id}")).text

    assert f'value="{territory}" selected>Север</option>' in page
    assert town.sergey.name in responsible(page)


@pytest.mark.rule("R07")
async def test_the_proposal_follows_the_topic_and_the_territory_with_and_without_scripts(
    town: Town, browser: Browser
) -> None:
    territory, message = await north(town), await submitted(town)
    await browser.sign_in(town.marina)
    address = f"/messages/{message.id}/registration"
    chosen = {"topic": str(town.topics["lift"].id), "territory": str(territory), "public_text": "Мои слова"}

    other = await browser.get(f"{address}?topic={town.topics['lift'].id}&territory={territory}", headers=HTMX)
    nowhere = await browser.get(f"{address}?topic={town.pothole.id}&territory=", headers=HTMX)
    plain = await browser.post(f"{address}/terms", data=chosen)

    assert town.sergey.name in responsible(other.text)
    assert town.pavel.name in responsible(nowhere.text)
    assert town.sergey.name in responsible(plain.text)
    assert "Мои слова" in plain.text
    assert (await fresh(message)).status == "submitted"


@pytest.mark.rule("R07")
async def test_what_is_sent_as_proposed_goes_there(town: Town, browser: Browser) -> None:
    territory, message = await north(town), await submitted(town)
    await browser.sign_in(town.marina)

    form = {"topic": str(town.pothole.id), "territory": str(territory), "executor": ""}
    await browser.post(f"/messages/{message.id}/registration", data=form)

    found = await fresh(message)
    assert (found.territory, found.executor) == (territory, town.sergey.id)


@pytest.mark.rule("R07", "R11")
async def test_a_proposed_executor_who_is_away_stands_with_the_deputy(town: Town, browser: Browser) -> None:
    message = await submitted(town)
    days: dict[str, Any] = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 6), "active": True}
    await keeping.keep(ABSENCES, {"person": town.pavel.id, "deputy": town.sergey.id, **days}, by=town.yulia, at=MONDAY)
    await browser.sign_in(town.marina)

    page = (await browser.get(f"/moderation/{message.id}")).text

    assert town.pavel.name in responsible(page)
    assert f"замещает: {town.sergey.name}" in responsible(page)


async def test_nonsense_for_a_territory_is_none(town: Town, browser: Browser) -> None:
    message = await submitted(town)
    await browser.sign_in(town.marina)

    answer = await browser.get(f"/messages/{message.id}/registration?topic={town.pothole.id}&territory=x", headers=HTMX)

    assert town.pavel.name in responsible(answer.text)
