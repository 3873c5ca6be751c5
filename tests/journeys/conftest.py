"""The whole portal as its processes run it, and a real Chromium to visit it, from the first journey to the last."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import asyncpg
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect
from tests.conftest import PORTAL_ROOM, TEMPLATE, WORKER, Engines

from workers import vapid

ROOT = Path(__file__).parents[2]
DATABASE = f"otklik_journeys_{WORKER}"
PROGRAMS = ("web", "worker", "hints", "clock", "mailbox")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip
SECONDS = 15
START_SECONDS = 60  # five programs begin at once, and other tests are running

expect.set_options(timeout=SECONDS * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Portal:
    """Where it answers, and where its letters land."""

    address: str
    mailbox: Path

    async def letter(self, to: str, saying: str) -> EmailMessage:
        """Waits for the letter as its reader does."""
        for _ in range(SECONDS * 10):
            for letter in self.letters(to):
                if saying in body(letter):
                    return letter
            await asyncio.sleep(0.1)
        raise AssertionError(f"no letter to {to} says {saying!r}: {[body(each) for each in self.letters(to)]}")

    def letters(self, to: str) -> list[EmailMessage]:
        files = sorted((self.mailbox / "new").glob("*"))
        read = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [letter for letter in read if to in str(letter["To"])]


def body(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    return str(part.get_content()) if part else ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
async def portal_processes(
    engines: Engines, tmp_path_factory: pytest.TempPathFactory, chromium: str
) -> AsyncIterator[Portal]:
    """Asks for the browser first: without one nothing is started."""
    folder = tmp_path_factory.mktemp("portal")
    web, smtp = free_port(), free_port()
    env = {
        **os.environ,
        "DATABASE_URL": engines.postgres.url_of(DATABASE),
        "REDIS_URL": f"{engines.valkey.url}?db={PORTAL_ROOM}",
        "STORAGE_URL": (folder / "store").as_uri(),
        "SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "MAILBOX": str(folder / "mail"),
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        "VAPID_PRIVATE_KEY": vapid.made(),
        "PORT": str(web),
        "PYTHONPATH": str(ROOT),
    }
    await settle(engines, env)
    processes = [start(program, env, folder) for program in PROGRAMS]
    try:
        await answers(env["PUBLIC_URL"], folder)
        yield Portal(env["PUBLIC_URL"], folder / "mail")
    finally:
        stop(processes)


async def settle(engines: Engines, env: dict[str, str]) -> None:
    """A database of its own: here other processes write, and nothing can be rolled back."""
    master = await asyncpg.connect(engines.postgres.url_of("postgres"))
    await master.execute(f'CREATE DATABASE "{DATABASE}" TEMPLATE "{TEMPLATE}"')
    await master.close()
    settling = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.journeys.settling", env=env, cwd=ROOT)
    assert await settling.wait() == 0


def start(program: str, env: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / f"{program}.log").open("wb") as log:
        command = [str(Path(sys.executable).parent / "otklik"), program]
        return subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)


async def answers(address: str, folder: Path) -> None:
    for _ in range(START_SECONDS * 20):
        try:
            await asyncio.to_thread(lambda: urlopen(f"{address}/health", timeout=2).read())  # noqa: S310
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError((folder / "web.log").read_text())


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Their groups, because some have children; nothing here has to be finished first."""
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
    for process in processes:
        process.wait(SECONDS)


@pytest.fixture(scope="package")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> str:
    """CHROMIUM, one on the PATH, or the one that playwright has downloaded."""
    named = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    found = next((path for name in named if name and (path := shutil.which(name))), playwright.chromium.executable_path)
    if not Path(found).exists():
        pytest.skip("no Chromium: set CHROMIUM, install one, or run `playwright install chromium`")
    return found


@pytest.fixture(scope="package")
async def chrome(playwright: Playwright, chromium: str) -> AsyncIterator[Browser]:
    running = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
    yield running
    await running.close()


Open = Callable[..., Any]


@pytest.fixture
async def opened(chrome: Browser, portal_processes: Portal) -> AsyncIterator[Open]:
    """`await opened()` is a window with no cookies; whatever its console complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def window(**options: Any) -> Page:
        wanted = {"base_url": portal_processes.address, "locale": "ru-RU", "viewport": {"width": 1280, "height": 900}}
        # Without it a point that pulses is painted sixty times a second, in every window, by the processor.
        context = await chrome.new_context(reduced_motion="reduce", **{**wanted, **options})
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        return page

    yield window
    for context in contexts:
        await context.close()
    assert complaints == []
