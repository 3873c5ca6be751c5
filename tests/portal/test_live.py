"""Live news: each open page hears of what it may see, within a moment, and asks by itself when Redis is away."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import redis.asyncio
from tests.people import Town
from tests.portal.conftest import HTMX, Browser

from domain.model import Person
from portal import live
from portal.live import Hub, stream
from workers.live import channel_of

NEWS = {"event": 1, "kind": "message:submitted", "message": 7, "status": "submitted", "executor": None}


@pytest.fixture
async def hub(redis_url: str) -> Hub:
    return Hub(redis_url)


class Tab:
    """An open page: what it has heard so far."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @property
    def names(self) -> list[str]:
        return [line.removeprefix("event: ") for line in "".join(self.heard).split("\n") if line.startswith("event: ")]


@asynccontextmanager
async def tab(hub: Hub, person: Person, *, again: bool = False) -> AsyncIterator[Tab]:
    opened = Tab()

    async def read() -> None:
        async for line in stream(hub, person, again=again):
            opened.heard.append(line)

    reading = asyncio.create_task(read())
    try:
        yield opened
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def until(true: Callable[[], bool]) -> None:
    """Several tasks and a server have their turn before it is so; none of them can be waited for by itself."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def publish(redis_url: str, **said: object) -> None:
    """As the worker does, once somebody listens."""
    async with redis.asyncio.from_url(redis_url) as client:
        async with asyncio.timeout(20):
            while not await client.publish(channel_of(redis_url), json.dumps({**NEWS, **said})):  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.mark.rule("R31")
async def test_a_moderator_hears_of_every_message(hub: Hub, redis_url: str, town: Town) -> None:
    async with tab(hub, town.marina) as page:
        await publish(redis_url, message=7, authors=[town.anna.id])
        await until(lambda: bool(page.names))

    assert page.names == ["message-7", "news"]


@pytest.mark.rule("R10")
async def test_a_citizen_hears_of_their_own_and_an_executor_of_theirs(hub: Hub, redis_url: str, town: Town) -> None:
    async with tab(hub, town.anna) as anna, tab(hub, town.boris) as boris, tab(hub, town.pavel) as pavel:
        await publish(redis_url, message=7, authors=[town.anna.id], executor=town.sergey.id)
        await publish(redis_url, message=8, authors=[town.boris.id], executor=town.pavel.id)
        await until(lambda: bool(anna.names and boris.names and pavel.names))

    assert anna.names == ["message-7", "news"]
    assert boris.names == ["message-8", "news"]
    assert pavel.names == ["message-8", "news"]


async def test_who_comes_back_asks_again_at_once(hub: Hub, town: Town) -> None:
    async with tab(hub, town.marina, again=True) as back, tab(hub, town.marina) as first:
        await until(lambda: bool(back.names and first.heard))

    assert back.names == ["news"]
    assert first.names == []


async def subscribed(client: redis.asyncio.Redis, redis_url: str) -> int:
    (told,) = await client.pubsub_numsub(channel_of(redis_url))
    return int(told[1])


async def test_many_pages_share_one_subscription_and_the_last_closes_it(hub: Hub, redis_url: str, town: Town) -> None:
    async with redis.asyncio.from_url(redis_url) as client:
        before = await subscribed(client, redis_url)  # the portal of another test may still listen
        async with tab(hub, town.marina), tab(hub, town.vera), tab(hub, town.anna):
            await publish(redis_url)
            together = await subscribed(client, redis_url)
        await until(lambda: hub.listening is None)
        while await subscribed(client, redis_url) > before:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    assert together <= before + 1
    assert hub.pages == set()


async def test_with_redis_away_the_pages_are_told_to_ask(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(live, "POLL_SECONDS", 0.2)
    hub = Hub("redis://127.0.0.1:1")

    async with tab(hub, town.marina) as page:
        await until(lambda: len(page.names) >= 2)

    assert hub.away
    assert set(page.names) == {"news"}


async def test_news_that_cannot_be_read_are_a_hint_all_the_same(hub: Hub, redis_url: str, town: Town) -> None:
    async with tab(hub, town.anna) as page:
        await publish(redis_url, authors=[town.anna.id])
        async with redis.asyncio.from_url(redis_url) as client:
            await client.publish(channel_of(redis_url), b"\xff{")
            await client.publish(channel_of(redis_url), b"[1]")
        await until(lambda: len(page.names) >= 4)

    assert page.names == ["message-7", "news", "news", "news"]


async def test_a_page_that_reads_slowly_costs_no_memory(hub: Hub, town: Town) -> None:
    with hub.page(town.marina) as page:
        for nth in range(live.WAITING + 1):
            hub.tell_everybody({**NEWS, "message": nth})

    assert page.waiting.qsize() == 1
    assert page.waiting.get_nowait() is live.ASK_AGAIN


async def test_the_stream_ends_by_itself_and_says_what_it_is(
    browser: Browser, town: Town, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LIFE_SECONDS", 0.2)
    await browser.sign_in(town.marina)

    answer = await browser.get("/live", headers={"Last-Event-ID": "1"})

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert "event: news" in answer.text


async def test_a_guest_hears_nothing(browser: Browser, town: Town) -> None:
    assert (await browser.get("/live")).status_code == 303
    assert (await browser.get("/live", headers=HTMX)).status_code == 401


async def test_nobody_opens_pages_without_end(
    browser: Browser, town: Town, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.routes.live.PAGES_OF_A_PERSON", 0)
    await browser.sign_in(town.marina)

    assert (await browser.get("/live")).status_code == 429
