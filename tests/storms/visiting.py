"""Somebody who opens pages and sends messages all the while, in a process of its own, which nothing here slows."""

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from tests.bench.load import Visitor

CONNECTIONS = 2
LOOK_EVERY = 0.5  # seconds between the looks at whether it is over


@dataclass
class Visits:
    """How long each visit took, in seconds, and how it was answered."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def p95_ms(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)] * 1000

    @property
    def longest_ms(self) -> float:
        return max(self.times) * 1000

    @property
    def refused(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= "400")


@contextmanager
def visiting(port: int, requests: Sequence[str]) -> Iterator[Visits]:
    """From the beginning of the block to its end; the figures are there when it has ended."""
    spawn = multiprocessing.get_context("spawn")
    over, told = spawn.Event(), spawn.SimpleQueue()
    visitor = spawn.Process(target=visit, args=(port, list(requests), over, told))
    visitor.start()
    told.get()  # the first page has come
    visits = Visits()
    try:
        yield visits
    finally:
        over.set()
        visits.times, visits.statuses = told.get()
        visitor.join()


def visit(port: int, requests: list[str], over: Any, told: Any) -> None:
    asyncio.run(visit_until(port, cycle(requests), over, told))


async def visit_until(port: int, requests: Iterator[str], over: Any, told: Any) -> None:
    visits = Visits()
    await once(port, requests, visits, seconds=0)
    visits = Visits()
    told.put("begun")
    while not over.is_set():
        await asyncio.gather(*(once(port, requests, visits, seconds=LOOK_EVERY) for _ in range(CONNECTIONS)))
    told.put((visits.times, visits.statuses))


async def once(port: int, requests: Iterator[str], visits: Visits, *, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    end: asyncio.Future[None] = loop.create_future()
    visitor = Visitor(requests, time.perf_counter() + seconds, end)
    await loop.create_connection(lambda: visitor, "127.0.0.1", port)
    await end
    visits.times += visitor.times
    visits.statuses += visitor.statuses
