"""What is done to the house: 120 faults in the proportions of FI-1, shuffled by a seed."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import asyncpg
import redis.asyncio
from tests.bench.process_time import family
from tests.storms.chaos.standing import WEBS, WORKERS, House

from portal.embedded.process import end_group

SMTP_SECONDS, REDIS_SECONDS, FROZEN_SECONDS = 20, 30, 40
ONE_MOMENT, PATIENCE = 0.5, 120.0
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# In this house the clock carries the relay and the timetable, so both kills of FI-1 are kills of it.
DECK = {
    "web killed": 30,
    "worker killed": 30,
    "clock killed": 30,
    "redis killed": 6,
    "redis flushed": 4,
    "redis away": 2,
    "postgresql restarted": 4,
    "connections ended": 4,
    "mail server away": 5,
    "worker frozen": 5,
}
# A delivery in hands is a lock of its connection: 2^48 and its number.
IN_HANDS = """
SELECT d.id, d.attempts, d.error FROM pg_locks l JOIN delivery d ON d.id = l.objid::bigint
JOIN pg_stat_activity a ON a.pid = l.pid AND a.application_name = $1
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 65536 AND l.objsubid = 1 AND d.done_at IS NULL
"""
# What met the closed door of the mail server has been begun, and counts as not tried.
BEGUN_AGAIN = """
SELECT d.id FROM delivery d
JOIN unnest($1::bigint[], $2::int[], $3::text[]) AS seen (id, attempts, error) ON d.id = seen.id
WHERE d.attempts > seen.attempts OR (seen.error IS NULL AND d.error IS NOT NULL)
OR d.done_at IS NOT NULL OR d.gave_up_at IS NOT NULL
"""
END_ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = $1"


@dataclass
class Fault:
    """`ended` is when what it took away was there again; `again` after how many seconds each delivery that a
    killed worker had in its hands was begun again."""

    kind: str
    began: float
    ended: float
    again: dict[int, float] = field(default_factory=dict)


class Plan:
    def __init__(self, house: House, count: int, seconds: float, seed: int) -> None:
        self.house = house
        self.chance = Random(seed)
        self.done: list[Fault] = []
        cards = [kind for kind, many in DECK.items() for _ in range(many)]
        self.kinds: list[str] = []
        while len(self.kinds) < count:
            self.chance.shuffle(cards)
            self.kinds += cards[: count - len(self.kinds)]
        self.moments = sorted(self.chance.uniform(0, seconds) for _ in self.kinds)
        self.server = asyncio.Lock()
        self.aside: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Each at its moment; one that lasts does not keep the next waiting."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for kind, moment in zip(self.kinds, self.moments, strict=True):
                await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
                tasks.create_task(self.strike(kind))

    async def strike(self, kind: str) -> None:
        fault = Fault(kind, time.time(), 0)
        self.done.append(fault)
        acts: dict[str, Callable[[Fault], Awaitable[None]]] = {
            "web killed": self.kill_web,
            "worker killed": self.kill_worker,
            "clock killed": self.kill_clock,
            "redis killed": self.kill_redis,
            "redis flushed": self.flush_redis,
            "redis away": self.redis_away,
            "postgresql restarted": self.restart_postgres,
            "connections ended": self.end_connections,
            "mail server away": self.mail_away,
            "worker frozen": self.freeze_worker,
        }
        await acts[kind](fault)
        fault.ended = time.time()

    async def kill_web(self, fault: Fault) -> None:
        """One of the processes that answer; its parent starts another."""
        parent = self.house.parts[self.chance.choice(WEBS)].child.pid
        if serving := [pid for pid, stat in family(parent).items() if int(stat[1]) == parent and serves(pid)]:
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(serving), signal.SIGKILL)

    async def kill_worker(self, fault: Fault) -> None:
        worker = self.chance.choice(WORKERS)
        hands = await self.in_hands(worker)
        end_group(self.house.parts[worker].child.pid)
        self.aside.append(asyncio.create_task(self.look_after(hands, fault)))

    async def in_hands(self, worker: str) -> dict[int, tuple[int, str | None]]:
        """How often each delivery was begun that this worker has in its hands, and what had kept it back; none while
        PostgreSQL is away."""
        with suppress(*AWAY):
            async with self.asking() as connection:
                rows = await connection.fetch(IN_HANDS, worker) if connection else []
            return {row["id"]: (row["attempts"], row["error"]) for row in rows}
        return {}

    async def look_after(self, hands: dict[int, tuple[int, str | None]], fault: Fault) -> None:
        """Until each is begun again; what is over within a second was over when its worker was killed."""
        await asyncio.sleep(ONE_MOMENT)
        while hands and time.time() < fault.began + PATIENCE:
            with suppress(*AWAY):
                async with self.asking() as connection:
                    said = [list(hands), *map(list, zip(*hands.values(), strict=True))]
                    seen = await connection.fetch(BEGUN_AGAIN, *said) if connection else []
                took = time.time() - fault.began
                for row in seen:
                    del hands[row["id"]]
                    fault.again |= {row["id"]: took} if took > 2 * ONE_MOMENT else {}
            await asyncio.sleep(ONE_MOMENT)
        fault.again |= dict.fromkeys(hands, PATIENCE)

    async def kill_clock(self, fault: Fault) -> None:
        end_group(self.house.parts["clock"].child.pid)

    async def kill_redis(self, fault: Fault) -> None:
        await self.redis_down(0)

    async def redis_away(self, fault: Fault) -> None:
        await self.redis_down(REDIS_SECONDS)

    async def redis_down(self, seconds: float) -> None:
        async with self.server:
            child = self.house.valkey.child
            end_group(child.pid)
            await asyncio.to_thread(child.wait, 5)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.house.valkey.start)

    async def flush_redis(self, fault: Fault) -> None:
        with suppress(redis.RedisError, OSError):
            async with redis.asyncio.from_url(self.house.valkey.url) as client:
                await client.flushall()

    async def restart_postgres(self, fault: Fault) -> None:
        """As `pg_ctl restart -m immediate`: no farewell, no checkpoint."""
        async with self.server:
            child = self.house.postgres.child
            os.kill(child.pid, signal.SIGQUIT)
            await asyncio.to_thread(child.wait, 10)
            await asyncio.to_thread(self.house.postgres.start)

    async def end_connections(self, fault: Fault) -> None:
        async with self.asking() as connection:
            if connection:
                await connection.fetch(END_ALL, self.house.postgres.database)

    async def mail_away(self, fault: Fault) -> None:
        part = self.house.parts["sink"]
        end_group(part.child.pid)
        await asyncio.to_thread(part.child.wait_for_the_end)
        part.not_before = time.monotonic() + SMTP_SECONDS
        await asyncio.sleep(SMTP_SECONDS)

    async def freeze_worker(self, fault: Fault) -> None:
        frozen = list(family(self.house.parts[self.chance.choice(WORKERS)].child.pid))
        for sign, seconds in ((signal.SIGSTOP, FROZEN_SECONDS), (signal.SIGCONT, 0)):
            for pid in frozen:
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)
            await asyncio.sleep(seconds)

    def asking(self) -> "Asking":
        return Asking(self.house.postgres.url)


def serves(pid: int) -> bool:
    """Not what only tidies up after the others."""
    try:
        return b"portal.server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


class Asking:
    """A connection of the storm's own, or none while PostgreSQL is away."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection: asyncpg.Connection | None = None

    async def __aenter__(self) -> asyncpg.Connection | None:
        with suppress(OSError, asyncpg.PostgresError, TimeoutError):
            self.connection = await asyncpg.connect(self.url, timeout=3)
        return self.connection

    async def __aexit__(self, *trouble: object) -> None:
        if self.connection:
            self.connection.terminate()
