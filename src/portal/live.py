"""Live news (R31): one reader of Redis in this process, handing on to every open page what it may know of.

Each piece of news has a place in the stream of Redis. A page that comes back says which place it has heard last, and is
told what it missed; one that was away for longer than is kept is only told to ask again.
"""

import asyncio
import json
import logging
import re
from collections import deque
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
from workers.live import ASK_AGAIN, KEPT, STREAM

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0  # a line that nobody writes to is cut by proxies, and a browser that has gone is not noticed
LIFE_SECONDS = 60.0  # so that a server can stop, and a dismissal holds, without asking the pages
LENGTHS = 20  # so many lengths of life pages have: those that were opened at once do not come back at once
POLL_SECONDS = 20.0  # with Redis away the pages are told to ask again this often
AGAIN_SECONDS = 2.0
LISTEN_SECONDS, ANSWER_SECONDS = 10, 5
WAITING = 64
PAGES_OF_A_PERSON = 24
PLACE = re.compile(r"([0-9]{1,15})-([0-9]{1,15})")

News = dict[str, Any]
Place = tuple[int, int]  # the id of Redis: milliseconds, and a number within them
NOWHERE: Place = (0, 0)


@dataclass(eq=False)
class Page:
    """One open page and what waits to be told to it; a page that reads too slowly is only told to ask again."""

    person: Person
    heard: Place | None = None
    waiting: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(WAITING))

    def may_know(self, news: News) -> bool:
        if news is ASK_AGAIN:
            return True
        if "lease" in news:
            return self.person.role == Role.MODERATOR
        match self.person.role:
            case Role.CITIZEN:
                return self.person.id in news.get("authors", ())
            case Role.EXECUTOR:
                return not {news.get("executor"), *news.get("helpers", ())}.isdisjoint(acting(self.person))
            case role:
                return role in EVERYTHING

    def lacks(self, place: Place, news: News) -> bool:
        """What it has heard in another process, which was ahead of this one, it is not told again."""
        return news is ASK_AGAIN or self.heard is None or place > self.heard

    def tell(self, place: Place, lines: str) -> None:
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            lines = told(place, ASK_AGAIN)
        self.waiting.put_nowait(lines)

    async def next(self, seconds: float) -> str:
        """What comes within this time, and what has come with it; nothing if nothing does."""
        try:
            async with asyncio.timeout(seconds):  # `wait_for` would make a task for each piece of news in each page
                lines = await self.waiting.get()
        except TimeoutError:
            return ""
        while not self.waiting.empty():
            lines += self.waiting.get_nowait()
        return lines


