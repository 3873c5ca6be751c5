"""The clock: what has to be done whether or not anybody presses a button (R22, R23, R31). Any number may run."""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
import uvloop

from domain.database import close_pool, database_url, open_pool
from domain.model import Turn
from workers import moment, relay
from workers.broker import enqueue, room
from workers.checking import check_a_slice
from workers.orphans import sweep_store
from workers.sweeping import sweep, tidy

log = logging.getLogger(__name__)


async def hand_over(*, at: datetime) -> None:
    """Everything that waits: new events become deliveries, due deliveries are offered to the actors."""
    while await relay.expand(at=at) == relay.BATCH:
        pass
    await relay.gather(at=at)
    for queue in await relay.waiting(at=at):
        while at_most := min(await room(queue), relay.BATCH):
            if await relay.offer(queue, at=at, enqueue=enqueue, at_most=at_most) < at_most:
                break


async def learn(*, at: datetime) -> None:
    # Once a day; for the rest of it the clock does without numbers and dictionaries, and begins again the faster.
    from workers.screening import learning

    await learning.learn(at=at)


@dataclass(frozen=True)
class Job:
    """What to do how often; `nudged` also at once whenever something was written into the journal."""

    name: str
    do: Callable[..., Awaitable[None]]
    every: timedelta
    nudged: bool = False


TIMETABLE = (
    Job("relay", hand_over, timedelta(seconds=5), nudged=True),
    Job("sweep", sweep, timedelta(minutes=1)),
    Job("tidy", tidy, timedelta(hours=1)),
    # Days begin at 00:00 UTC here, which is night in the town.
    Job("orphans", sweep_store, timedelta(days=1)),
    Job("sums", check_a_slice, timedelta(days=1)),
    Job("topics", learn, timedelta(days=1)),
)

PATIENCE = (1, 2, 5)  # seconds between attempts while PostgreSQL or Redis is away
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
TAKEN = """
INSERT INTO turn AS kept (job, due_at) VALUES ({}, {})
ON CONFLICT (job) DO UPDATE SET due_at = excluded.due_at WHERE kept.due_at < excluded.due_at RETURNING job
"""


def slot(job: Job, at: datetime) -> datetime:
    """The beginning of the job's current turn, the same for every clock."""
    return EPOCH + (at - EPOCH) // job.every * job.every


async def take_turn(job: Job, *, at: datetime) -> bool:
    """Whether this clock, of all that run, is the one that does the job in this turn."""
    return bool(await Turn.raw(TAKEN, job.name, slot(job, at)))


class Clock:
    """The running timetable of one process."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.nudge = asyncio.Event()

    async def run(self) -> None:
        # An empty pool opens without PostgreSQL; each job waits for it in its own time.
        await open_pool(min_size=0, max_size=len(TIMETABLE) + 1)
        running = [asyncio.create_task(self.keep(job)) for job in TIMETABLE]
        running.append(asyncio.create_task(self.listen()))
        log.info("the clock runs: %s", ", ".join(f"{job.name} each {job.every}" for job in TIMETABLE))
        await self.stopping.wait()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await close_pool()

    async def keep(self, job: Job) -> None:
        """Do the job in every turn that this clock wins, and when it is nudged; a failure is told and tried again."""
        failures = 0
        nudged = False
        while True:
            try:
                await self.once(job, nudged=nudged)
                failures = 0
            # Whatever failed, the timetable goes on: the next turn may find the world mended.
            except Exception as trouble:
                log.warning("%s failed: %s: %s", job.name, type(trouble).__name__, trouble, exc_info=failures == 0)
                failures += 1
                await asyncio.sleep(PATIENCE[min(failures, len(PATIENCE)) - 1])
                nudged = True  # the turn is spent, its work is not done
                continue
            nudged = await self.next_turn(job)

    async def once(self, job: Job, *, nudged: bool) -> None:
        at = moment.now()
        if await take_turn(job, at=at) or nudged:
            await job.do(at=at)

    async def next_turn(self, job: Job) -> bool:
        """Wait for the next turn of the job, or for a nudge. Returns whether it was a nudge."""
        at = moment.now()
        left = (slot(job, at) + job.every - at).total_seconds()
        if not job.nudged:
            await asyncio.sleep(left)
            return False
        try:
            await asyncio.wait_for(self.nudge.wait(), left)
        except TimeoutError:
            return False
        self.nudge.clear()
        return True

    async def listen(self) -> None:
        """Hear the journal on a connection of its own, and find the way back to it whenever it breaks."""
        failures = 0
        while True:
            try:
                await self.hear()
                failures = 0
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
                log.warning("the journal is not heard: %s: %s", type(trouble).__name__, trouble)
                failures += 1
            await asyncio.sleep(PATIENCE[min(failures, len(PATIENCE) - 1)])

    async def hear(self) -> None:
        gone = asyncio.Event()
        connection = await asyncpg.connect(database_url(), timeout=5)
        try:
            connection.add_termination_listener(lambda _: gone.set())
            await connection.add_listener("event", lambda *_: self.nudge.set())
            self.nudge.set()  # whatever was written while nobody listened
            await gone.wait()
            log.warning("the connection that hears the journal is lost")
        finally:
            connection.terminate()


async def run() -> None:
    clock = Clock()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, clock.stopping.set)
    await clock.run()


def main() -> None:
    """Run until SIGTERM."""
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"), format="%(asctime)s %(name)s %(message)s")
    uvloop.run(run())
