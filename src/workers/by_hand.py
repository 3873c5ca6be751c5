"""While Redis is away nobody hints to the workers what is due, so each looks into the table itself (R33)."""

import asyncio
import logging
from collections.abc import Iterable
from concurrent.futures import Future

import dramatiq
import redis
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware
from dramatiq.worker import Worker

from workers import moment, relay
from workers.broker import broker
from workers.delivering import deliver, deliver_letter
from workers.reactions import BY_MAIL

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
AT_ONCE = 4  # of each queue


class ByHand(Middleware):
    """Stands in for the queue in each worker process; what it takes has the same lease, and the same lock."""

    def __init__(self) -> None:
        self.looking: list[Future[None]] = []

    def after_worker_boot(self, broker: dramatiq.Broker, worker: Worker) -> None:
        loop = get_event_loop_thread()
        if loop is not None:
            queues: Iterable[str] = worker.consumer_whitelist or broker.get_declared_queues()
            self.looking = [asyncio.run_coroutine_threadsafe(look_after(queue), loop.loop) for queue in queues]

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: Worker) -> None:
        for each in self.looking:
            each.cancel()


async def look_after(queue: str) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            while await asyncio.to_thread(is_away) and await carry_out_some(queue):
                pass
        # As with the clock: whatever failed, the next look may find the world mended.
        except Exception as trouble:
            log.warning("%s is not looked after: %s: %s", queue, type(trouble).__name__, trouble)


def is_away() -> bool:
    try:
        broker.client.ping()
    except redis.RedisError:
        return True
    return False


async def carry_out_some(queue: str) -> int:
    """Returns how many there were."""
    taken: list[tuple[int, int]] = []

    async def take(_: str, delivery: int, ticket: int) -> None:
        taken.append((delivery, ticket))

    at = moment.now()
    if queue in await relay.waiting(at=at):
        await relay.offer(queue, at=at, enqueue=take, at_most=AT_ONCE)
    carry_out = deliver_letter if queue in BY_MAIL else deliver
    await asyncio.gather(*(carry_out(delivery, ticket) for delivery, ticket in taken))
    return len(taken)
