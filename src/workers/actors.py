"""The doors between the queues and the deliveries: one actor a queue, so that slow work never waits before quick."""

import dramatiq

from workers.broker import broker
from workers.delivering import deliver

__all__ = ["broker", "mail", "pictures"]

MINUTE = 60_000  # in milliseconds, as Dramatiq counts


@dramatiq.actor(queue_name="mail", time_limit=3 * MINUTE)
async def mail(delivery: int, ticket: int) -> None:
    await deliver(delivery, ticket)


@dramatiq.actor(queue_name="pictures", time_limit=15 * MINUTE)
async def pictures(delivery: int, ticket: int) -> None:
    await deliver(delivery, ticket)
