"""`python -m tests.storms.recounting [--terms 10000]`: how long a corrected day of the calendar takes (R34).

Every running term is counted again in the transaction of the correction; 1 when it takes longer than half a minute.
"""

import argparse
import asyncio
import os
import sys
import time
from datetime import date

import asyncpg
from tests.bench.servers import house, postgres
from tests.people import MONDAY, settle_people
from tests.stories import correct_day, in_work

from domain.database import close_pool, open_pool
from domain.migrating import migrate

GOAL_SECONDS = 30
# The one case many times over, each with its running terms.
CASES = """
INSERT INTO message (key, number, author, topic, executor, status, text, address, consent, sent_at, registered_at)
SELECT gen_random_uuid(), 'storm-' || i, author, topic, executor, status, text, address, consent, sent_at, registered_at
FROM message, generate_series(1, $1::int) i
"""
TERMS = """
INSERT INTO term (message, kind, opened_at, workdays, due_on, runs_out_at, remind_at, owed_by, provisional, counting)
SELECT m.id, t.kind, t.opened_at, t.workdays, t.due_on, t.runs_out_at, t.remind_at, t.owed_by, t.provisional, t.counting
FROM term t, message m WHERE t.kind = 'answer' AND m.number LIKE 'storm-%'
"""


async def recounted(url: str, terms: int) -> tuple[float, int]:
    """How long the correction took, and of how many terms the journal tells."""
    await migrate()
    await open_pool()
    town = await settle_people()
    await in_work(town)
    connection = await asyncpg.connect(url)
    await connection.execute(CASES, terms)
    await connection.execute(TERMS)
    await connection.execute("ANALYZE")
    began = time.monotonic()
    await correct_day(date(2026, 3, 10), working=False, reason="Day of the town", by=town.yulia, at=MONDAY)
    took = time.monotonic() - began
    told = await connection.fetchval("SELECT count(*) FROM event WHERE kind = 'term:recounted'")
    await connection.close()
    await close_pool()
    return took, told


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--terms", type=int, default=10_000)
    chosen = words.parse_args()
    with house() as place, postgres(place, durable=True) as server:
        os.environ["DATABASE_URL"] = server.url
        took, told = asyncio.run(recounted(server.url, chosen.terms))
    print(f"{told} terms counted again in {took:.1f} s (goal: {GOAL_SECONDS} s)")  # noqa: T201
    sys.exit(took > GOAL_SECONDS or told <= chosen.terms)


if __name__ == "__main__":
    main()
