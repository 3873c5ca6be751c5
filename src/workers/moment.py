"""The clock on the workers' wall: the only place of the workers that asks what time it is."""

from datetime import UTC, datetime, timedelta

# So long an offer holds: an actor that was killed, or a queue that was lost, costs no more than this. It may be
# short, as a hint to what is in hands or done does nothing.
LEASE = timedelta(seconds=10)


def now() -> datetime:
    return datetime.now(UTC)
