"""`python -m tests.storms.lookalikes`: a million pictures, and how long it takes to find what looks like one.

The prints are those of soft random pictures, whose neighbours are alike as in photos, so the bands of the index are as
uneven as they would be. COUNT=… fills another number. Asked is what a page asks: a picture in its eight positions,
half of them copies that were spoilt up to the distance that is still told.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import click
from PIL import Image, ImageFilter
from tests.bench import servers

from domain.database import close_pool, open_pool
from domain.lookalikes import FOUND, SAME_WITHIN, lookalikes, turned
from domain.migrating import migrate
from workers.picture_prints import SIDE, print_of

COUNT = int(os.environ.get("COUNT", "1000000"))
ASKED = 200
SHEET = 1200
COLUMNS = ("id", "key", "message", "name", "content_hash", "kind", "size", "state", "print", "received_at")


def prints(count: int, chance: Random) -> Iterator[str]:
    """Of windows in soft noise; a window that is too plain has none."""
    while count:
        noise = Image.effect_noise((SHEET, SHEET), chance.uniform(90, 160)).filter(ImageFilter.GaussianBlur(1.3))
        sheet = noise.point([max(0, min(255, round((level - 128) * 3 + 128))) for level in range(256)])
        for _ in range(min(count * 2, 20_000)):
            left, top = chance.randrange(SHEET - SIDE - 1), chance.randrange(SHEET - SIDE - 1)
            if count and (print := print_of(sheet.crop((left, top, left + SIDE + 1, top + SIDE + 1)))):
                count -= 1
                yield print


def spoilt(print: str, chance: Random) -> str:
    value = int(print, 16)
    for bit in chance.sample(range(128), chance.randint(0, SAME_WITHIN)):
        value ^= 1 << bit
    return f"{value:032x}"


MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


async def fill(connection: asyncpg.Connection, count: int, chance: Random) -> list[str]:
    """Rows of attachments and nothing around them. Returns the prints that will be looked for."""
    sample: list[str] = []

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, print in enumerate(prints(count, chance)):
            if number % max(1, count // ASKED) == 0:
                sample.append(print)
            id = UUID(int=chance.getrandbits(128), version=4)
            yield id, id, number, "IMG.jpg", f"{number:064x}", "jpeg", 2_000_000, "ready", print, MOMENT

    await connection.execute("SET session_replication_role = replica")
    (index,) = await connection.fetchrow("SELECT pg_get_indexdef('attachment_print_bands'::regclass)")
    await connection.execute("DROP INDEX attachment_print_bands")
    await connection.copy_records_to_table("attachment", records=rows(), columns=COLUMNS)
    await connection.execute(index)
    await connection.execute("VACUUM ANALYZE attachment")
    return sample


async def ask(sample: list[str], chance: Random) -> tuple[list[float], int]:
    """How long each took, in milliseconds, and how many of the spoilt copies were found."""
    nobody = UUID(int=0)
    took, found = [], 0
    strangers = list(prints(len(sample), chance))
    for print in [print for both in zip(sample, strangers, strict=True) for print in both]:
        given = spoilt(print, chance) if print in sample else print
        began = perf_counter()
        alike = await lookalikes({nobody: given})
        took.append((perf_counter() - began) * 1000)
        found += print in sample and bool(alike)
    return sorted(took), found


async def plan(connection: asyncpg.Connection, print: str) -> list[str]:
    """The nodes of the plan, as PostgreSQL runs it."""
    turns = turned(print)
    values = ([UUID(int=0)] * len(turns), turns, SAME_WITHIN, [UUID(int=0)], None)
    statement = FOUND.format(*(f"${n}" for n in range(1, 6)))
    (text,) = await connection.fetchrow(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *values)
    return list(described(json.loads(text)[0]["Plan"]))


def described(node: dict[str, Any], depth: int = 0) -> Iterator[str]:
    on = node.get("Index Name") or node.get("Relation Name") or ""
    yield f"{'  ' * depth}{node['Node Type']} {on} rows {node['Actual Rows']} × {node['Actual Loops']}"
    for part in node.get("Plans", []):
        yield from described(part, depth + 1)


async def storm() -> None:
    chance = Random(32)
    await migrate()
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    await open_pool()
    began = perf_counter()
    sample = await fill(connection, COUNT, chance)
    size = await connection.fetchval("SELECT pg_size_pretty(pg_relation_size('attachment_print_bands'))")
    click.echo(f"{COUNT} pictures in {perf_counter() - began:.0f} s, the index takes {size}")
    await ask(sample[:20], chance)  # so that both are in memory
    took, found = await ask(sample, chance)
    click.echo("\n".join(await plan(connection, sample[0])))
    click.echo(f"p50 {took[len(took) // 2]:.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms, p100 {took[-1]:.1f} ms")
    click.echo(f"{found} of {len(sample)} spoilt copies found")
    await connection.close()
    await close_pool()


def main() -> None:
    with servers.house() as place, servers.postgres(place, durable=False) as postgres:
        os.environ["DATABASE_URL"] = postgres.url
        asyncio.run(storm())


if __name__ == "__main__":
    main()
