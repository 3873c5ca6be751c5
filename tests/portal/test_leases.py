"""Nobody does the same work twice (§3): who has a message open is seen, and the next goes to one alone."""

import json
import re
from uuid import uuid4

import pytest
import redis.asyncio
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import QUERIES_AT_MOST, counted, words
from tests.portal.errands import at_home
from tests.portal.test_live import tab, until

from domain import leasing
from domain.model import Event, Lease, Message
from portal.door import Door
from portal.live import Hub
from workers.live import STREAM

HOUR = stories.HOUR


@pytest.fixture
async def marina(town: Town, portal: Door) -> Browser:
    return await at_home(portal, town.marina)


@pytest.fixture
async def vera(town: Town, portal: Door) -> Browser:
    return await at_home(portal, town.vera)


async def opens(browser: Browser, message: Message) -> str:
    """As the page does once it is seen; its opening."""
    page = await browser.get(f"/moderation/{message.id}")
    found = re.search(r"data-leaves=\"([^\"]+)\"|&#34;opening&#34;: &#34;([^&]+)|\"opening\": \"([^\"]+)", page.text)
    assert found
    opening = next(filter(None, found.groups()))
    piece = await browser.post(f"/messages/{message.id}/lease", data={"opening": opening, "seen": ""}, headers=HTMX)
    assert piece.status_code == 200
    return str(opening)


async def test_an_open_message_is_shown_to_the_others_by_name_in_the_card_and_in_its_row(
    marina: Browser, vera: Browser, town: Town, clock: Clock
) -> None:
    message, other = await stories.submitted(town), await stories.submitted(town, at=MONDAY + HOUR)
    clock.forward(minutes=12)
    await opens(marina, message)

    own, others = await marina.get(f"/moderation/{message.id}"), await vera.get(f"/moderation/{message.id}")
    row = await vera.get(f"/messages/{message.id}/lease", headers=HTMX)
    desk = await vera.get("/moderation")

    said = f"Сейчас открыто: {town.marina.name}, с 10:12"
    assert f"{said}." in words(others.text)
    assert "Решить можно и вам" in words(others.text)
    assert said in row.text
    assert "Вы работаете с ним с 10:12" in words(own.text)
    assert said not in own.text
    assert f'action="/messages/{other.id}/registration"' in desk.text, "the first that is free lies open"


async def test_a_page_renews_without_words_without_events_and_without_touching_the_case(
    marina: Browser, vera: Browser, town: Town, clock: Clock
) -> None:
    message = await stories.submitted(town)
    opening = await opens(marina, message)
    events, seen = await Event.count(), f"{town.marina.id} {MONDAY.timestamp()}"

    for _ in range(4):
        clock.forward(seconds=20)
        data = {"opening": opening, "seen": seen}
        assert (await marina.post(f"/messages/{message.id}/lease", data=data, headers=HTMX)).status_code == 204
        assert town.marina.name in (await vera.get(f"/messages/{message.id}/lease", headers=HTMX)).text

    assert await Event.count() == events
    assert (await stories.fresh(message)).version == message.version


async def test_a_page_that_is_closed_lets_go_at_once_and_one_that_falls_silent_soon(
    marina: Browser, vera: Browser, town: Town, clock: Clock
) -> None:
    message = await stories.submitted(town)
    opening = await opens(marina, message)

    stranger = await vera.post(f"/messages/{message.id}/lease/ending", data={"opening": opening})
    other = await marina.post(f"/messages/{message.id}/lease/ending", data={"opening": str(uuid4())})
    assert (stranger.status_code, other.status_code, await Lease.count()) == (204, 204, 1)
    await marina.post(f"/messages/{message.id}/lease/ending", data={"opening": opening})
    assert await Lease.count() == 0

    await opens(marina, message)
    clock.forward(seconds=leasing.BY_A_PAGE.total_seconds())
    assert town.marina.name not in (await vera.get(f"/moderation/{message.id}")).text


