"""Real engines for every test that asks: one PostgreSQL and one Valkey a run, a database of its own for each worker."""

import asyncio
import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from mailbox import Maildir
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from tests.cleaning import clean, keep_furniture
from tests.s3 import Rclone, Wire
from xdist.scheduler import LoadFileScheduling

from portal.embedded.place import place_in
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey

pytest_plugins = ["tests.people"]

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATABASE = f"otklik_{WORKER}"
TEMPLATE = "otklik"
SECRET = "a secret for tests only, long enough"


class Engines:
    """Both servers; their addresses are known before they run, so that modules may read them when imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)
        place = place_in(folder)
        self.postgres = Postgres(place, durable=False, database=TEMPLATE)
        self.valkey = Valkey(place, durable=False)
        self.sockets = place.sockets
        self.running = False

    def start(self) -> None:
        if self.running:
            return
        self.running = True
        self.postgres.start()
        self.valkey.start()
        migrate_template(self.postgres.url)

    def stop(self) -> None:
        if self.running:
            self.valkey.stop()
            self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)


def migrate_template(url: str) -> None:
    from domain.migrating import migrate

    ours, os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"], url
    try:
        asyncio.run(migrate())
    finally:
        os.environ["DATABASE_URL"] = ours


def _engines() -> Engines:
    """Those of the run: the controller makes the folder, its workers find it in the environment."""
    folder = os.environ.get("OTKLIK_TEST_ENGINES")
    if folder is None:
        folder = os.environ["OTKLIK_TEST_ENGINES"] = tempfile.mkdtemp(prefix="otklik-tests-")
    return Engines(Path(folder))


ENGINES = _engines()
CONTROLLER = WORKER == "main"
if CONTROLLER:
    atexit.register(ENGINES.stop)

# Set before any module of ours is imported: the broker, for one, is made from them at import time.
# Each worker has two of the sixteen rooms of Valkey: its own, and one for the portal that its journeys visit.
number = int(WORKER.removeprefix("gw")) % 7 + 1 if WORKER.startswith("gw") else 0
PORTAL_ROOM = number + 8
os.environ.update(
    DATABASE_URL=ENGINES.postgres.url_of(DATABASE),
    REDIS_URL=f"{ENGINES.valkey.url}?db={number}",
    STORAGE_URL=f"file://{tempfile.gettempdir()}/otklik-tests-store-{os.getpid()}",
    SMTP_URL="smtp://127.0.0.1:1",
    PUBLIC_URL="http://testserver.local",
    SECRET_KEY=SECRET,
    MODE="development",
)


class ControllerOfWorkers:
    """Under xdist the engines belong to the controller, which outlives every worker."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        ENGINES.start()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> LoadFileScheduling | None:
        return JourneysTogether(config, log) if config.getoption("dist") == "loadfile" else None


class JourneysTogether(LoadFileScheduling):
    """A file is a unit of work, and all journeys are one: the portal and the browser of a run start once."""

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else super()._split_scope(nodeid)


# Begun before all others, so that in the end none of them goes on alone: two large towns, and what mostly waits.
LONG = ("tests/portal/test_town.py", "tests/portal/test_control_size.py", "tests/workers/test_worker.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection() -> None:
    """What is imported and collected stays to the end: walked over by every collection it slows the imports."""
    gc.disable()


def pytest_collection_finish() -> None:
    """And it slows each test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)  # rarer than Python would, which takes a twentieth of the time of a run
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ControllerOfWorkers())


@pytest.fixture(scope="session")
def engines() -> Engines:
    if CONTROLLER:
        ENGINES.start()
    return ENGINES


@pytest.fixture(scope="session")
async def pool(engines: Engines) -> AsyncIterator[None]:
    """A database of this worker's own, copied from the migrated template, and the pool upon it."""
    from domain.database import close_pool, open_pool

    master = await asyncpg.connect(engines.postgres.url_of("postgres"))
    await master.execute(f'CREATE DATABASE "{DATABASE}" TEMPLATE "{TEMPLATE}"')
    await master.close()
    await open_pool(min_size=1, max_size=10)
    await keep_furniture()
    yield
    await close_pool()


@pytest.fixture
async def database(pool: None) -> None:
    """Clean tables, holding only what the migrations themselves put there."""
    await clean()


@pytest.fixture
async def redis_url(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> str:
    import redis.asyncio

    monkeypatch.setattr("workers.live.lost", False)
    async with redis.asyncio.from_url(os.environ["REDIS_URL"]) as client:
        await client.flushdb()
    return os.environ["REDIS_URL"]


@pytest.fixture
def storage_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    store = tmp_path / "store"
    store.mkdir()
    monkeypatch.setenv("STORAGE_URL", store.as_uri())
    return store.as_uri()


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rclone]:
    with Rclone(tmp_path_factory.mktemp("s3")).running() as server:
        yield server


@pytest.fixture
async def wire(rclone: Rclone, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """From here on files lie in the S3 server, under a prefix of the test's own, behind a wire."""
    async with Wire(rclone) as wire:
        monkeypatch.setenv("STORAGE_URL", rclone.url(wire.port, uuid4().hex))
        yield wire


@pytest.fixture(params=["folder", "s3"])
def either_store(request: pytest.FixtureRequest) -> str:
    """The same test over a folder and over S3."""
    request.getfixturevalue("storage_url" if request.param == "folder" else "wire")
    return os.environ["STORAGE_URL"]


@pytest.fixture
def settings(storage_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from workers.settings import Settings

    Maildir(tmp_path / "mail")
    monkeypatch.setenv("MAILBOX", str(tmp_path / "mail"))
    return Settings.from_env()
