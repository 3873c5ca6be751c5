"""The remarks on the pages: the executor goes through every line, the reviewer and the author read what came of it."""

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser
from tests.portal.desks import words
from tests.portal.test_execution import form
from tests.stories import HOUR

from domain import moderating, rating, remarks
from domain.model import Message, Remark
from portal.door import Door

THERE, WHO = "The hole is still there.", "Nobody said who does it."


async def contested(town: Town) -> tuple[Message, list[Remark]]:
    message = await stories.answered(town)
    said = f"{THERE}\n{WHO}"
    await rating.rate(message, by=town.anna, at=MONDAY + 8 * HOUR, choice="unsolved", remarks=said)
    return message, await remarks.to_be_answered(message)


async def gone_through(town: Town) -> Message:
    message, _ = await contested(town)
    await stories.answer(town, message, at=MONDAY + 9 * HOUR)
    await stories.approve(town, message, at=MONDAY + 10 * HOUR, publish=False)
    return message


def filled_in(first: Remark, second: Remark) -> dict[str, str]:
    return {
        f"remark_{first.id}": "done",
        f"reply_{first.id}": "Filled again.",
        f"remark_{second.id}": "explained",
        f"reply_{second.id}": "The contractor does.",
    }


@pytest.mark.rule("R24")
async def test_the_form_asks_about_every_remark_and_keeps_what_is_said(town: Town, browser: Browser) -> None:
    message, (first, second) = await contested(town)
    await browser.sign_in(town.pavel)
    typed = await form(browser, message, outcome="solved", text="Filled.", **filled_in(first, second))

    await browser.post(f"/messages/{message.id}/answer", data=typed)

    page = (await browser.get(f"/execution/{message.id}")).text
    assert "1. The hole is still there." in words(page)
    assert "The contractor does." in words(page)
    assert f'name="remark_{second.id}" value="explained" checked' in page


@pytest.mark.rule("R24")
async def test_a_remark_that_is_passed_over_is_named_and_nothing_typed_is_lost(town: Town, browser: Browser) -> None:
    message, (first, second) = await contested(town)
    await browser.sign_in(town.pavel)
    said = {**filled_in(first, second), f"reply_{second.id}": ""}
    typed = await form(browser, message, outcome="solved", text="Filled.", **said)

    answer = await browser.post(f"/messages/{message.id}/answer/review", data=typed)

    assert answer.status_code == 422
    assert f'href="#f-reply_{second.id}"' in answer.text
    assert "П. 4.4: ответьте словами на замечание 2" in words(answer.text)
    assert "Filled again." in answer.text
    assert (await stories.fresh(message)).status == "rework"


@pytest.mark.rule("R24")
async def test_the_reviewer_the_controller_and_the_author_read_what_is_said(town: Town, portal: Door) -> None:
    message = await gone_through(town)

    for person, place in ((town.marina, "moderation"), (town.elena, "control"), (town.anna, "messages")):
        browser = await Browser(portal).sign_in(person)
        page = words((await browser.get(f"/{place}/{message.id}")).text)
        assert "Ответ на каждое замечание" in page
        assert f"{WHO} Устранено Filled again." in page


@pytest.mark.rule("R10", "R24")
async def test_remarks_and_what_is_said_to_them_never_stand_before_everybody(town: Town, browser: Browser) -> None:
    message = await stories.submitted(town)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, public_text="A hole.")
    await stories.taken_to_the_answer(town, message)
    await rating.rate(message, by=town.anna, at=MONDAY + 8 * HOUR, choice="unsolved", remarks=THERE)
    await stories.answer(town, message, at=MONDAY + 9 * HOUR)
    await stories.approve(town, message, at=MONDAY + 10 * HOUR, publish=True)

    page = words((await browser.get(f"/publications/{message.number}")).text)

    assert "Ответ после доработки 1" in page
    assert THERE not in page
    assert "Filled again." not in page


@pytest.mark.rule("R26")
async def test_all_sides_see_which_rework_it_is(town: Town, portal: Door) -> None:
    message, _ = await contested(town)
    places = {"anna": "messages", "pavel": "execution", "marina": "moderation", "elena": "control"}

    for name, place in places.items():
        browser = await Browser(portal).sign_in(getattr(town, name))
        assert "доработка 1 из 3" in words((await browser.get(f"/{place}/{message.id}")).text), name
