"""Live news (R31): one subscription of this process to Redis, handed on to every open page that may know of it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio
from litestar.datastructures import State

from domain.model import Person
from domain.moves import Role, acting
from domain.seeing import EVERYTHING
from portal.dom import dom_id
from workers.live import channel_of

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0  # a line that nobody writes to is cut by proxies, and a browser that has gone is not noticed
LIFE_SECONDS = 60.0  # so that a server can stop, and a dismissal holds, without asking the pages
POLL_SECONDS = 20.0  # with Redis away the pages are told to ask again this often
AGAIN_SECONDS = 2.0
WAITING = 64
PAGES_OF_A_PERSON = 24

News = dict[str, Any]
ASK_AGAIN: News = {}


@dataclass(eq=False)
class Page:
    """One open page and what waits to be told to it; a page that reads too slowly is only told to ask again."""

    person: Person
    waiting: asyncio.Queue[News] = field(default_factory=lambda: asyncio.Queue(WAITING))

    def may_know(self, news: News) -> bool:
        match self.person.role:
            case Role.CITIZEN:
                return self.person.id in news.get("authors", ())
            case Role.EXECUTOR:
                return not {news.get("executor"), *news.get("helpers", ())}.isdisjoint(acting(self.person))
            case role:
                return role in EVERYTHING

    def tell(self, news: News) -> None:
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            news = ASK_AGAIN
        self.waiting.put_nowait(news)

    async def next(self, seconds: float) -> News | None:
        """What comes within this time, if anything does."""
        try:
            return await asyncio.wait_for(self.waiting.get(), seconds)
        except TimeoutError:
            return None


class Hub:
    """Listens to Redis only while somebody listens here."""

    def __init__(self, redis_url: str) -> None:
        self.redis_url = redis_url
        self.pages: set[Page] = set()
        self.listening: asyncio.Task[None] | None = None
        self.away = False

    def of(self, person: Person) -> int:
        return sum(page.person.id == person.id for page in self.pages)

    @contextmanager
    def page(self, person: Person) -> Iterator[Page]:
        page = Page(person)
        self.pages.add(page)
        if self.listening is None:
            self.listening = asyncio.create_task(self.listen())
        try:
            yield page
        finally:
            self.pages.discard(page)
            if not self.pages and self.listening:
                self.listening.cancel()
                self.listening = None

    async def listen(self) -> None:
        while True:
            try:
                await self.hand_on()
            except (redis.RedisError, OSError) as trouble:
                if not self.away:
                    log.warning("no live news, pages ask by themselves: %s", trouble)
                self.away = True
            await asyncio.sleep(AGAIN_SECONDS)

    async def hand_on(self) -> None:
        """Returns never; Redis going away ends it with an error."""
        # The subscription is silent for hours, so a ping now and then tells a quiet line from a dead one.
        options: dict[str, Any] = {"socket_connect_timeout": 2, "health_check_interval": 10}
        async with redis.asyncio.from_url(self.redis_url, **options) as client, client.pubsub() as channel:
            await channel.subscribe(channel_of(self.redis_url))
            if self.away:
                self.tell_everybody(ASK_AGAIN)  # what was told while nobody listened is lost
            self.away = False
            while True:
                message = await channel.get_message(ignore_subscribe_messages=True, timeout=POLL_SECONDS)
                if message:
                    self.tell_everybody(read(message["data"]))

    def tell_everybody(self, news: News) -> None:
        for page in self.pages:
            if news is ASK_AGAIN or page.may_know(news):
                page.tell(news)


def read(data: bytes) -> News:
    """News are hints: what cannot be read means only that something has happened."""
    with suppress(ValueError):
        news = json.loads(data)
        if isinstance(news, dict):
            return news
    return ASK_AGAIN


def hub_of(state: State) -> Hub:
    """One for the process, made when the first page asks."""
    if "hub" not in state:
        state.hub = Hub(state.settings.redis_url)
    hub: Hub = state.hub
    return hub


async def stream(hub: Hub, person: Person, *, again: bool) -> AsyncIterator[str]:
    """The lines of one page's stream; `again` for one that has come back and may have missed something meanwhile."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + LIFE_SECONDS
    with hub.page(person) as page:
        # The id makes the browser say at its next coming that it has been here before.
        yield "retry: 1000\nid: 1\n\n"
        if again:
            yield told(ASK_AGAIN)
        asked = loop.time()
        while (now := loop.time()) < ends:
            news = await page.next(min(HEARTBEAT_SECONDS, ends - now))
            if news is None and hub.away and now - asked >= POLL_SECONDS:
                news, asked = ASK_AGAIN, now
            yield ": still here\n\n" if news is None else told(news)


def told(news: News) -> str:
    """Names of events and nothing else: what may be seen of a message is decided where the page asks for it."""
    message = news.get("message")
    own = f"event: {dom_id('message', message)}\ndata:\n\n" if isinstance(message, int) else ""
    return f"{own}event: news\ndata:\n\n"
