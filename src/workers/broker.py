"""The queue in Redis, which carries hints only: what is owed stands in the table `delivery` (R33).

So a lost queue costs some seconds and nothing else, and every message may come twice.
"""

import asyncio
import os

import dramatiq
import redis
import uvloop
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread, set_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, Middleware, ShutdownNotifications, TimeLimit
from dramatiq.worker import Worker

from domain.database import close_pool, open_pool

NAMESPACE = "otklik"
# As much as is taken in a few leases: what waits longer is hinted at over and over.
WAITING_AT_MOST = 200
CONNECT_SECONDS, ANSWER_SECONDS, BOOT_SECONDS = 2, 5, 30


class Loop(AsyncIO):
    """The loop of the actors: the one of the pages, which asks less of the processor.

    Dramatiq would let the worker die when its loop has not begun within a second, as happens on a full machine.
    """

    def before_worker_boot(self, broker: dramatiq.Broker, worker: Worker) -> None:
        thread = EventLoopThread(self.logger)
        thread.loop.close()
        thread.loop = uvloop.new_event_loop()
        thread.start(timeout=BOOT_SECONDS)
        set_event_loop_thread(thread)


class Pool(Middleware):
    """Opens the pool of a worker process on the loop of its actors; stands after Loop, which starts that loop."""

    def before_worker_boot(self, broker: dramatiq.Broker, worker: Worker) -> None:
        # An empty pool opens without PostgreSQL: a worker started too early finds it with the first delivery.
        # A running delivery holds one connection for its lock and uses another for its work. While Redis is away one of
        # each queue is carried out beside those of the threads.
        loop = get_event_loop_thread()
        if loop is not None:
            loop.run_coroutine(open_pool(min_size=0, max_size=2 * (worker.worker_threads + len(queues_of(worker))) + 1))

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: Worker) -> None:
        loop = get_event_loop_thread()
        if loop is not None:
            loop.run_coroutine(close_pool())


def queues_of(worker: Worker) -> set[str]:
    return set(worker.consumer_whitelist or worker.broker.get_declared_queues())


def made() -> RedisBroker:
    """No retries, age limits or dead letters: how often and when a delivery is tried again, its row says.

    Dramatiq 2.2.1 gives the message of a killed worker back in one of a thousand polls and after a minute;
    `maintenance_chance` (of a million) and `heartbeat_timeout` make it ten seconds.
    """
    client = redis.Redis.from_url(
        os.environ["REDIS_URL"], socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS
    )
    return RedisBroker(
        client=client,
        namespace=NAMESPACE,
        heartbeat_timeout=10_000,
        maintenance_chance=1_000_000,
        middleware=[TimeLimit(), ShutdownNotifications(), Loop(), Pool()],
    )


broker = made()
dramatiq.set_broker(broker)


async def enqueue(queue: str, delivery: int, ticket: int) -> None:
    """Hint to the actor of a queue that a delivery is due; in a thread, because the client of the queue blocks."""
    hint = dramatiq.Message[None](queue_name=queue, actor_name=queue, args=(delivery, ticket), kwargs={}, options={})
    await asyncio.to_thread(broker.enqueue, hint)


async def room(queue: str) -> int:
    """How many more hints may wait there. One queue that nobody empties does not keep the others waiting."""
    return max(0, WAITING_AT_MOST - await asyncio.to_thread(broker.client.llen, f"{NAMESPACE}:{queue}"))
