"""The door to PostgreSQL: one engine, transactions that never lose a connection, limits on every wait."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Literal

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from domain.outages import DatabaseAway, DatabaseBusy, speaking

# A pool that is drained has to answer with an error while the person still waits for the page.
ACQUIRE_SECONDS = 5.0
# A server that restarts is back before a person gives up; nothing has been asked of it yet, so asking again is safe.
AGAIN_SECONDS = 0.1
# The client gives up a little after the server would, so that the server's own reason is what we hear.
COMMAND_SECONDS = 15.0
SERVER_LIMITS = {
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "30s",
    # What an index finds of arrays is guessed far too high, and to compile such a plan takes longer than to run it.
    "jit": "off",
}

# Whether whoever runs here has a connection of the pool, or has asked for one.
_wants = ContextVar("wants_connection", default=False)


class SharedTransaction(RuntimeError):
    """A task started inside a transaction tried to use it: one connection serves one task."""


class SafeTransaction(PostgresTransaction):
    """A transaction that gives its connection back whatever happens.

    The `__aexit__` of Piccolo 1.38 is not try/finally: when COMMIT or ROLLBACK raises, the connection never
    returns to the pool and the context stays bound to a dead transaction.
    """

    engine: "LazyEngine"

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()
        try:
            self.transaction = self.connection.transaction()
            with speaking():
                await self.begin()
        except BaseException:
            await self._give_back(broken=True)
            raise
        self.task = asyncio.current_task()
        self.context = self.engine.current_transaction.set(self)
        return self

    async def get_connection(self) -> asyncpg.Connection:
        if self.engine.pool:
            return await self.engine.acquire()
        return await self.engine.get_new_connection()

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        if self._parent is not None:
            return False
        broken = True
        try:
            with speaking():
                await self._settle(failed=exception is not None)
            broken = False
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back(broken=broken)
        return False

    async def _settle(self, *, failed: bool) -> None:
        if self._rolled_back or self._committed:
            return
        await (self.rollback() if failed else self.commit())

    async def _give_back(self, *, broken: bool) -> None:
        # What state a connection is in after a failed COMMIT nobody knows, so it is not used again.
        if broken:
            with suppress(asyncpg.InterfaceError):  # it went back by itself when the server hung up
                self.connection.terminate()
        if self.engine.pool:
            await self.engine.give_back(self.connection)
        elif not broken:
            await self.connection.close()


class LazyEngine(PostgresEngine):
    """Piccolo's engine without a connection at import time, with limits and with transactions that are safe."""

    def __init__(self) -> None:
        super().__init__(config={})

    async def check_version(self) -> None:
        """The stock engine connects here, while the module is still being imported."""

    async def prep_database(self) -> None:
        """Extensions are the business of the migrations."""

    async def get_new_connection(self) -> asyncpg.Connection:
        with speaking():
            return await asyncpg.connect(database_url())

    async def start_connection_pool(self, **limits: Any) -> None:
        if self.pool is not None:
            raise RuntimeError("the pool is open already")
        with speaking():
            self.pool = await asyncpg.create_pool(
                database_url(), command_timeout=COMMAND_SECONDS, server_settings=SERVER_LIMITS, **limits
            )

    async def acquire(self) -> asyncpg.Connection:
        _wants.set(True)
        try:
            return await self._acquired()
        except BaseException:
            _wants.set(False)
            raise

    async def _acquired(self) -> asyncpg.Connection:
        if self.pool is None:
            raise RuntimeError("the pool is closed")
        until = asyncio.get_running_loop().time() + ACQUIRE_SECONDS
        while True:
            left = until - asyncio.get_running_loop().time()
            try:
                with speaking():
                    return await self.pool.acquire(timeout=left)
            except DatabaseBusy:
                raise
            except DatabaseAway:
                if left <= AGAIN_SECONDS:
                    raise
                await asyncio.sleep(AGAIN_SECONDS)

    async def _run_in_pool(self, query: str, args: Sequence[Any] | None = None) -> Any:
        connection = await self.acquire()
        try:
            return await connection.fetch(query, *(args or ()))
        finally:
            await self.give_back(connection)

    async def give_back(self, connection: asyncpg.Connection) -> None:
        _wants.set(False)
        if self.pool is not None:
            await self.pool.release(connection)  # asyncpg shields this itself

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        self.check_the_task()
        with speaking():
            return await super().run_querystring(querystring, in_pool)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        self.check_the_task()
        with speaking():
            return await super().run_ddl(ddl, in_pool)

    def transaction(self, allow_nested: bool = True) -> SafeTransaction:
        return SafeTransaction(engine=self, allow_nested=allow_nested)

    def check_the_task(self) -> None:
        transaction = self.current_transaction.get()
        if isinstance(transaction, SafeTransaction) and transaction.task is not asyncio.current_task():
            raise SharedTransaction("a task started inside a transaction may not use its connection")


def wants_connection() -> bool:
    return _wants.get() or DB.current_transaction.get() is not None


def database_url() -> str:
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise RuntimeError("DATABASE_URL is not set; `otklik run` sets it for its own processes.")
    return url


DB = LazyEngine()


async def open_pool(min_size: int = 1, max_size: int = 10) -> None:
    """Open the pool of this process on the running loop.

    After every use asyncpg would ask the server to forget what the session holds: locks, cursors, settings. That is a
    second question after each one of ours, so whoever holds anything beyond a transaction lets go of it themselves.
    """
    await DB.start_connection_pool(min_size=min_size, max_size=max_size, reset=_nothing_to_forget)


async def _nothing_to_forget(_: asyncpg.Connection) -> None:
    """A transaction that was left open has been rolled back by asyncpg before this."""


async def close_pool() -> None:
    if DB.pool is not None:
        await DB.close_connection_pool()


@asynccontextmanager
async def atomic() -> AsyncIterator[None]:
    """All or nothing; inside an open transaction a savepoint, which rolls back alone."""
    open_transaction = DB.current_transaction.get()
    if open_transaction is None:
        async with DB.transaction():
            yield
        return
    DB.check_the_task()
    savepoint = await open_transaction.savepoint()
    try:
        yield
    except BaseException:
        await savepoint.rollback_to()
        raise
    await savepoint.release()