async def test_without_scripts_one_takes_and_lets_go_by_a_press(marina: Browser, vera: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    taken = await marina.post(f"/messages/{message.id}/lease")
    page = await vera.get(taken.headers["location"])
    let_go = await marina.post(f"/messages/{message.id}/lease/ending")

    assert taken.headers["location"] == f"/moderation/{message.id}"
    assert f"Сейчас открыто: {town.marina.name}" in words(page.text)
    assert (let_go.status_code, await Lease.count()) == (303, 0)


async def test_what_was_let_go_is_not_taken_again_by_its_own_page(marina: Browser, vera: Browser, town: Town) -> None:
    message = await stories.submitted(town)
    opening = await opens(marina, message)

    piece = await marina.post(f"/messages/{message.id}/lease/ending", data={"opening": opening}, headers=HTMX)

    assert "every 20s" not in piece.text
    assert "Взять" in words(piece.text)
    await opens(vera, message)
    heard = await marina.get(f"/messages/{message.id}/lease?opening={opening}", headers=HTMX)
    assert town.vera.name in heard.text


async def test_the_next_leads_to_what_nobody_has_and_says_when_there_is_nothing(
    marina: Browser, vera: Browser, town: Town
) -> None:
    first, second = await stories.submitted(town), await stories.submitted(town, at=MONDAY + HOUR)

    mine = await marina.post("/moderation/next", data={"queue": "new"})
    hers = await vera.post("/moderation/next", data={"queue": "new"})
    none = await vera.post("/moderation/next", data={"queue": "new"}, headers=HTMX, follow_redirects=True)

    assert mine.headers["location"] == f"/moderation/{first.id}?queue=new"
    assert hers.headers["location"] == f"/moderation/{second.id}?queue=new"
    assert "Свободных сообщений в этой очереди сейчас нет" in words(none.text)
    assert 'data-key="n"' in none.text


@pytest.mark.rule("R07")
async def test_after_a_decision_the_next_is_taken_and_the_decided_let_go(
    marina: Browser, vera: Browser, town: Town
) -> None:
    first, second, third = [await stories.submitted(town, at=MONDAY + nth * HOUR) for nth in range(3)]
    await opens(marina, first)
    await opens(vera, second)

    done = await marina.post(f"/messages/{first.id}/registration", data={"topic": town.pothole.id, "queue": "new"})
    page = await marina.get(done.headers["location"])

    assert done.headers["location"] == f"/moderation/{third.id}?queue=new&done={first.id}"
    assert "2026-00001" in words(page.text)
    assert set(await leasing.holders([first.id, second.id, third.id], at=MONDAY)) == {second.id, third.id}


@pytest.mark.rule("R10")
@pytest.mark.parametrize("who", ["anna", "pavel", "elena"])
async def test_leases_are_between_moderators_alone(who: str, town: Town, portal: Door, marina: Browser) -> None:
    message = await stories.submitted(town)
    await opens(marina, message)
    browser = await at_home(portal, getattr(town, who))
    address = f"/messages/{message.id}/lease"

    assert (await browser.get(address)).status_code == 404
    for path in (address, f"{address}/ending", "/moderation/next"):
        assert (await browser.post(path)).status_code == 404
    shown = [await browser.get(f"{desk}/{message.id}") for desk in ("/messages", "/execution", "/control")]
    assert [town.marina.name in page.text for page in shown] == [False, False, False]
    assert await Lease.count() == 1


async def test_the_desk_asks_little(marina: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    with counted() as asked:
        await marina.get(f"/moderation/{message.id}")

    assert len(asked) <= QUERIES_AT_MOST


async def test_other_moderators_hear_of_a_lease_and_nobody_else(town: Town, redis_url: str) -> None:
    hub = Hub(redis_url)
    async with tab(hub, town.marina) as marina, tab(hub, town.pavel) as pavel, tab(hub, town.anna) as anna:
        await until(lambda: len(hub.pages) == 3)
        hub.tell_everybody((1, 0), {"lease": 7})
        hub.tell_everybody((2, 0), {"message": 8, "authors": [town.anna.id], "executor": town.pavel.id})
        await until(lambda: all("message-8 news" in each.names for each in (marina, pavel, anna)))

    assert "lease-7" in marina.names
    assert "lease-7" not in pavel.names + anna.names


async def test_taking_and_closing_are_told_and_renewing_is_not(
    marina: Browser, town: Town, clock: Clock, redis_url: str
) -> None:
    message = await stories.submitted(town)
    async with redis.asyncio.from_url(redis_url) as client:
        opening = await opens(marina, message)
        taken = await client.xlen(STREAM)
        clock.forward(seconds=20)
        await marina.post(f"/messages/{message.id}/lease", data={"opening": opening, "seen": ""}, headers=HTMX)
        renewed = await client.xlen(STREAM)
        for _ in range(2):
            await marina.post(f"/messages/{message.id}/lease/ending", data={"opening": opening})
        told = [json.loads(fields[b"news"]) for _, fields in await client.xrange(STREAM)]

    assert (taken, renewed) == (1, 1)
    assert told == [{"lease": message.id}] * 2
