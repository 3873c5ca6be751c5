"""The door to PostgreSQL keeps its connections whatever breaks."""

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from tests.conftest import Engines

from domain.database import DB, LazyEngine, SharedTransaction, atomic
from domain.outages import DatabaseAway, DatabaseBusy


@pytest.fixture
async def slips(database: None) -> None:
    """A table whose uniqueness is looked at only at COMMIT, so that the COMMIT itself can fail."""
    assert DB.pool is not None
    await DB.pool.execute("DROP TABLE IF EXISTS slip")
    await DB.pool.execute("CREATE TABLE slip (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")


def lent() -> int:
    assert DB.pool is not None
    return DB.pool.get_size() - DB.pool.get_idle_size()


async def count() -> int:
    return (await DB.run_ddl("SELECT count(*) AS n FROM slip"))[0]["n"]


async def test_a_failing_commit_gives_its_connection_back(slips: None) -> None:
    for _ in range(15):
        with pytest.raises(asyncpg.UniqueViolationError):
            async with atomic():
                await DB.run_ddl("INSERT INTO slip VALUES (1), (1)")

    assert lent() == 0
    assert DB.current_transaction.get() is None
    assert await count() == 0


async def test_a_failing_rollback_gives_its_connection_back(slips: None) -> None:
    for _ in range(15):
        with pytest.raises(DatabaseAway):
            async with atomic():
                await DB.run_ddl("SELECT pg_terminate_backend(pg_backend_pid())")

    assert lent() == 0
    assert DB.current_transaction.get() is None
    assert await count() == 0


async def test_a_cancelled_transaction_gives_its_connection_back(slips: None) -> None:
    async def slow() -> None:
        async with atomic():
            await DB.run_ddl("INSERT INTO slip VALUES (1)")
            await DB.run_ddl("SELECT pg_sleep(30)")

    for _ in range(5):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow(), 0.05)

    assert lent() == 0
    assert await count() == 0


async def test_a_nested_atomic_rolls_back_alone(slips: None) -> None:
    async with atomic():
        await DB.run_ddl("INSERT INTO slip VALUES (1)")
        with pytest.raises(RuntimeError, match="inner"):
            async with atomic():
                await DB.run_ddl("INSERT INTO slip VALUES (2)")
                raise RuntimeError("inner")
        async with atomic():
            await DB.run_ddl("INSERT INTO slip VALUES (3)")

    rows = await DB.run_ddl("SELECT n FROM slip ORDER BY n")
    assert [row["n"] for row in rows] == [1, 3]


async def test_a_task_started_inside_a_transaction_is_told_that_it_may_not_use_it(slips: None) -> None:
    async with atomic():
        with pytest.raises(SharedTransaction):
            await asyncio.gather(count(), count())

    assert lent() == 0


async def test_a_drained_pool_answers_instead_of_waiting_for_ever(slips: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert DB.pool is not None
    monkeypatch.setattr("domain.database.ACQUIRE_SECONDS", 0.1)
    taken = [await DB.acquire() for _ in range(DB.pool.get_max_size())]

    with pytest.raises(DatabaseBusy):
        await count()
    with pytest.raises(DatabaseBusy):
        async with atomic():
            pass

    for connection in taken:
        await DB.pool.release(connection)
    assert await count() == 0


async def test_who_comes_while_the_server_restarts_waits_for_it_and_not_for_ever(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://postgres@/postgres?host={tmp_path}")
    monkeypatch.setattr("domain.database.ACQUIRE_SECONDS", 0.3)
    engine = LazyEngine()
    await engine.start_connection_pool(min_size=0, max_size=1)
    sockets = Path(parse_qs(urlsplit(engines.postgres.url).query)["host"][0])

    with pytest.raises(DatabaseAway) as gave_up:
        await engine.run_ddl("SELECT 1")
    monkeypatch.setattr("domain.database.ACQUIRE_SECONDS", 5)
    asked = asyncio.create_task(engine.run_ddl("SELECT 1 AS n"))
    await asyncio.sleep(0.2)
    (tmp_path / ".s.PGSQL.5432").symlink_to(sockets / ".s.PGSQL.5432")

    assert (await asked)[0]["n"] == 1
    assert not isinstance(gave_up.value, DatabaseBusy)
    await engine.close_connection_pool()


async def test_a_farewell_that_comes_before_the_end_of_the_line_is_understood(slips: None) -> None:
    farewell = b"SFATAL\0C57P02\0Mterminating connection because of crash of another server process\0\0"

    with pytest.raises(DatabaseAway):
        async with atomic():
            connection = DB.current_transaction.get().connection
            connection._con._protocol.data_received(b"E" + (len(farewell) + 4).to_bytes(4, "big") + farewell)
            with pytest.raises(DatabaseAway):
                await count()

    assert lent() == 0
    assert await count() == 0


async def test_every_wait_of_the_server_is_limited(pool: None) -> None:
    shown = {
        name: (await DB.run_ddl(f"SHOW {name}"))[0][name]
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    }

    assert shown == {
        "statement_timeout": "10s",
        "lock_timeout": "3s",
        "idle_in_transaction_session_timeout": "30s",
    }
