"""The visitors: a small HTTP client in a process of its own, so that the figures are the same on every machine.

`python -m tests.bench.load` reads what to ask as JSON from its input and prints what came back as JSON.
"""

import asyncio
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from statistics import median
from typing import Any
from uuid import uuid4

import uvloop

KEY = "00000000-0000-4000-8000-000000000000"  # stands where a form has its key: each sending has one of its own
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Order:
    port: int
    requests: Sequence[str]
    connections: int
    seconds: float


@dataclass(frozen=True)
class Outcome:
    requests: int
    seconds: float
    median_ms: float
    statuses: dict[str, int]
    bytes: int


class Visitor(asyncio.Protocol):
    """One connection: asks, reads the whole answer, asks again, until the time is over."""

    def __init__(self, requests: Iterator[str], ends_at: float, over: asyncio.Future[None]) -> None:
        self.requests = requests
        self.ends_at = ends_at
        self.over = over
        self.statuses: Counter[str] = Counter()
        self.times: list[float] = []
        self.bytes = 0
        self.buffer = bytearray()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.asked_at = time.perf_counter()
        self.transport.write(next(self.requests).replace(KEY, str(uuid4())).encode())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        status = self.buffer[9:12].decode()
        length = LENGTH.search(self.buffer, 0, head + 2)
        if length is None and status != "304":
            self.over.set_exception(RuntimeError("an answer without Content-Length"))
            return
        size = head + 4 + (int(length[1]) if length and status != "304" else 0)
        if len(self.buffer) >= size:
            self.answered(status, size)

    def answered(self, status: str, size: int) -> None:
        now = time.perf_counter()
        self.times.append(now - self.asked_at)
        self.statuses[status] += 1
        self.bytes = size
        self.buffer.clear()
        if now < self.ends_at:
            self.ask()
        else:
            self.transport.close()
            self.over.set_result(None)

    def connection_lost(self, trouble: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(trouble or ConnectionError("the server hung up"))


async def visit(order: Order) -> Outcome:
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    requests = cycle(order.requests)
    visitors, ends = [], []
    for _ in range(order.connections):
        over: asyncio.Future[None] = loop.create_future()
        visitor = Visitor(requests, begun + order.seconds, over)
        await loop.create_connection(lambda visitor=visitor: visitor, "127.0.0.1", order.port)  # type: ignore[misc]
        visitors.append(visitor)
        ends.append(over)
    await asyncio.gather(*ends)
    statuses = sum((visitor.statuses for visitor in visitors), Counter[str]())
    times = [each for visitor in visitors for each in visitor.times]
    took = time.perf_counter() - begun
    return Outcome(len(times), took, median(times) * 1000, dict(statuses), visitors[0].bytes)


def main() -> None:
    order = Order(**json.load(sys.stdin))
    sys.stdout.write(json.dumps(asdict(uvloop.run(visit(order)))))


if __name__ == "__main__":
    main()