class Hub:
    """Listens to Redis only while somebody listens here; `kept` are the last news, without a gap since `since`."""

    def __init__(self, redis_url: str) -> None:
        self.redis_url = redis_url
        self.pages: set[Page] = set()
        self.kept: deque[tuple[Place, News]] = deque(maxlen=KEPT)
        self.since = self.newest = NOWHERE
        self.listening: asyncio.Task[None] | None = None
        self.ready = False
        self.away = False

    def of(self, person: Person) -> int:
        return sum(page.person.id == person.id for page in self.pages)

    @contextmanager
    def page(self, person: Person, heard: Place | None = None) -> Iterator[Page]:
        page = Page(person, heard)
        self.pages.add(page)
        if self.listening is None:
            self.listening = asyncio.create_task(self.listen())
        elif self.ready:
            self.catch_up(page)
        try:
            yield page
        finally:
            self.pages.discard(page)
            if not self.pages and self.listening:
                self.listening.cancel()
                self.listening, self.ready = None, False

    def catch_up(self, page: Page) -> None:
        """Tell a page what it has missed; one that says nothing is new here and has missed nothing."""
        if page.heard is None:
            return
        if page.heard < self.since:
            page.tell(self.newest, told(self.newest, ASK_AGAIN))
            return
        for place, news in self.kept:
            if page.lacks(place, news) and page.may_know(news):
                page.tell(place, told(place, news))

    def relieved(self) -> bool:
        """Whether the task that asks has been ended: the client of Redis may take that for a line that broke."""
        return self.listening is not asyncio.current_task()

    async def listen(self) -> None:
        while not self.relieved():
            try:
                await self.hand_on()
            except (redis.RedisError, OSError) as trouble:
                if self.relieved():
                    return
                if not self.away:
                    log.warning("no live news, pages ask by themselves: %s", trouble)
                self.away, self.ready = True, False
            await asyncio.sleep(AGAIN_SECONDS)

    async def hand_on(self) -> None:
        """Returns when another listens; Redis going away ends it with an error."""
        # The client gives an answer five seconds by itself, and a question that waits for news takes longer.
        options: dict[str, Any] = {"socket_connect_timeout": 2, "socket_timeout": LISTEN_SECONDS + ANSWER_SECONDS}
        options["protocol"] = 2
        async with redis.asyncio.from_url(self.redis_url, **options) as client:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.remember(client)
            while not self.relieved():
                # A stream is silent for hours: the question ends by itself, and one that does not tells of a dead line.
                async with asyncio.timeout(LISTEN_SECONDS + ANSWER_SECONDS):
                    last = "{}-{}".format(*self.newest)
                    streams: Any = await client.xread({STREAM: last}, block=LISTEN_SECONDS * 1000)
                if self.relieved():
                    return
                for place, news in (read(entry) for _, entries in streams for entry in entries):
                    self.tell_everybody(place, news)

    async def remember(self, client: redis.asyncio.Redis) -> None:
        """Take over what Redis still holds, and bring the pages up to it that have waited for this."""
        seconds, micros = await client.time()
        entries: Any = [] if self.away else await client.xrevrange(STREAM, count=KEPT)
        self.kept.clear()
        self.kept.extend(read(entry) for entry in reversed(entries))
        now = (seconds * 1000 + micros // 1000, 0)
        self.since = self.kept[0][0] if self.kept else now
        self.newest = self.kept[-1][0] if self.kept else now
        if self.away:
            self.tell_everybody(self.newest, ASK_AGAIN)  # what was told while nobody listened is lost
        else:
            for page in self.pages:
                self.catch_up(page)
        self.away, self.ready = False, True

    def tell_everybody(self, place: Place, news: News) -> None:
        if len(self.kept) == KEPT:
            self.since = self.kept[1][0]
        self.kept.append((place, news))
        self.newest = place
        lines = told(place, news)
        for page in self.pages:
            if page.may_know(news) and page.lacks(place, news):
                page.tell(place, lines)


def read(entry: tuple[bytes, dict[bytes, bytes]]) -> tuple[Place, News]:
    """News are hints: what cannot be read means only that something has happened, as what could not be told does."""
    id, fields = entry
    place = place_of(id.decode()) or NOWHERE
    with suppress(ValueError):
        news = json.loads(fields.get(b"news", b""))
        if isinstance(news, dict) and news != ASK_AGAIN:
            return place, news
    return place, ASK_AGAIN


def place_of(said: str) -> Place | None:
    """The place that a page has heard last; what is no place was typed by hand."""
    found = PLACE.fullmatch(said)
    return (int(found[1]), int(found[2])) if found else None


def hub_of(state: State) -> Hub:
    """One for the process, made when the first page asks."""
    if "hub" not in state:
        state.hub = Hub(state.settings.redis_url)
    hub: Hub = state.hub
    return hub


async def stream(hub: Hub, person: Person, heard: Place | None = None) -> AsyncIterator[str]:
    """The lines of one page's stream; `heard` is the last place that it knows of."""
    loop = asyncio.get_running_loop()
    with hub.page(person, heard) as page:
        ends = loop.time() + LIFE_SECONDS * (1 - len(hub.pages) % LENGTHS / LENGTHS / 3)
        yield beat(hub, page)
        asked = loop.time()
        while (now := loop.time()) < ends:
            lines = await page.next(min(HEARTBEAT_SECONDS, ends - now))
            if not lines and hub.away and now - asked >= POLL_SECONDS:
                lines, asked = told(hub.newest, ASK_AGAIN), now
            yield lines or beat(hub, page)


def beat(hub: Hub, page: Page) -> str:
    """A sign that the line holds, with the place up to which the page has been told everything that it may know."""
    place = "id: {}-{}\n".format(*hub.newest) if hub.ready and page.waiting.empty() else ""
    return f"{place}event: beat\ndata:\n\n"


def told(place: Place, news: News) -> str:
    """Names of events and nothing else: what may be seen of a message is decided where the page asks for it."""
    return f"id: {place[0]}-{place[1]}\ndata: {names_of(news)}\n\n"


def names_of(news: News) -> str:
    if news is ASK_AGAIN:
        return "again news"
    if isinstance(lease := news.get("lease"), int):
        return dom_id("lease", lease)
    message = news.get("message")
    return f"{dom_id('message', message)} news" if isinstance(message, int) else "news"
