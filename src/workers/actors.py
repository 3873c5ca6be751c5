"""The doors between the queues and the deliveries: one actor a queue, so that slow work never waits before quick."""

import dramatiq

from workers.broker import broker
from workers.by_hand import ByHand
from workers.delivering import deliver, deliver_letter

__all__ = ["broker", "followers", "hints", "mail", "pictures", "push"]

MINUTE = 60_000  # in milliseconds, as Dramatiq counts

broker.add_middleware(ByHand())


@dramatiq.actor(queue_name="mail", time_limit=5 * MINUTE)
async def mail(delivery: int, ticket: int) -> None:
    await deliver_letter(delivery, ticket)


# A worker that holds hints of both queues takes the letter first that somebody waits for.
@dramatiq.actor(queue_name="followers", priority=1, time_limit=5 * MINUTE)
async def followers(delivery: int, ticket: int) -> None:
    await deliver_letter(delivery, ticket)


@dramatiq.actor(queue_name="push", time_limit=MINUTE)
async def push(delivery: int, ticket: int) -> None:
    await deliver(delivery, ticket)


@dramatiq.actor(queue_name="pictures", time_limit=15 * MINUTE)
async def pictures(delivery: int, ticket: int) -> None:
    await deliver(delivery, ticket)


# A worker of its own takes these (`otklik hints`): what it loads would keep the letters waiting.
@dramatiq.actor(queue_name="hints", time_limit=3 * MINUTE)
async def hints(delivery: int, ticket: int) -> None:
    await deliver(delivery, ticket)
