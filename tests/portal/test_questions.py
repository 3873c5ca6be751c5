"""The moderator asks before registration: off by default, asked at the desk, replied to at home or by a link."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.conftest import SECRET
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import at_home, location, photo
from tests.stories import HOUR, fresh, questioned, questions_allowed, submitted, told

from domain import clarifying, moderating
from domain.invitations import ANSWER, QUESTION, Invitation, sign
from domain.model import Attachment, Event, Message, Person, Question, Session, Term
from portal.door import Door

pytestmark = pytest.mark.usefixtures("database")
REPLY = "A spade deep, by the kerb."


async def link(message: Message, person: Person, *, what: str = QUESTION) -> str:
    said: Any = (await told(message, "message:questioned")).data
    return f"/questions/{sign(Invitation(said['id'], person.id), SECRET, at=MONDAY, what=what)}"


def written(reply: str = REPLY, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "reply": reply, **more}


async def everything() -> list[Any]:
    return [await table.select().order_by(table.id) for table in (Message, Question, Event, Term, Session)]


@pytest.mark.rule("R06")
async def test_switched_off_nothing_of_it_is_seen_or_possible(town: Town, portal: Door) -> None:
    message = await submitted(town)
    marina = await at_home(portal, town.marina)

    page = (await marina.get(f"/moderation/{message.id}")).text
    asked = await marina.post(f"/messages/{message.id}/question", data={"question": "How deep?"})

    assert "Спросить заявителя" not in page
    assert "Ждут ответа заявителя" not in page
    assert asked.status_code == 409
    assert "п. 3" in asked.text
    assert (await fresh(message)).status == "submitted"


@pytest.mark.rule("R06")
async def test_a_moderator_asks_and_the_author_replies_at_home(town: Town, portal: Door, clock: Clock) -> None:
    await questions_allowed(town)
    message = await submitted(town)
    clock.forward(hours=1)
    marina, anna = await at_home(portal, town.marina), await at_home(portal, town.anna)
    form = (await marina.get(f"/moderation/{message.id}")).text
    await marina.post(f"/messages/{message.id}/question", data={"question": "How deep?", "queue": "new"})
    cabinet, card = (await anna.get("/messages")).text, (await anna.get(f"/messages/{message.id}")).text

    replied = await anna.post(f"/messages/{message.id}/reply", data=written(), files=[photo()])

    desk = words((await marina.get(f"/moderation/{message.id}")).text)
    assert "Спросить заявителя" in form
    assert "Ответить на вопрос" in cabinet
    assert "How deep?" in card
    assert "до 3 марта, 23:59" in words(card)
    assert location(replied) == f"/messages/{message.id}?said=replied"
    assert "How deep?" in desk
    assert REPLY in desk
    assert await Attachment.count().where(Attachment.message == message.id) == 1


@pytest.mark.rule("R06", "R21")
async def test_the_link_of_the_letter_takes_one_reply_without_a_session(town: Town, browser: Browser) -> None:
    message = await questioned(town)
    path = await link(message, town.anna)

    page = await browser.get(path)
    first, second = await browser.post(path, data=written()), await browser.post(path, data=written("Twice."))

    assert "How deep is it?" in page.text
    assert location(first) == path
    assert second.status_code == 409
    assert "Ваш ответ получен" in (await browser.get(path)).text
    assert (await Question.objects().first()).answer == REPLY
    assert await Session.count() == 0


async def test_opening_the_link_changes_nothing(town: Town, browser: Browser) -> None:
    path = await link(await questioned(town), town.anna)
    before = await everything()

    for _ in range(3):
        await browser.get(path)
        await browser.head(path)
        await browser.get(f"{path}?reply=Yes")

    assert before == await everything()


async def test_the_page_of_the_link_is_kept_from_caches_referrers_and_searches(town: Town, browser: Browser) -> None:
    answer = await browser.get(await link(await questioned(town), town.anna))

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]


@pytest.mark.rule("R10")
async def test_a_link_opens_to_nobody_else_and_nothing_else(town: Town, browser: Browser) -> None:
    message = await questioned(town)
    of_boris = await link(message, town.boris)
    for_an_answer = await link(message, town.anna, what=ANSWER)

    for path in (of_boris, for_an_answer, "/questions/nonsense"):
        assert (await browser.get(path)).status_code == 404
        assert (await browser.post(path, data=written())).status_code == 404


@pytest.mark.rule("R08")
async def test_after_silence_the_link_says_that_it_is_over_and_home_offers_to_correct(
    town: Town, portal: Door, browser: Browser, clock: Clock
) -> None:
    message = await questioned(town)
    path = await link(message, town.anna)
    clock.forward(days=2)
    await clarifying.refuse_silence(message.id, at=clock.now)

    by_letter = words((await browser.get(path)).text)
    at_home_ = words((await (await at_home(portal, town.anna)).get(f"/messages/{message.id}")).text)

    assert "Ответа больше не ждут" in by_letter
    assert "Нет ответа на уточнение модератора" in at_home_
    assert "Исправить и отправить снова" in at_home_


async def test_an_empty_reply_comes_back_with_what_was_typed_and_its_files(
    town: Town, portal: Door, browser: Browser
) -> None:
    message = await questioned(town)
    anna = await at_home(portal, town.anna)

    at_the_cabinet = await anna.post(f"/messages/{message.id}/reply", data=written(" "), files=[photo()])
    by_letter = await browser.post(await link(message, town.anna), data=written("x" * 3001))

    assert (at_the_cabinet.status_code, by_letter.status_code) == (422, 422)
    assert "Напишите ответ." in at_the_cabinet.text
    assert "hole.jpg" in at_the_cabinet.text
    assert "x" * 3001 in by_letter.text


@pytest.mark.rule("R10")
async def test_a_stranger_finds_no_such_page_and_an_executor_reads_no_name(town: Town, portal: Door) -> None:
    message = await questioned(town)
    boris = await at_home(portal, town.boris)
    assert (await boris.post(f"/messages/{message.id}/reply", data=written())).status_code == 404
    await clarifying.reply(message, REPLY, by=town.anna, at=MONDAY + 2 * HOUR)
    await moderating.register(message, by=town.marina, at=MONDAY + 3 * HOUR)

    page = words((await (await at_home(portal, town.pavel)).get(f"/execution/{message.id}")).text)

    assert REPLY in page
    assert town.anna.name not in page


async def test_who_registers_meanwhile_is_told_to_the_author_who_replies(
    town: Town, portal: Door, browser: Browser, clock: Clock
) -> None:
    message = await questioned(town)
    path = await link(message, town.anna)
    await moderating.register(message, by=town.marina, at=MONDAY + 2 * HOUR)
    clock.now = MONDAY + timedelta(hours=3)

    late = await browser.post(path, data=written())

    assert late.status_code == 409
    assert "Ответа больше не ждут" in (await browser.get(path)).text


async def test_a_reply_that_does_not_fit_and_comes_too_late_keeps_its_words(
    town: Town, portal: Door, clock: Clock
) -> None:
    message = await questioned(town)
    anna = await at_home(portal, town.anna)
    await moderating.register(message, by=town.marina, at=MONDAY + 2 * HOUR)
    clock.now = MONDAY + timedelta(hours=3)

    late = await anna.post(f"/messages/{message.id}/reply", data=written("x" * 3001))

    assert late.status_code == 422
    assert "x" * 3001 in late.text
