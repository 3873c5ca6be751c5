"""The whole house in a temporary folder: what was killed is started again after a second, whatever it was."""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.servers import ROOT, answers, environment

from portal.embedded.place import Place, place_in
from portal.embedded.postgres import Postgres
from portal.embedded.process import Child, wait_until
from portal.embedded.surroundings import free_port
from portal.embedded.valkey import Valkey

OTKLIK = str(Path(sys.executable).parent / "otklik")
LOOK, AGAIN, START_SECONDS = 0.1, 1.0, 60
WEBS = ("web-1", "web-2")
WORKERS = ("worker-1", "worker-2")


@dataclass
class Part:
    """A process of the house; `not_before` is when it may be started again."""

    child: Child
    not_before: float | None = None


class House:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.postgres = Postgres(place)
        self.valkey = Valkey(place)
        self.store = place.data / "store"
        self.letters = place.data / "letters"
        self.port = free_port()
        self.parts: dict[str, Part] = {}
        smtp = free_port()
        self.env = {
            **os.environ,
            **environment(place.data, self.valkey.url),
            "DATABASE_URL": self.postgres.url,
            "STORAGE_URL": self.store.as_uri(),
            "SMTP_URL": f"smtp://127.0.0.1:{smtp}",
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
        }
        self.commands = {
            "sink": [sys.executable, "-m", "tests.storms.chaos.sink", str(smtp), str(self.letters)],
            **{name: [OTKLIK, "web"] for name in WEBS},
            **{name: [OTKLIK, "worker"] for name in WORKERS},
            "hints": [OTKLIK, "hints"],
            "clock": [OTKLIK, "clock"],
        }

    def start_servers(self) -> None:
        self.store.mkdir()
        self.postgres.start()
        self.valkey.start()

    def start_processes(self) -> None:
        for name, command in self.commands.items():
            # Its connections bear the name of the process, so that the storm knows whose locks there are.
            env = {**self.env, "DATABASE_URL": f"{self.postgres.url}&application_name={name}"}
            child = Child(name, command, self.place.data / f"{name}.log", env, ROOT)
            child.start()
            self.parts[name] = Part(child)
        wait_until(lambda: answers(self.port), self.parts[WEBS[0]].child, START_SECONDS)

    async def watch(self) -> None:
        """Start again what died, a second later or when its outage is over."""
        while True:
            for part in self.parts.values():
                if part.child.running:
                    part.not_before = None
                    continue
                part.not_before = part.not_before or time.monotonic() + AGAIN
                if time.monotonic() >= part.not_before:
                    part.child.start()
            await asyncio.sleep(LOOK)

    def stop(self) -> None:
        for part in self.parts.values():
            part.child.ask_to_stop()
        for part in self.parts.values():
            part.child.wait(8)
        self.valkey.stop()
        self.postgres.stop()


@contextmanager
def standing() -> Iterator[House]:
    """Nothing is left of it afterwards, unless CHAOS_LOGS names a folder for its logs."""
    folder = Path(tempfile.mkdtemp(prefix="otklik-chaos-"))
    folder.chmod(0o755)
    house = House(place_in(folder))
    try:
        house.start_servers()
        yield house
    finally:
        house.stop()
        if logs := os.environ.get("CHAOS_LOGS"):
            Path(logs).mkdir(parents=True, exist_ok=True)
            for log in folder.glob("*.log"):
                shutil.copy(log, logs)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(house.place.sockets, ignore_errors=True)
