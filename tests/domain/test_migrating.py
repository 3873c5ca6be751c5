"""The tables come from nothing and go to nothing, whoever else migrates at the same moment."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import asyncpg
import pytest
from tests.domain.test_following import asked, published
from tests.people import MONDAY, Town

from domain.database import DB, atomic
from domain.following import Wish
from domain.model import Delivery, Event
from domain.piccolo_migrations import domain_0038_subscriptions

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'"
MIGRATE = "import asyncio; from domain.migrating import migrate; asyncio.run(migrate())"
BACKWARDS = "import asyncio; from domain.migrating import backwards; asyncio.run(backwards())"


@pytest.fixture
async def empty(engines: Any) -> AsyncIterator[str]:
    """The address of a database without a single table."""
    name = f"empty_{os.getpid()}"
    master = await asyncpg.connect(engines.postgres.url_of("postgres"))
    await master.execute(f'CREATE DATABASE "{name}"')
    yield engines.postgres.url_of(name)
    await master.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await master.close()


def started(program: str, url: str) -> subprocess.Popen[str]:
    env = {**os.environ, "DATABASE_URL": url}
    return subprocess.Popen([sys.executable, "-c", program], env=env, stderr=subprocess.PIPE, text=True)


async def finished(process: subprocess.Popen[str]) -> None:
    _, trouble = await asyncio.to_thread(process.communicate)
    assert process.returncode == 0, trouble


async def count(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(TABLES)
    finally:
        await connection.close()


async def test_the_tables_come_and_go_and_come_again(empty: str) -> None:
    await finished(started(MIGRATE, empty))
    there = await count(empty)

    await finished(started(BACKWARDS, empty))
    assert await count(empty) == 0

    await finished(started(MIGRATE, empty))
    assert await count(empty) == there > 15


class Seen(Exception):
    """Enough of it."""


@pytest.mark.usefixtures("database")
async def test_undoing_subscriptions_leaves_nothing_that_the_version_before_could_not_read(town: Town) -> None:
    message = await published(town)
    await asked(Wish(street="Мира"))
    event: Any = await Event.objects().get((Event.message == message.id) & (Event.kind == "message:published"))
    before = await Delivery.count()
    to: Any = {"recipient": "daily:7", "message_id": "<1-followed-daily-7@testserver.local>"}
    await Delivery.insert(Delivery(event=event.id, reaction="mail:followed", next_at=MONDAY, **to))

    with suppress(Seen):
        async with atomic():
            for statement in domain_0038_subscriptions.undoing():
                await DB.run_ddl(statement)
            left = await Delivery.count(), await Event.count().where(Event.message.is_null())
            raise Seen  # the tables of the other tests stay

    assert left == (before, 0)


async def test_two_migrators_at_once_do_not_quarrel(empty: str) -> None:
    both = [started(MIGRATE, empty), started(MIGRATE, empty)]

    for process in both:
        await finished(process)

    assert await count(empty) > 15


async def test_a_killed_migrator_leaves_nothing_half_done(empty: str) -> None:
    process = started(MIGRATE, empty)
    while not await count(empty) and process.poll() is None:
        # Its tables are seen only once all of them are there: it is killed while it works, or just after.
        if await busy(empty):
            process.kill()
            break
    process.wait()
    assert await count(empty) == 0

    await finished(started(MIGRATE, empty))
    assert await count(empty) > 15


async def busy(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory'")
    finally:
        await connection.close()
