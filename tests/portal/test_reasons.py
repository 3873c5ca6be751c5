"""The reason of a delay on the pages: a button of the board, a form of the case, and who sees neither (§5.1)."""

import pytest
from tests.people import Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import at_home, location
from tests.portal.test_collisions import differing
from tests.portal.test_control import THURSDAY, board
from tests.stories import HOUR, fresh, joined, registered

from domain import controlling, joining
from domain.model import Message, ReasonRequest
from portal.door import Door

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.rule("R32")]


@pytest.fixture
async def late(town: Town, clock: Clock) -> Message:
    message = await registered(town)
    clock.now = THURSDAY
    return message


async def test_from_the_button_to_the_answer(town: Town, portal: Door, late: Message) -> None:
    elena, pavel = await at_home(portal, town.elena), await at_home(portal, town.pavel)
    back = "/control?when=late&by=topic"

    asked = await elena.post(f"/messages/{late.id}/reason-request", data={"back": back})
    queue, case = await pavel.get("/execution?queue=reasons"), await pavel.get(f"/execution/{late.id}")
    given = await pavel.post(f"/messages/{late.id}/reason", data={"reason": "No asphalt before April."})

    assert location(asked) == back
    assert f"/execution/{late.id}" in queue.text
    assert f'action="/messages/{late.id}/reason"' in case.text
    assert location(given).startswith(f"/execution/{late.id}")
    assert "No asphalt before April." in (await elena.get("/control")).text
    assert f"/execution/{late.id}?" not in (await pavel.get("/execution?queue=reasons")).text.split('id="pane"')[0]


async def test_a_question_may_be_written_and_stands_in_the_case_of_the_executor(
    town: Town, portal: Door, late: Message
) -> None:
    konstantin, pavel = await at_home(portal, town.konstantin), await at_home(portal, town.pavel)

    asked = await konstantin.post(f"/messages/{late.id}/reason-request", data={"question": "Who holds it up?"})

    assert location(asked) == f"/control/{late.id}"
    text = words((await pavel.get(f"/execution/{late.id}")).text)
    assert "Who holds it up?" in text
    assert town.konstantin.name in text


async def test_who_asks_again_reads_who_asked_and_loses_no_word(town: Town, portal: Door, late: Message) -> None:
    await controlling.ask_reason(late, "What holds it up?", by=town.konstantin, at=THURSDAY)
    elena = await at_home(portal, town.elena)

    again = await elena.post(f"/messages/{late.id}/reason-request", data={"question": "Who holds it up?"})

    assert again.status_code == 409
    assert town.konstantin.name in words(again.text)
    assert (differing(again.text, "del"), differing(again.text, "ins")) == (["What"], ["Who"])


async def test_who_gives_the_reason_second_reads_the_first(town: Town, portal: Door, late: Message) -> None:
    await controlling.ask_reason(late, by=town.elena, at=THURSDAY)
    await controlling.give_reason(late, "No asphalt before April.", by=town.pavel, at=THURSDAY)
    pavel = await at_home(portal, town.pavel)

    second = await pavel.post(f"/messages/{late.id}/reason", data={"reason": "No asphalt before May."})

    assert second.status_code == 409
    assert (differing(second.text, "del"), differing(second.text, "ins")) == (["April."], ["May."])


async def test_an_empty_reason_comes_back_with_its_sentence(town: Town, portal: Door, late: Message) -> None:
    await controlling.ask_reason(late, by=town.elena, at=THURSDAY)
    pavel = await at_home(portal, town.pavel)

    answer = await pavel.post(f"/messages/{late.id}/reason", data={"reason": " "})

    assert answer.status_code == 422
    assert "Напишите, почему пропущен срок." in words(answer.text)


async def test_of_a_joined_message_nobody_waits_for_the_reason_until_it_is_taken_out(
    town: Town, portal: Door, late: Message
) -> None:
    pavel = await at_home(portal, town.pavel)
    await controlling.ask_reason(late, "Who holds it up?", by=town.elena, at=THURSDAY)
    seen = [await asked_on_the_board()]
    pages = [await pavel.get(f"/execution/{late.id}")]

    await joined(town, late, await registered(town), at=THURSDAY)
    seen.append(await asked_on_the_board())
    pages.append(await pavel.get(f"/execution/{late.id}"))
    await joining.detach(await fresh(late), by=town.vera, at=THURSDAY + HOUR, reason="Another hole.")
    seen.append(await asked_on_the_board())
    await pavel.post(f"/messages/{late.id}/reason", data={"reason": "No asphalt before April."})
    seen.append(await asked_on_the_board())

    assert seen == [(1, [late.id]), (0, []), (1, [late.id]), (0, [])]
    assert [f'action="/messages/{late.id}/reason"' in page.text for page in pages] == [True, False]


async def asked_on_the_board() -> tuple[int, list[int]]:
    """What the tile counts, and the cases that it leads to."""
    shown = await board(THURSDAY, when="asked")
    return shown["asked"], [line.id for line in shown["lines"]]


async def test_what_was_asked_waits_on_the_desk_after_the_case_is_closed_too(
    town: Town, portal: Door, late: Message
) -> None:
    await controlling.ask_reason(late, by=town.elena, at=THURSDAY)
    await Message.update({Message.status: "closed"}).where(Message.id == late.id)

    queue = await (await at_home(portal, town.pavel)).get("/execution?queue=reasons")

    assert f"/execution/{late.id}" in queue.text


@pytest.mark.rule("R10")
async def test_the_others_neither_ask_nor_answer_nor_see(town: Town, portal: Door, late: Message) -> None:
    await controlling.ask_reason(late, "Who holds it up?", by=town.elena, at=THURSDAY)
    await controlling.give_reason(late, "No asphalt before April.", by=town.pavel, at=THURSDAY)
    anna = await at_home(portal, town.anna)

    for who in (anna, await at_home(portal, town.boris), await at_home(portal, town.sergey)):
        assert (await who.post(f"/messages/{late.id}/reason", data={"reason": "x"})).status_code == 404
        assert (await who.post(f"/messages/{late.id}/reason-request")).status_code == 404
    page = (await anna.get(f"/messages/{late.id}")).text

    assert "asphalt" not in page
    assert "holds it up" not in page
    assert await ReasonRequest.count() == 1


async def test_a_way_back_leads_nowhere_else(town: Town, browser: Browser, late: Message) -> None:
    await browser.sign_in(town.elena)

    answer = await browser.post(f"/messages/{late.id}/reason-request", data={"back": "//evil.example/"})

    assert location(answer) == f"/control/{late.id}"
