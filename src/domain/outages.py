"""How PostgreSQL is lost: asyncpg says it in many ways, the house in two."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
# How asyncpg speaks of a connection whose server is gone; the third when it has heard the farewell of the server
# and not yet the end of the line.
HUNG_UP = ("closed", "released back to the pool", "cannot switch to state", "not connected")
BUSY = (TimeoutError, asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError)


class DatabaseAway(Exception):
    """PostgreSQL cannot be reached, or the connection broke while we were using it."""


class DatabaseBusy(DatabaseAway):
    """PostgreSQL is there and did not serve us within the limits."""


@contextmanager
def speaking() -> Iterator[None]:
    """Tell the many ways of asyncpg to lose a server as two: it is busy, or it is away."""
    try:
        yield
    except BUSY as trouble:
        raise DatabaseBusy(str(trouble) or "the database did not answer in time") from trouble
    except AWAY as trouble:
        raise DatabaseAway(str(trouble) or type(trouble).__name__) from trouble
    except (asyncpg.InterfaceError, asyncpg.InternalClientError) as trouble:
        # The same classes cover our own mistakes ("another operation is in progress"); those stay mistakes.
        if not any(words in str(trouble) for words in HUNG_UP):
            raise
        raise DatabaseAway(str(trouble)) from trouble
