"""`make chaos`, or `python -m tests.storms.chaos [--cases 1000] [--faults 120] [--every 5] [--seed 1]` (R33, FI-1).

A whole house of its own under kill -9, with many people at work in it; then a referee counts. 1 when a goal is missed.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import asyncpg
from tests.storms.chaos.faults import Fault, Plan
from tests.storms.chaos.people import settled
from tests.storms.chaos.referee import SOON, Evidence, Row, emptied, judged
from tests.storms.chaos.sink import letters
from tests.storms.chaos.standing import OTKLIK, House, standing
from tests.storms.chaos.working import Town

EMPTY_SECONDS = 120
TWO_DAYS = 2 * 86_400


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--cases", type=int, default=1000)
    words.add_argument("--faults", type=int, default=120)
    words.add_argument("--every", type=float, default=5.0, help="seconds between two faults, on average")
    words.add_argument("--seed", type=int, default=1)
    chosen = words.parse_args()
    rows = asyncio.run(storm(chosen.cases, chosen.faults, chosen.every, chosen.seed))
    width = max(len(row.figure) for row in rows)
    for row in rows:
        mark = "reached" if row.holds else "MISSED "
        say(f"{mark}  {row.figure:{width}}  {row.goal:>18}  {row.reached}")
    sys.exit(any(not row.holds for row in rows))


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


async def storm(cases: int, faults: int, every: float, seed: int) -> list[Row]:
    with standing() as house:
        os.environ.update(house.env)
        public = {"secret": house.env["SECRET_KEY"], "public_url": house.env["PUBLIC_URL"]}
        staff = await settled(house.postgres.url, cases, **public)
        house.start_processes()
        town, plan = Town(house.port, staff, house.letters, seed), Plan(house, faults, faults * every, seed)
        watching = asyncio.create_task(house.watch())
        began = time.monotonic()
        await asyncio.gather(town.take(cases, faults * every), plan.run())
        say(f"{cases} cases, {faults} faults in {time.monotonic() - began:.0f} s: {dict(Counter(plan.kinds))}")
        say(f"lines that broke under clients: {dict(town.notes.broken)}; 5xx: {len(town.notes.failures)}")
        for trouble in town.notes.stuck:
            say(f"  {trouble}")
        connection = await asyncpg.connect(house.postgres.url)
        quiet = await emptied(connection, EMPTY_SECONDS)
        await asyncio.to_thread(swept, house)
        watching.cancel()
        seen = Evidence(town.notes, plan.done, letters(house.letters), house.store, cases, quiet)
        rows = await judged(connection, seen)
        for words in late(plan.done):
            say(f"  {words}")
        await connection.close()
    return rows


def late(faults: Sequence[Fault]) -> Iterator[str]:
    for fault in faults:
        killed_at = time.strftime("%H:%M:%S", time.localtime(fault.began))
        for delivery, seconds in fault.again.items():
            if seconds > SOON:
                yield f"delivery {delivery}: its worker was killed at {killed_at}, begun again {seconds:.0f} s later"


def swept(house: House) -> None:
    """The nightly sweep takes only what has lain for a day, so first two days pass for all files."""
    then = time.time() - TWO_DAYS
    for path in house.store.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))
    done = subprocess.run([OTKLIK, "storage", "sweep"], env=house.env, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())


if __name__ == "__main__":
    main()
