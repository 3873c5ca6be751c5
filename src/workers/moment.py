"""The clock on the workers' wall: the only place of the workers that asks what time it is."""

from datetime import UTC, datetime, timedelta

# So long an offer holds: an actor that was killed, or a queue that was lost, costs no more than this.
LEASE = timedelta(seconds=25)
# And so long what is begun is left alone. A hint to what is in hands does nothing, so this may be short: it is what the
# fall of a worker costs.
BEGUN_LEASE = timedelta(seconds=10)


def now() -> datetime:
    return datetime.now(UTC)
