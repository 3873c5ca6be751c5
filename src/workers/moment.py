"""The clock on the workers' wall: the only place of the workers that asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
