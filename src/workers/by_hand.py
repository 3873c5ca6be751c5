"""While Redis is away nobody hints to the workers what is due, so each looks into the table itself (R33)."""

import asyncio
import logging
from concurrent.futures import Future
from contextlib import suppress

import dramatiq
import redis
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware
from dramatiq.worker import Worker

from workers import moment, relay
from workers.broker import broker, queues_of
from workers.delivering import deliver, deliver_letter
from workers.mail import post
from workers.reactions import BY_MAIL

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
# For one delivery, as the slowest actor has; and for all that are in hands when the worker is told to end.
DELIVERY_SECONDS, ENDING_SECONDS = 900, 60


class ByHand(Middleware):
    """Stands in for the queue in each worker process; what it takes has the same lease, and the same lock."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.looking: list[Future[None]] = []

    def after_worker_boot(self, broker: dramatiq.Broker, worker: Worker) -> None:
        if loop := get_event_loop_thread():
            looks = [look_after(queue, self.stopping) for queue in queues_of(worker) for _ in range(at_once(queue))]
            self.looking = [asyncio.run_coroutine_threadsafe(each, loop.loop) for each in looks]

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: Worker) -> None:
        if loop := get_event_loop_thread():
            loop.loop.call_soon_threadsafe(self.stopping.set)

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: Worker) -> None:
        """Before the pool closes: a letter that is cut off half-way would go twice."""
        for each in self.looking:
            with suppress(TimeoutError):
                each.result(ENDING_SECONDS)


def at_once(queue: str) -> int:
    """As many letters as there are lines; whoever waits for one has no connection. Of all else one is enough."""
    return post.ON_THEIR_WAY if queue in BY_MAIL else 1


async def look_after(queue: str, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)
        try:
            while not stopping.is_set() and await asyncio.to_thread(is_away) and await carry_out_one(queue):
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


async def carry_out_one(queue: str) -> bool:
    """Whether there was one."""
    taken: list[tuple[int, int]] = []

    async def take(_: str, delivery: int, ticket: int) -> None:
        taken.append((delivery, ticket))

    at = moment.now()
    if queue in await relay.waiting(at=at):
        await relay.offer(queue, at=at, enqueue=take, at_most=1)
    carry_out = deliver_letter if queue in BY_MAIL else deliver
    for delivery, ticket in taken:
        async with asyncio.timeout(DELIVERY_SECONDS):
            await carry_out(delivery, ticket)
    return bool(taken)
