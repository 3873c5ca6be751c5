"""Which statements a piece of the portal sends to PostgreSQL, word for word and with their values."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from domain.database import DB

# What asyncpg says before, between and after the statements of ours; of these only some belong to the work.
WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
# To learn of a type, once in the life of a connection.
HOUSEKEEPING = ("set_config('jit'", "typeinfo_tree")


@dataclass(frozen=True)
class Statement:
    sql: str
    values: tuple[Any, ...]

    @property
    def is_query(self) -> bool:
        return not self.sql.startswith(WORDS)

    @property
    def is_housekeeping(self) -> bool:
        return any(word in self.sql for word in HOUSEKEEPING)


@contextmanager
def watching() -> Iterator[list[Statement]]:
    """What goes over the pool while this is open, in its order, without what asyncpg does for itself."""
    heard: list[Statement] = []
    listening = True

    def hear(record: Any) -> None:
        # A connection outlives this and keeps its listeners.
        statement = Statement(record.query.strip(), tuple(record.args or ()))
        if listening and not statement.is_housekeeping:
            heard.append(statement)

    acquire = DB.acquire

    async def acquired() -> asyncpg.Connection:
        connection = await acquire()
        connection.add_query_logger(hear)
        return connection

    engine: Any = DB
    engine.acquire = acquired
    try:
        yield heard
    finally:
        listening = False
        del engine.acquire
