"""What the passing of time does: each term is told once, whoever sweeps, whenever they are killed (§4.3–§5.1)."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, answered, journal, registered, running, submitted

from domain import attaching
from domain.answering import Written
from domain.database import DB
from domain.model import Attachment, Draft, Event, Message, Session, Turn
from domain.terms import Owed
from domain.workdays import TOWN
from portal.embedded.place import place_in
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey
from workers import moment, storage
from workers.broker import broker
from workers.clock import TIMETABLE, Job, slot, take_turn
from workers.orphans import sweep_store
from workers.sweeping import FILES_KEPT, KEPT, sweep, tidy

pytestmark = pytest.mark.usefixtures("database")
# A message registered on Monday is to be accepted by the end of Tuesday.
TUESDAY_MORNING = datetime(2026, 3, 3, 9, 0, tzinfo=TOWN)
WEDNESDAY = datetime(2026, 3, 4, 0, 0, tzinfo=TOWN)


async def told(kind: str) -> list[str]:
    """What was owed, for each event of this kind."""
    rows = await Event.select(Event.data).where(Event.kind == kind).order_by(Event.id).output(load_json=True)
    return [row["data"]["owed"] for row in rows]


@pytest.mark.rule("R31")
async def test_a_reminder_comes_before_and_a_notice_after_each_once(town: Town) -> None:
    await registered(town)

    await sweep(at=TUESDAY_MORNING - timedelta(seconds=1))
    before = await told("term:reminder")
    await sweep(at=TUESDAY_MORNING)
    await sweep(at=WEDNESDAY - timedelta(seconds=1))
    ahead = (await told("term:reminder"), await told("term:missed"))
    for minutes in range(3):
        await sweep(at=WEDNESDAY + timedelta(minutes=minutes))
    at_night = await told("term:escalated")
    for minutes in range(3):
        await sweep(at=WEDNESDAY + timedelta(hours=9, minutes=minutes))

    assert before == []
    assert ahead == (["acceptance"], [])
    assert (await told("term:reminder"), await told("term:missed")) == (["acceptance"], ["acceptance"])
    assert (at_night, await told("term:escalated")) == ([], ["acceptance"])


@pytest.mark.rule("R31")
async def test_two_sweeps_at_once_tell_once(town: Town) -> None:
    for _ in range(20):
        await registered(town)

    await asyncio.gather(*(sweep(at=TUESDAY_MORNING) for _ in range(3)))
    await asyncio.gather(*(sweep(at=WEDNESDAY) for _ in range(3)))

    assert (len(await told("term:reminder")), len(await told("term:missed"))) == (20, 20)


KILLED = """
import asyncio, os, signal
from datetime import datetime
from domain import terms
from domain.database import open_pool, atomic
from workers.sweeping import sweep

async def main():
    await open_pool()
    async with atomic():
        await sweep(at=datetime.fromisoformat({at!r}))
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


@pytest.mark.rule("R31")
async def test_a_sweep_killed_half_way_forgets_nobody(town: Town) -> None:
    for _ in range(3):
        await registered(town)
    code = KILLED.format(at=WEDNESDAY.isoformat())

    killed = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], env=dict(os.environ), timeout=60)
    after_the_kill = await told("term:missed")
    await sweep(at=WEDNESDAY)

    assert (killed.returncode, after_the_kill) == (-signal.SIGKILL, [])
    assert await told("term:missed") == ["acceptance"] * 3


@pytest.mark.rule("R12")
async def test_the_right_to_hand_back_ends_in_silence(town: Town) -> None:
    message = await registered(town)

    await sweep(at=WEDNESDAY)

    assert Owed.RETURN not in await running(message)
    assert "return" not in await told("term:missed")


@pytest.mark.rule("R22")
async def test_the_promised_day_opens_the_case_with_its_own_clock(town: Town) -> None:
    message = await answered(town, written=Written("planned", "Lamps will be put up.", date(2026, 3, 20)))
    the_day = datetime(2026, 3, 20, 0, 0, tzinfo=TOWN)

    await sweep(at=the_day - timedelta(seconds=1))
    before = await status(message)
    await asyncio.gather(sweep(at=the_day), sweep(at=the_day))

    assert (before, await status(message)) == ("answered", "follow_up")
    assert (await journal(message)).count("message:promise_came") == 1
    assert (await running(message))[Owed.FOLLOW_UP] == "2026-03-25"


@pytest.mark.rule("R23")
async def test_an_answer_that_nobody_rated_closes_the_case(town: Town) -> None:
    message = await answered(town)
    last_day = datetime(2026, 4, 1, 23, 59, 59, tzinfo=TOWN)

    await sweep(at=last_day)
    before = await status(message)
    await asyncio.gather(*(sweep(at=last_day + timedelta(seconds=1)) for _ in range(2)))

    assert (before, await status(message)) == ("answered", "closed")
    assert (await journal(message)).count("message:closed") == 1


async def status(message: Message) -> str:
    (row,) = await Message.select(Message.status).where(Message.id == message.id)
    return row["status"]


async def test_exactly_one_of_many_clocks_takes_each_turn() -> None:
    job = Job("sweep", sweep, timedelta(minutes=1))

    won = [await asyncio.gather(*(take_turn(job, at=at) for _ in range(5))) for at in (MONDAY, MONDAY)]
    late = await take_turn(job, at=MONDAY - timedelta(minutes=3))
    won.append([await take_turn(job, at=MONDAY + timedelta(minutes=1, seconds=7))])

    assert [sum(each) for each in won] == [1, 0, 1]
    assert not late
    assert (await Turn.objects().get(Turn.job == "sweep")).due_at == slot(job, MONDAY) + timedelta(minutes=1)


