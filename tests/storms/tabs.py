"""Two thousand open tabs on two web processes, and how soon each hears of what was committed (R31).

`python -m tests.storms.tabs [--tabs 2000] [--rate 5] [--seconds 30]` prints the figures, leg by leg; 1 when a goal is
missed: half of the news within 300 ms of their commit, and in every tab each of them once.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import quantiles
from typing import Any
from uuid import uuid4

import asyncpg
import redis.asyncio
from tests.bench.process_time import family
from tests.bench.towns import signed_in
from tests.storms.chaos.people import NO_DEMO, NO_NEEDS
from tests.storms.chaos.standing import WEBS, House, standing
from tests.storms.uploads import memory

from domain import submitting
from domain.database import close_pool, open_pool
from domain.migrating import migrate
from domain.model import Event, Person, Topic
from domain.moves import Role
from domain.submitting import Matter
from portal.town import directories, people
from workers.live import STREAM

GOAL_MS = 300
TABS_OF_A_PERSON = 16
LAST_NEWS_SECONDS = 20
ASK = "GET /live?since={place} HTTP/1.1\r\nHost: {host}\r\nCookie: __Host-session={token}\r\nConnection: close\r\n\r\n"
MODERATORS = """
INSERT INTO person (role, name, given_name, email, position, esia_oid, language, active)
SELECT 'moderator', 'Модератор ' || i, 'Модератор', '', '', 'storm-' || i, 'ru', true FROM generate_series(1, $1::int) i
"""


@dataclass(eq=False)
class Tab(asyncio.Protocol):
    """Comes back when its stream ends, as a browser does, with the place that it has heard last."""

    port: int
    token: str
    seen: dict[str, list[float]]  # of each name the moments at which a tab heard it
    place: str
    line: bytes = b""
    heard: Counter[str] = field(default_factory=Counter)
    open: bool = False
    breaks: int = 0
    ended: asyncio.Future[None] | None = None

    async def stay(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self.ended = loop.create_future()
            self.line = b""
            await loop.create_connection(lambda: self, "127.0.0.1", self.port)
            await self.ended
            self.breaks += 1
            await asyncio.sleep(0.5)

    def connection_made(self, transport: Any) -> None:
        host = f"127.0.0.1:{self.port}"
        transport.write(ASK.format(host=host, token=self.token, place=self.place).encode())

    def data_received(self, data: bytes) -> None:
        *lines, self.line = (self.line + data).split(b"\n")
        now = time.time()
        for line in lines:
            if line.startswith(b"id: "):
                self.place = line[4:].decode()
            elif line.startswith(b"event: beat"):
                self.open = True
            elif line.startswith(b"data: message"):
                name = line[6:].split()[0].decode()
                self.heard[name] += 1
                self.seen.setdefault(name, []).append(now)

    def connection_lost(self, trouble: Exception | None) -> None:
        self.open = False
        if self.ended and not self.ended.done():
            self.ended.set_result(None)


async def settled(url: str, moderators: int) -> tuple[list[str], Person, Topic]:
    """The tokens of so many moderators, and somebody who writes."""
    now = datetime.now(UTC)
    await migrate()
    await open_pool()
    await directories.fill(await people.fill(at=now))
    connection = await asyncpg.connect(url)
    for statement in (NO_DEMO, NO_NEEDS):
        await connection.execute(statement)
    await connection.execute(MODERATORS, moderators)
    await connection.close()
    tokens = list(await signed_in(Role.MODERATOR, moderators, now))
    author = await Person.objects().where(Person.role == Role.CITIZEN).first()
    topic = await Topic.objects().where(Topic.closed.eq(False)).first()
    assert author
    assert topic
    return tokens, author, topic


async def commit(author: Person, topic: Topic, *, rate: float, seconds: float) -> dict[str, float]:
    """Messages sent one after the other; when each was committed."""
    done: dict[str, float] = {}
    began = time.monotonic()
    for nth in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, began + nth / rate - time.monotonic()))
        matter = Matter(text=f"Яма номер {nth}.", topic=topic.id, address="ул. Мира, 1", consent=False)
        message = await submitting.submit(matter, key=uuid4(), by=author, at=datetime.now(UTC))
        done[f"message-{message.id}"] = time.time()
    return done


async def legs(house: House, done: dict[str, float]) -> dict[str, list[float]]:
    """From the commit to the relay, and from there into Redis, for each message."""
    relayed = {
        f"message-{row['message']}": row["handled_at"].timestamp()
        for row in await Event.select(Event.message, Event.handled_at).where(Event.handled_at.is_not_null())
    }
    async with redis.asyncio.from_url(house.env["REDIS_URL"], protocol=2) as client:
        kept: Any = await client.xrange(STREAM)
    arrived = {
        f"message-{json.loads(fields[b'news'])['message']}": int(id.split(b"-")[0]) / 1000 for id, fields in kept
    }
    both = [name for name in done if name in relayed and name in arrived]
    return {
        "commit to relay": [relayed[name] - done[name] for name in both],
        "relay to Redis": [arrived[name] - relayed[name] for name in both],
    }


def halves(name: str, seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=20)
    return f"  {name:18} p50 {cuts[9] * 1000:6.0f} ms   p95 {cuts[18] * 1000:6.0f} ms"


async def storm(count: int, *, rate: float, seconds: float) -> bool:
    with standing() as house:
        os.environ.update(house.env)
        tokens, author, topic = await settled(house.postgres.url, count // TABS_OF_A_PERSON + 1)
        del house.commands["hints"]  # what is read in a message is told as well: here each is told once
        house.start_processes()
        seen: dict[str, list[float]] = {}
        since = f"{round(time.time() * 1000)}-0"
        tabs = [Tab(house.port, tokens[n % len(tokens)], seen, since) for n in range(count)]
        before = sum(memory(house.parts[name].child.pid) for name in WEBS)
        staying = [asyncio.create_task(tab.stay()) for tab in tabs]
        async with asyncio.timeout(180):
            while not all(tab.open for tab in tabs):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        say(f"{count} tabs are open on {len(WEBS)} web processes")
        done = await commit(author, topic, rate=rate, seconds=seconds)
        for _ in range(LAST_NEWS_SECONDS * 5):
            if all(len(tab.heard) == len(done) for tab in tabs):
                break
            await asyncio.sleep(0.2)
        after = sum(memory(house.parts[name].child.pid) for name in WEBS)
        for each in staying:
            each.cancel()
        reached = told(tabs, done, seen, await legs(house, done))
        processes = sum(len(family(house.parts[name].child.pid)) for name in WEBS)
        say(f"memory of web: {before:.0f} MB before, {after:.0f} MB with the tabs ({processes} processes)")
        await close_pool()
    return reached


def told(tabs: list[Tab], done: dict[str, float], seen: dict[str, list[float]], parts: dict[str, list[float]]) -> bool:
    late = [moment - done[name] for name in done for moment in seen.get(name, [])]
    last = [max(seen[name]) - done[name] for name in done if name in seen]
    missed = sum(len(done) - len(tab.heard) for tab in tabs)
    twice = sum(times - 1 for tab in tabs for times in tab.heard.values())
    breaks = sum(tab.breaks for tab in tabs)
    say(f"{len(done)} messages, {len(late)} pieces of news, {breaks} streams that ended and came back")
    for name, values in {**parts, "commit to a tab": late, "commit to the last": last}.items():
        say(halves(name, values))
    say(f"  missed {missed}, twice {twice} (goal 0 and 0); p50 {GOAL_MS} ms at most")
    return not missed and not twice and quantiles(late, n=2)[0] * 1000 <= GOAL_MS


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--tabs", type=int, default=2000)
    words.add_argument("--rate", type=float, default=5.0, help="messages sent in a second")
    words.add_argument("--seconds", type=float, default=30.0)
    chosen = words.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sys.exit(not asyncio.run(storm(chosen.tabs, rate=chosen.rate, seconds=chosen.seconds)))


if __name__ == "__main__":
    main()
