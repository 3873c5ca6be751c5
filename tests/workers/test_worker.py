"""A real worker process: killed in the middle of a letter, and started before Redis is there (R33)."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.people import Town
from tests.stories import submitted
from tests.workers.conftest import Mailbox, deliveries, offer_all

from domain.database import DB
from portal.embedded.place import place_in
from portal.embedded.valkey import Valkey
from workers import moment, relay
from workers.broker import enqueue, made
from workers.by_hand import LOOK_SECONDS

pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts workers as `otklik worker` does; whatever still runs in the end is ended with its children."""
    running: list[subprocess.Popen[bytes]] = []

    def started(**env: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dramatiq", "--processes", "1", "--threads", "2", "workers.actors"]
        here = {**os.environ, "dramatiq_worker_timeout": "100", **env}
        running.append(subprocess.Popen(command, env=here, start_new_session=True))
        return running[-1]

    yield started
    for process in running:
        if process.poll() is None:
            end(process, signal.SIGKILL)


def end(process: subprocess.Popen[bytes], by: signal.Signals) -> None:
    """A kill meets the whole group; a polite word goes to the parent, which hands it on."""
    if by == signal.SIGKILL:
        os.killpg(process.pid, by)
    else:
        process.send_signal(by)
    process.wait(20)


async def until(done: Callable[[], bool], seconds: float) -> float:
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < seconds
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def offered() -> None:
    """What a clock does all the time: everything owed is offered as soon as it is due."""
    await relay.expand(at=moment.now())
    await offer_all(at=moment.now(), enqueue=enqueue)


async def begun(mailbox: Mailbox, seconds: float = 20) -> None:
    """Until the mail server hears of a letter: first it is owed to its reader, then it goes."""
    async with asyncio.timeout(seconds):
        while not mailbox.begun:
            await offered()
            await asyncio.sleep(0.05)


async def test_a_worker_killed_in_the_middle_of_a_letter_loses_nothing(
    town: Town, mailbox: Mailbox, redis_url: str, storage_url: str, start: Start
) -> None:
    mailbox.slowness = 60
    await submitted(town)
    first = start()
    await begun(mailbox)
    end(first, signal.SIGKILL)
    killed_at, mailbox.slowness = time.monotonic(), 0

    second = start()
    await until(lambda: bool(mailbox.letters), 35)
    end(second, signal.SIGTERM)

    assert time.monotonic() - killed_at < 35
    assert len(mailbox.letters) == 1
    (row,) = await deliveries("mail:taken_in")
    assert (row["done_at"] is not None, row["attempts"]) == (True, 2)


async def test_a_worker_that_is_there_before_redis_and_the_database_finds_them(
    town: Town, mailbox: Mailbox, storage_url: str, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_in(tmp_path)
    valkey = Valkey(place, durable=False)
    worker = start(REDIS_URL=valkey.url)
    await asyncio.sleep(2)
    assert worker.poll() is None

    await asyncio.to_thread(valkey.start)
    try:
        await submitted(town)
        monkeypatch.setenv("REDIS_URL", valkey.url)
        monkeypatch.setattr("workers.broker.broker", made())
        await begun(mailbox)
        await until(lambda: bool(mailbox.letters), 20)
        end(worker, signal.SIGTERM)
    finally:
        await asyncio.to_thread(valkey.stop)

    assert worker.returncode == 0
    assert DB.pool is not None


async def test_while_redis_is_away_letters_go_on(
    town: Town, mailbox: Mailbox, storage_url: str, start: Start, tmp_path: Path
) -> None:
    nowhere = place_in(tmp_path)
    await submitted(town)
    await relay.expand(at=moment.now())

    worker = start(REDIS_URL=Valkey(nowhere, durable=False).url)
    await until(lambda: bool(mailbox.letters), 20)
    end(worker, signal.SIGTERM)

    assert worker.returncode == 0
    (row,) = await deliveries("mail:taken_in")
    assert (len(mailbox.letters), row["attempts"], row["done_at"] is not None) == (1, 1, True)


async def test_while_redis_answers_nobody_takes_what_is_due_past_the_queue(
    town: Town, mailbox: Mailbox, redis_url: str, storage_url: str, start: Start
) -> None:
    worker = start()
    await submitted(town)
    await begun(mailbox)  # so it runs
    await submitted(town)
    await relay.expand(at=moment.now())

    await asyncio.sleep(2 * LOOK_SECONDS)
    end(worker, signal.SIGTERM)

    assert (worker.returncode, len(mailbox.letters)) == (0, 1)


async def test_a_worker_that_is_told_to_end_without_redis_notes_the_letter_that_is_on_its_way(
    town: Town, mailbox: Mailbox, storage_url: str, start: Start, tmp_path: Path
) -> None:
    mailbox.slowness = 6
    await submitted(town)
    await relay.expand(at=moment.now())
    worker = start(REDIS_URL=Valkey(place_in(tmp_path), durable=False).url)
    await until(lambda: mailbox.begun > 0, 20)

    end(worker, signal.SIGTERM)

    (row,) = await deliveries("mail:taken_in")
    assert (worker.returncode, len(mailbox.letters), row["done_at"] is not None) == (0, 1, True)
