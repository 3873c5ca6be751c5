"""Several messages decided on at once: each by its own verb, each told by a line, and nothing done half."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words

from domain import executing, moderating
from domain.model import Event, Message
from portal.door import Door

HOUR = timedelta(hours=1)


def tick(message: Message) -> str:
    return f"{message.id}.{message.version}"


def refusal(town: Town, *messages: Message, **said: Any) -> dict[str, Any]:
    ground = town.grounds["G01"].id
    known = {"grounds": [ground], "reason": "The same text many times.", "proposal": "Send it once."}
    return {"tick": [tick(each) for each in messages], "query": "q=hole", **known, **said}


async def three(town: Town) -> list[Message]:
    return [await stories.submitted(town, at=MONDAY + each * HOUR) for each in range(3)]


async def statuses(*messages: Message) -> list[str]:
    return [(await stories.fresh(each)).status for each in messages]


@pytest.mark.rule("R08")
async def test_what_was_ticked_is_listed_first_and_then_refused_with_one_reason(town: Town, browser: Browser) -> None:
    one, two, three_ = await three(town)
    await browser.sign_in(town.marina)

    listed = await browser.get(f"/batches/new?query=q%3Dhole&tick={tick(one)}&tick={tick(two)}")
    before = await statuses(one, two)
    done = await browser.post("/batches/refusal", data=refusal(town, one, two))

    assert f'name="tick" value="{tick(one)}"' in listed.text
    assert before == ["submitted", "submitted"]
    assert await statuses(one, two, three_) == ["refused", "refused", "submitted"]
    assert (await stories.told(two, "message:refused")).data["reason"] == "The same text many times."
    assert "Сделано: 2 из 2" in words(done.text)
    assert 'href="/search?q=hole"' in done.text


@pytest.mark.rule("R07", "R33")
async def test_each_line_says_what_was_done_or_who_was_faster_or_why_not(town: Town, browser: Browser) -> None:
    fine, changed, elsewhere = await three(town)
    ticks = [tick(fine), tick(changed), f"{elsewhere.id}.2", "999999.1", "nonsense"]
    await moderating.register(await stories.fresh(changed), by=town.vera, at=MONDAY + HOUR)
    await moderating.register(await stories.fresh(elsewhere), by=town.vera, at=MONDAY + HOUR)
    await browser.sign_in(town.marina)

    page = await browser.post("/batches/registration", data={"tick": ticks, "executor": town.sergey.id})

    assert page.status_code == 200
    told = words(page.text)
    assert "Сделано: 1 из 4" in told
    assert town.vera.name in told  # she was faster
    assert (
        "Для сообщения в таком состоянии это решение не подходит" in told
    )  # nobody was: so it stood when it was ticked
    assert (await stories.fresh(fine)).executor == town.sergey.id
    assert (await stories.fresh(changed)).executor == town.pavel.id
    assert re.findall("2026-0000[1-9]", page.text)


async def test_a_form_that_does_not_fit_does_nothing_and_loses_nothing(town: Town, browser: Browser) -> None:
    one, two, _ = await three(town)
    await browser.sign_in(town.marina)

    page = await browser.post("/batches/refusal", data=refusal(town, one, two, reason="", proposal="Write of what."))
    nobody = await browser.post("/batches/rerouting", data={"tick": [tick(one)]})

    assert (page.status_code, nobody.status_code) == (422, 422)
    assert "Write of what." in page.text
    assert 'aria-invalid="true"' in page.text
    assert f'name="tick" value="{tick(two)}"' in page.text
    assert await statuses(one, two) == ["submitted", "submitted"]


@pytest.mark.rule("R12")
async def test_what_was_handed_back_goes_to_one_executor(town: Town, browser: Browser, clock: Clock) -> None:
    back = await stories.in_work(town)
    said = {"justification": "The pipe is not ours.", "competent": ""}
    await executing.hand_back(back, by=town.pavel, at=MONDAY + 3 * HOUR, **said)
    clock.forward(hours=5)
    await browser.sign_in(town.marina)

    listed = await browser.get(f"/batches/new?tick={tick(back)}")
    await browser.post("/batches/rerouting", data={"tick": tick(back), "executor": town.sergey.id})

    assert 'action="/batches/rerouting"' in listed.text
    assert 'action="/batches/refusal"' not in listed.text
    assert (await stories.fresh(back)).executor == town.sergey.id


@pytest.mark.rule("R33")
async def test_of_two_moderators_at_once_each_message_is_decided_on_by_one(town: Town, portal: Door) -> None:
    messages = await three(town)
    marina, vera = await Browser(portal).sign_in(town.marina), await Browser(portal).sign_in(town.vera)

    pages = await asyncio.gather(
        marina.post("/batches/refusal", data=refusal(town, *messages)),
        vera.post("/batches/refusal", data=refusal(town, *reversed(messages))),
    )

    done = [int(re.findall(r"Сделано: (\d) из 3", words(page.text))[0]) for page in pages]
    assert sum(done) == 3
    assert await Event.count().where(Event.kind == "message:refused") == 3


async def test_only_moderators_decide_and_reloading_decides_nothing_twice(town: Town, portal: Door) -> None:
    one, *_ = await three(town)
    marina = await Browser(portal).sign_in(town.marina)

    for person in (town.anna, town.pavel, town.elena):
        stranger = await Browser(portal).sign_in(person)
        assert (await stranger.post("/batches/refusal", data=refusal(town, one))).status_code == 404
    assert (await marina.post("/batches/forgiving", data=refusal(town, one))).status_code == 404
    assert await statuses(one) == ["submitted"]
    for done in (1, 0):
        page = await marina.post("/batches/refusal", data=refusal(town, one))
        assert f"Сделано: {done} из 1" in words(page.text)


async def test_what_has_changed_since_the_screen_is_left_alone_though_the_act_would_fit(
    town: Town, browser: Browser
) -> None:
    asked = await stories.questioned(town)
    await browser.sign_in(town.marina)

    listed = await browser.get(f"/batches/new?tick={asked.id}.1")
    page = await browser.post("/batches/refusal", data={**refusal(town, asked), "tick": f"{asked.id}.1"})

    assert "изменилось после вашего выбора" in words(listed.text)
    assert "Сделано: 0 из 1" in words(page.text)
    assert await statuses(asked) == ["questioned"]
