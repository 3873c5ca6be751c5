"""The floor of an act: the statements of one real sending or registration, over and over, through bare asyncpg.

`python -m tests.bench.floor_sql` reads the order from its input as a pickle that the bench has made.
"""

import asyncio
import json
import pickle
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
import uvloop
from tests.bench.load import Outcome
from tests.bench.watching import Statement

DONE = "done"


@dataclass(frozen=True)
class Replay:
    """`own`: of each value of the real act, what stands in its place in the repetitions, one after the other.

    `made` is the message that the real act wrote: each repetition writes one of its own.
    """

    database: str
    statements: Sequence[Statement]
    own: Mapping[Any, Sequence[Any]]
    made: int | None = None


@dataclass(frozen=True)
class Order:
    replay: Replay
    connections: int
    seconds: float


async def repeat(replay: Replay, turns: Iterator[dict[Any, Any]], ends_at: float) -> list[float]:
    connection = await asyncpg.connect(replay.database)
    times = []
    while (begun := time.perf_counter()) < ends_at:
        await once(connection, replay, next(turns))
        times.append(time.perf_counter() - begun)
    await connection.close()
    return times


async def once(connection: asyncpg.Connection, replay: Replay, own: dict[Any, Any]) -> None:
    for statement in replay.statements:
        if not statement.is_query:
            await connection.execute(statement.sql)
            continue
        values = [own.get(value, value) if type(value) in (int, str, UUID) else value for value in statement.values]
        rows = await connection.fetch(statement.sql, *values)
        if replay.made and statement.sql.startswith("INSERT INTO message "):
            own[replay.made] = rows[0]["id"]


def turns_of(own: Mapping[Any, Sequence[Any]]) -> Iterator[dict[Any, Any]]:
    for values in zip(*own.values(), strict=True):
        yield dict(zip(own, values, strict=True))


async def replay_all(order: Order) -> Outcome:
    begun = time.perf_counter()
    ends_at, turns = begun + order.seconds, turns_of(order.replay.own)
    every = await asyncio.gather(*(repeat(order.replay, turns, ends_at) for _ in range(order.connections)))
    times = [each for times in every for each in times]
    return Outcome(len(times), time.perf_counter() - begun, median(times) * 1000, {DONE: len(times)}, 0)


def main() -> None:
    order = pickle.load(sys.stdin.buffer)  # noqa: S301 -- made by the bench itself a moment ago
    sys.stdout.write(json.dumps(asdict(uvloop.run(replay_all(order)))))


if __name__ == "__main__":
    main()
