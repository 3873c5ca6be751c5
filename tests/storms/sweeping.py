"""`python -m tests.storms.sweeping [--cases 1000000] [--due 20000]`: a town with a long past on its worst morning.

So many clocks have run out at once: duties to be told of as missed and led up the ladder, ratings that nobody gave,
promised dates that have come, returns and blocks that end. The sweeps run as the clock runs them, twice (the second
finds nothing), while somebody opens pages and sends messages. 1 when a goal is missed.
"""

import argparse
import asyncio
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from tests.bench import servers, towns
from tests.bench.filling import Filled, fill
from tests.people import MONDAY
from tests.storms.visiting import Visits, visiting

from domain.database import close_pool, open_pool
from domain.migrating import migrate
from portal.embedded.place import Place
from workers.sweeping import sweep

GOAL_SECONDS, GOAL_IDLE_SECONDS = 60, 3
GOAL_TIMES_SLOWER, GOAL_PAGE_MS = 3, 1000  # either: a page of a few milliseconds may take some more
BEFORE_SECONDS = 15
AT = MONDAY  # a working day, in working hours

# Of each case that waits for somebody the clock that was opened last runs out now; every other open one runs on.
ALL_RUN = """
UPDATE term SET missed_at = NULL, runs_out_at = $1::timestamptz + interval '5 days', due_on = $1::date + 4,
    remind_at = CASE WHEN remind_at IS NOT NULL THEN $1::timestamptz + interval '4 days' END
WHERE met_at IS NULL AND void_at IS NULL
"""
DUE = """
UPDATE term SET runs_out_at = $1::timestamptz - interval '1 hour', due_on = $1::date - 1,
    remind_at = CASE WHEN kind NOT IN ('rating', 'promise') THEN $1::timestamptz - interval '1 day' END
WHERE id IN (SELECT max(id) FROM term WHERE met_at IS NULL AND void_at IS NULL GROUP BY message
    ORDER BY md5(message::text) LIMIT $2)
"""
RETURNS = """
UPDATE term SET void_at = NULL, runs_out_at = $1::timestamptz - interval '1 hour'
WHERE kind = 'return' AND message IN (SELECT id FROM message WHERE status = 'registered')
"""
LEFT = {
    "duties not told of": """SELECT count(*) FROM term WHERE runs_out_at <= $1 AND met_at IS NULL AND void_at IS NULL
        AND missed_at IS NULL AND kind NOT IN ('return', 'rating', 'promise')""",
    "steps of the ladder not taken": """SELECT count(*) FROM term WHERE remind_at <= $1 AND met_at IS NULL
        AND void_at IS NULL""",
    "ratings, promises and returns not ended": """SELECT count(*) FROM term WHERE runs_out_at <= $1 AND met_at IS NULL
        AND void_at IS NULL AND missed_at IS NULL AND kind IN ('return', 'rating', 'promise')""",
    "told twice of one term or case": """SELECT count(*) FROM (SELECT 1 FROM event WHERE at = $1 AND actor IS NULL
        GROUP BY kind, message, data->>'term' HAVING count(*) > 1) twice""",
}
TOLD = "SELECT count(*) FROM event WHERE at = $1 AND actor IS NULL"


@dataclass(frozen=True)
class Goal:
    name: str
    goal: str
    reached: str
    holds: bool


async def morning(connection: asyncpg.Connection, cases: int, due: int, *, at: datetime) -> None:
    """Fill the town and let the clocks run out."""
    await fill(connection, cases, at=at, waiting=due + due // 20)
    await run_out(connection, due, at=at)


async def run_out(connection: asyncpg.Connection, due: int, *, at: datetime) -> None:
    await connection.execute(ALL_RUN, at)
    await connection.execute(DUE, at, due)
    await connection.execute(RETURNS, at)
    await connection.execute("ANALYZE")


async def left(connection: asyncpg.Connection, *, at: datetime) -> dict[str, int]:
    """What the sweeps owe and have not done, or have done more than once."""
    return {name: await connection.fetchval(statement, at) for name, statement in LEFT.items()}


async def swept() -> float:
    began = time.monotonic()
    await sweep(at=AT)
    return time.monotonic() - began


async def settled(url: str, cases: int, due: int) -> list[str]:
    """A filled town, and what its visitors ask for."""
    await migrate()
    await open_pool()
    connection = await asyncpg.connect(url)
    await morning(connection, cases, due, at=AT)
    await connection.execute("UPDATE person SET esia_oid = 'b' || esia_oid WHERE esia_oid LIKE 'demo-%'")
    requests = await visits(url, cases)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    await close_pool()
    return requests


async def visits(url: str, cases: int) -> list[str]:
    """The feed, the queue of the moderators, and a message in every third visit."""
    town = await towns.people_of(url, Filled(cases, 0), datetime.now(UTC))
    return [
        request
        for sending in town.sendings
        for request in (town.own_feed.request(), town.queue.request(), sending.request())
    ]


async def judged(url: str, first: float, again: float, before: Visits, during: Visits) -> list[Goal]:
    connection = await asyncpg.connect(url)
    undone = await left(connection, at=AT)
    told = await connection.fetchval(TOLD, AT)
    await connection.close()
    slower = during.p95_ms / before.p95_ms
    return [
        Goal(f"{told} lines of the journal written", f"≤ {GOAL_SECONDS} s", f"{first:.1f} s", first <= GOAL_SECONDS),
        Goal(
            "once more, with nothing left to do",
            f"≤ {GOAL_IDLE_SECONDS} s",
            f"{again:.2f} s",
            again <= GOAL_IDLE_SECONDS,
        ),
        *(Goal(name, "0", str(count), count == 0) for name, count in undone.items()),
        Goal(
            f"p95 of a visit meanwhile (before: {before.p95_ms:.0f} ms)",
            f"≤ {GOAL_TIMES_SLOWER} times, or {GOAL_PAGE_MS} ms",
            f"{during.p95_ms:.0f} ms, the longest {during.longest_ms:.0f} ms, of {len(during.times)}",
            slower <= GOAL_TIMES_SLOWER or during.p95_ms <= GOAL_PAGE_MS,
        ),
        Goal("visits refused", "0", str(during.refused), during.refused == 0),
    ]


def measured(url: str, place: Place, requests: list[str]) -> list[Goal]:
    with ExitStack() as stack:
        port = servers.port_of(servers.portal(stack, "portal", place, url))
        with visiting(port, requests) as before:
            time.sleep(BEFORE_SECONDS)
        with visiting(port, requests) as during:
            first, again = asyncio.run(twice())
        return asyncio.run(judged(url, first, again, before, during))


async def twice() -> tuple[float, float]:
    await open_pool(min_size=0, max_size=6)
    try:
        return await swept(), await swept()
    finally:
        await close_pool()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--cases", type=int, default=1_000_000)
    words.add_argument("--due", type=int, default=20_000)
    chosen = words.parse_args()
    with servers.house() as place:
        with servers.postgres(place, durable=False) as server:
            os.environ["DATABASE_URL"] = server.url
            began = time.monotonic()
            requests = asyncio.run(settled(server.url, chosen.cases, chosen.due))
            print(f"{chosen.cases} cases filled in {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201
        with servers.postgres(place, durable=True) as server:
            goals = measured(server.url, place, requests)
    for each in goals:
        print(f"{'    ' if each.holds else 'MISS'} {each.name}: {each.reached} (goal: {each.goal})")  # noqa: T201
    sys.exit(not all(each.holds for each in goals))


if __name__ == "__main__":
    main()
