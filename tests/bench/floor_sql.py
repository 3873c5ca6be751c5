"""The floor of the sending: the statements of one real sending, over and over, through bare asyncpg.

`python -m tests.bench.floor_sql` reads the order from its input as a pickle that the bench has made.
"""

import asyncio
import json
import pickle
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from statistics import median
from uuid import UUID, uuid4

import asyncpg
import uvloop
from tests.bench.load import Outcome
from tests.bench.watching import Statement

DONE = "done"


@dataclass(frozen=True)
class Replay:
    """`key`, `message` and `author` are those of the real sending: each repetition has its own in their place."""

    database: str
    statements: Sequence[Statement]
    key: UUID
    message: int
    author: int
    authors: Sequence[int]


@dataclass(frozen=True)
class Order:
    replay: Replay
    connections: int
    seconds: float


async def repeat(replay: Replay, authors: Iterator[int], ends_at: float) -> list[float]:
    connection = await asyncpg.connect(replay.database)
    times = []
    while (begun := time.perf_counter()) < ends_at:
        await once(connection, replay, next(authors))
        times.append(time.perf_counter() - begun)
    await connection.close()
    return times


async def once(connection: asyncpg.Connection, replay: Replay, author: int) -> None:
    own = {replay.key: uuid4(), replay.author: author}
    for statement in replay.statements:
        if not statement.is_query:
            await connection.execute(statement.sql)
            continue
        values = [own.get(value, value) if type(value) in (int, UUID) else value for value in statement.values]
        rows = await connection.fetch(statement.sql, *values)
        if statement.sql.startswith("INSERT INTO message "):
            own[replay.message] = rows[0]["id"]


async def replay_all(order: Order) -> Outcome:
    begun = time.perf_counter()
    ends_at, authors = begun + order.seconds, cycle(order.replay.authors)
    every = await asyncio.gather(*(repeat(order.replay, authors, ends_at) for _ in range(order.connections)))
    times = [each for times in every for each in times]
    return Outcome(len(times), time.perf_counter() - begun, median(times) * 1000, {DONE: len(times)}, 0)


def main() -> None:
    order = pickle.load(sys.stdin.buffer)  # noqa: S301 -- made by the bench itself a moment ago
    sys.stdout.write(json.dumps(asdict(uvloop.run(replay_all(order)))))


if __name__ == "__main__":
    main()