def test_the_timetable_relays_in_seconds_sweeps_each_minute_and_looks_after_the_files_each_night() -> None:
    assert {job.name: (job.every, job.nudged) for job in TIMETABLE} == {
        "relay": (timedelta(seconds=5), True),
        "sweep": (timedelta(minutes=1), False),
        "tidy": (timedelta(hours=1), False),
        "orphans": (timedelta(days=1), False),
        "sums": (timedelta(days=1), False),
        "topics": (timedelta(days=1), False),
    }


@asynccontextmanager
async def ticking(**env: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    """A clock in a process of its own, until it has heard that it should stop."""
    command = [sys.executable, "-c", "from workers import clock; clock.main()"]
    process = subprocess.Popen(command, env={**os.environ, **env})  # noqa: ASYNC220
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(process.wait, 10)
    assert code == 0


async def until(done: object, seconds: float = 10) -> float:
    began = asyncio.get_running_loop().time()
    while not await done():  # type: ignore[operator]
        assert asyncio.get_running_loop().time() - began < seconds
        await asyncio.sleep(0.02)
    return asyncio.get_running_loop().time() - began


async def handled_after(town: Town) -> float:
    """How long a new message waits for the relay."""
    await submitted(town)
    return await until(everything_handled)


async def everything_handled() -> bool:
    return not await Event.exists().where(Event.handled_at.is_null())


async def offered() -> bool:
    return broker.client.llen("otklik:mail") >= 1


async def hearers() -> list[int]:
    assert DB.pool is not None
    rows = await DB.pool.fetch(
        "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
    )
    return [row["pid"] for row in rows]


async def somebody_hears() -> bool:
    return bool(await hearers())


async def test_the_clock_hears_the_journal_at_once_even_after_the_connection_broke(town: Town, redis_url: str) -> None:
    async with ticking():
        await until(somebody_hears)
        at_once = [await handled_after(town) for _ in range(2)]
        assert DB.pool is not None
        for pid in await hearers():
            await DB.pool.execute("SELECT pg_terminate_backend($1)", pid)
        await until(somebody_hears)
        again = [await handled_after(town) for _ in range(2)]

    # By its turns alone the relay comes each five seconds: of two in a row one would have to wait for it.
    assert max(*at_once, *again) < 2
    assert await until(offered) < 1


async def test_what_nobody_came_back_for_is_forgotten_after_a_day(town: Town, storage_url: str) -> None:
    now = moment.now()
    photo = await storage.keep(b"\xff\xd8\xff sent twice")
    await upload(photo, now - FILES_KEPT - HOUR)
    fresh = await upload(photo, now)
    await Draft.insert(Draft(key=uuid4(), saved_at=now - KEPT - HOUR), Draft(key=uuid4(), saved_at=now))
    await Session.insert(session(town, now - HOUR), session(town, now + HOUR))

    await tidy(at=now)

    assert [row["id"] for row in await Attachment.select(Attachment.id)] == [fresh]
    assert (await Draft.count(), await Session.count()) == (1, 1)
    assert await storage.read(photo.hash)


async def test_a_file_is_forgotten_with_its_last_row(town: Town, storage_url: str) -> None:
    now = moment.now()
    kept = await storage.keep(b"\xff\xd8\xff an orphan")
    await upload(kept, now)
    later = now + FILES_KEPT + timedelta(minutes=1)

    await sweep_store(at=later)
    before = await storage.read(kept.hash)
    await tidy(at=later)
    await sweep_store(at=later)

    assert before
    assert await Attachment.count() == 0
    with pytest.raises(FileNotFoundError):
        await storage.read(kept.hash)


async def upload(kept: storage.Kept, at: datetime) -> object:
    attachment = await attaching.receive(
        id=uuid4(), key=uuid4(), name="a.jpg", content_hash=kept.hash, kind="jpeg", size=kept.size, by=None, at=at
    )
    return attachment.id


def session(town: Town, expires_at: datetime) -> Session:
    at = expires_at - timedelta(hours=12)
    return Session(token_hash=str(uuid4()), person=town.anna.id, created_at=at, seen_at=at, expires_at=expires_at)


async def test_a_clock_started_before_its_servers_begins_when_they_come_and_survives_their_fall(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    postgres, valkey = Postgres(place, durable=False), Valkey(place, durable=False)
    async with ticking(DATABASE_URL=postgres.url, REDIS_URL=valkey.url) as process:
        await asyncio.sleep(1)
        await asyncio.to_thread(valkey.start)
        await asyncio.to_thread(postgres.start)
        await asyncio.to_thread(migrated, postgres.url)
        try:
            first = await turn_after(postgres.url, MONDAY)
            os.kill(postgres.child.pid, signal.SIGKILL)
            await asyncio.to_thread(postgres.child.wait, 5)
            await asyncio.to_thread(postgres.start)
            second = await turn_after(postgres.url, first)
        finally:
            alive = process.poll() is None
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, 10)
            await asyncio.to_thread(valkey.stop)
            await asyncio.to_thread(postgres.stop)

    assert alive
    assert second > first


def migrated(url: str) -> None:
    """In a process of its own: the pool of this one belongs to the other database."""
    code = "import asyncio; from domain.migrating import migrate; asyncio.run(migrate())"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "DATABASE_URL": url}, check=True)


async def turn_after(url: str, at: datetime) -> datetime:
    """The relay's next turn after a moment, as soon as a clock has taken it."""
    for _ in range(150):
        connection = await asyncpg.connect(url)
        due_at = await connection.fetchval("SELECT due_at FROM turn WHERE job = 'relay'")
        await connection.close()
        if due_at is not None and due_at > at:
            return due_at
        await asyncio.sleep(0.1)
    raise AssertionError("no clock takes its turn")
