"""Live news: each open page hears of what it may see, within a moment, and asks by itself when Redis is away."""

import asyncio
import json
import random
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import redis.asyncio
from tests.people import Town
from tests.portal.conftest import HTMX, Browser

from domain.model import Person
from portal import live
from portal.live import Hub, Place, place_of, stream
from workers.live import STREAM

NEWS = {"event": 1, "kind": "message:submitted", "message": 7, "status": "submitted", "executor": None}


@pytest.fixture
async def hub(redis_url: str) -> Hub:
    return Hub(redis_url)


SILENT_SECONDS = 6  # longer than the client of Redis waits for an answer by itself


class Tab:
    """An open page: what it has heard so far."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def of(self, field: str) -> list[str]:
        start = f"{field}: "
        return [line.removeprefix(start) for line in "".join(self.heard).split("\n") if line.startswith(start)]

    @property
    def names(self) -> list[str]:
        return self.of("data")

    @property
    def place(self) -> Place | None:
        """The last id, which the browser sends when it comes back."""
        return place_of(self.of("id")[-1]) if self.of("id") else None


@asynccontextmanager
async def tab(hub: Hub, person: Person, heard: Place | None = None) -> AsyncIterator[Tab]:
    opened = Tab()

    async def read() -> None:
        async for line in stream(hub, person, heard):
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


async def publish(redis_url: str, **said: object) -> Place | None:
    """As the relay does. Returns the place."""
    async with redis.asyncio.from_url(redis_url) as client:
        return place_of((await client.xadd(STREAM, {"news": json.dumps({**NEWS, **said})})).decode())


@pytest.mark.rule("R31")
async def test_a_moderator_hears_of_every_message(hub: Hub, redis_url: str, town: Town) -> None:
    async with tab(hub, town.marina) as page:
        await until(lambda: hub.ready)
        await publish(redis_url, message=7, authors=[town.anna.id])
        await until(lambda: bool(page.names))

    assert page.names == ["message-7 news"]


@pytest.mark.rule("R10")
async def test_a_citizen_hears_of_their_own_and_an_executor_of_theirs(hub: Hub, redis_url: str, town: Town) -> None:
    async with tab(hub, town.anna) as anna, tab(hub, town.boris) as boris, tab(hub, town.pavel) as pavel:
        await until(lambda: hub.ready)
        await publish(redis_url, message=7, authors=[town.anna.id], executor=town.sergey.id)
        await publish(redis_url, message=8, authors=[town.boris.id], executor=town.pavel.id)
        await until(lambda: bool(anna.names and boris.names and pavel.names))

    assert anna.names == ["message-7 news"]
    assert boris.names == ["message-8 news"]
    assert pavel.names == ["message-8 news"]


async def test_who_comes_back_hears_what_was_missed_and_nothing_twice(hub: Hub, redis_url: str, town: Town) -> None:
    async with tab(hub, town.pavel) as first:
        await until(lambda: hub.ready)
        await publish(redis_url, message=7, executor=town.pavel.id)
        await until(lambda: bool(first.names))
    for message, executor in ((8, town.sergey), (9, town.pavel), (10, town.pavel)):
        await publish(redis_url, message=message, executor=executor.id)

    async with tab(hub, town.pavel, first.place) as back, tab(hub, town.pavel, first.place) as another:
        await until(lambda: len(back.names) == len(another.names) == 2)
        await publish(redis_url, message=11, executor=town.pavel.id)
        await until(lambda: len(back.names) == len(another.names) == 3)

    assert first.names == ["message-7 news"]
    assert back.names == another.names == ["message-9 news", "message-10 news", "message-11 news"]


async def test_what_a_page_heard_in_a_process_that_was_ahead_is_not_told_again(hub: Hub, town: Town) -> None:
    async with tab(hub, town.marina, (5, 0)) as back:
        await until(lambda: hub.ready)
        hub.tell_everybody((5, 0), {"message": 7})
        hub.tell_everybody((6, 0), {"message": 8})
        await until(lambda: "message-8 news" in back.names)

    assert "message-7 news" not in back.names


async def test_another_process_knows_what_was_missed_as_well(hub: Hub, redis_url: str, town: Town) -> None:
    async with tab(hub, town.marina) as first:
        await until(lambda: hub.ready)
        await publish(redis_url, message=7)
        await until(lambda: bool(first.names))
    await publish(redis_url, message=8)

    async with tab(Hub(redis_url), town.marina, first.place) as back:
        await until(lambda: bool(back.names))

    assert back.names == ["message-8 news"]


async def test_who_was_away_for_longer_than_is_kept_asks_again(
    hub: Hub, redis_url: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEPT", 2)
    hub.kept = deque(maxlen=2)
    async with tab(hub, town.marina) as first:
        await until(lambda: hub.ready)
        for message in (7, 8, 9):
            await publish(redis_url, message=message)
        await until(lambda: len(first.names) == 3)

        async with tab(hub, town.marina, place_of(first.of("id")[0])) as late:
            await until(lambda: bool(late.names))
        async with tab(hub, town.marina, place_of(first.of("id")[1])) as in_time:
            await until(lambda: bool(in_time.names))

    assert late.names == ["again news"]
    assert in_time.names == ["message-9 news"]


async def test_who_hears_of_nothing_is_told_how_far_the_news_have_come(
    hub: Hub, redis_url: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    async with tab(hub, town.marina) as marina, tab(hub, town.boris) as boris:
        await until(lambda: hub.ready)
        await publish(redis_url, authors=[town.anna.id])
        await until(lambda: bool(marina.names) and boris.of("id")[-1:] == marina.of("id")[-1:])

    assert boris.names == []


async def readers(client: redis.asyncio.Redis) -> int:
    """How many wait for news in this database."""
    number = client.connection_pool.connection_kwargs.get("db", 0)
    return sum(each["cmd"] == "xread" and int(each["db"]) == number for each in await client.client_list())


async def test_many_pages_share_one_reader_and_the_last_closes_it(hub: Hub, redis_url: str, town: Town) -> None:
    async with redis.asyncio.from_url(redis_url) as client:
        async with tab(hub, town.marina), tab(hub, town.vera), tab(hub, town.anna) as anna:
            await publish(redis_url, authors=[town.anna.id])
            await publish(redis_url, authors=[town.anna.id])
            async with asyncio.timeout(20):
                while not (together := await readers(client)):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        await until(lambda: hub.listening is None)

    assert together == 1
    assert hub.pages == set()
    assert anna.heard


async def test_with_redis_away_the_pages_are_told_to_ask(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(live, "POLL_SECONDS", 0.2)
    hub = Hub("redis://127.0.0.1:1")

    async with tab(hub, town.marina) as page:
        await until(lambda: len(page.names) >= 2)

    assert hub.away
    assert set(page.names) == {"again news"}


async def test_news_that_cannot_be_read_are_a_hint_all_the_same(hub: Hub, redis_url: str, town: Town) -> None:
    async with tab(hub, town.anna) as page, redis.asyncio.from_url(redis_url) as client:
        await until(lambda: hub.ready)
        await publish(redis_url, authors=[town.anna.id])
        await client.xadd(STREAM, {"news": b"\xff{"})
        await client.xadd(STREAM, {"old": "[1]"})
        await until(lambda: len(page.names) >= 3)

    assert page.names == ["message-7 news", "again news", "again news"]


async def test_a_page_that_reads_slowly_costs_no_memory(hub: Hub, town: Town) -> None:
    with hub.page(town.marina) as page:
        for nth in range(live.WAITING + 1):
            hub.tell_everybody((1, nth), {**NEWS, "message": nth})

    assert page.waiting.qsize() == 1
    assert page.waiting.get_nowait() == f"id: 1-{live.WAITING}\ndata: again news\n\n"


async def test_the_stream_ends_by_itself_and_says_what_it_is(
    browser: Browser, town: Town, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LIFE_SECONDS", 0.2)
    await browser.sign_in(town.marina)

    known = await browser.get("/live?since=1-0")
    kept_by_the_browser = await browser.get("/live?since=1-0", headers={"Last-Event-ID": "99999999999999-0"})
    by_hand = await browser.get("/live?since=today")

    assert known.headers["content-type"].startswith("text/event-stream")
    assert known.headers["cache-control"] == "no-store"
    assert "data: again news" in known.text
    assert "again" not in kept_by_the_browser.text + by_hand.text


async def test_a_guest_hears_nothing(browser: Browser, town: Town) -> None:
    assert (await browser.get("/live")).status_code == 303
    assert (await browser.get("/live", headers=HTMX)).status_code == 401


async def test_nobody_opens_pages_without_end(
    browser: Browser, town: Town, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.routes.live.PAGES_OF_A_PERSON", 0)
    await browser.sign_in(town.marina)

    assert (await browser.get("/live")).status_code == 429


async def test_while_nothing_happens_nobody_is_told_to_ask_again(hub: Hub, town: Town) -> None:
    async with tab(hub, town.marina) as page:
        await until(lambda: hub.ready)
        await asyncio.sleep(SILENT_SECONDS)

        assert (hub.away, page.names) == (False, [])


@pytest.mark.rule("R31")
async def test_fifty_tabs_that_come_and_go_hear_each_event_once(redis_url: str, town: Town) -> None:
    """`python -m tests.storms.tabs` opens two thousand on two web processes, and measures how soon."""
    drawn = random.Random(31)
    hubs = [Hub(redis_url), Hub(redis_url)]
    heard: list[list[str]] = [[] for _ in range(50)]
    places: list[Place | None] = [await publish(redis_url, message=0)] * 50

    async def sit(nth: int, stay: float, least: int = 0) -> None:
        async with tab(drawn.choice(hubs), town.marina, places[nth]) as page:
            await asyncio.sleep(stay)
            await until(lambda: len(heard[nth] + page.names) >= least)
            heard[nth] += page.names
            places[nth] = page.place or places[nth]

    async def happen() -> None:
        for message in range(1, 21):
            await publish(redis_url, message=message)
            await asyncio.sleep(0.02)

    happening = asyncio.create_task(happen())
    for _ in range(4):
        await asyncio.gather(*(sit(nth, drawn.random() / 5) for nth in range(50)))
    await happening
    await asyncio.gather(*(sit(nth, 0.1, least=20) for nth in range(50)))

    assert heard == [[f"message-{message} news" for message in range(1, 21)]] * 50
