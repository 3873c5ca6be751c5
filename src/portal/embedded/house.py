"""The whole portal on one machine: what to start, in which order, and how to stop it."""

import os
import shutil
import socket
import subprocess
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TextIO

import click

from portal.embedded.holding import hold, hold_port, remember, sign, sweep_leftovers
from portal.embedded.place import Place, place_in
from portal.embedded.postgres import Postgres
from portal.embedded.process import Broken, wait_until
from portal.embedded.procfile import Part, Served, Watch, read_procfile
from portal.embedded.showing import step
from portal.embedded.surroundings import Surroundings, look_around
from portal.embedded.valkey import Valkey

PROCFILE = Path("Procfile")
# Ctrl-C has to end within ten seconds; the web process takes up to five for its open streams.
STOP_SECONDS, SERVERS_STOP_SECONDS = 6.0, 3.0
WEB_SECONDS = 60.0


class House:
    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.place: Place | None = None
        self.lock: TextIO | None = None
        self.port: socket.socket | None = None
        self.servers: list[Part] = []
        self.processes: list[Part] = []

    def open(self) -> None:
        """Start everything; what was started is known even when a later step fails."""
        place = place_in(self.data)
        self.lock = hold(self.data)
        self.place = place
        sweep_leftovers(self.data)
        postgres, valkey = Postgres(place), Valkey(place)
        around = look_around(self.data, database_url=postgres.url, redis_url=valkey.url)
        self._check(around)
        self.port = hold_port(around.host, int(around.env["PORT"]))
        address = around.env["PUBLIC_URL"]
        sign(self.lock, f"process {os.getpid()}, {address}")
        click.echo(f"Отклик starts; its data is in {place.data}")
        if around.own_postgres:
            self._start("PostgreSQL", postgres, self.servers)
        if around.own_valkey:
            self._start("Valkey", valkey, self.servers)
        self._start_processes(around)
        self._welcome(around, address)

    def watch(self) -> None:
        """Keep it running until somebody asks to stop."""
        watch = Watch([*self.servers, *self.processes])
        while True:
            if watch.look():
                self._remember()
            time.sleep(0.2)

    def close(self) -> None:
        """Stop the processes all at once, then the servers they stood on."""
        for stage, seconds in ((self.processes, STOP_SECONDS), (self.servers, SERVERS_STOP_SECONDS)):
            end = time.monotonic() + seconds
            for part in stage:
                part.child.ask_to_stop()
            for part in stage:
                part.child.wait(end - time.monotonic())
        self._release_port()
        if self.lock is not None and self.place is not None:
            (self.data / "processes").unlink(missing_ok=True)
            shutil.rmtree(self.place.sockets, ignore_errors=True)
            self.lock.close()

    def _check(self, around: Surroundings) -> None:
        # Read here and not above: importing the workers makes their queue, which wants the environment complete.
        os.environ.update(around.env)
        from workers.settings import Misconfigured, Settings

        try:
            Settings.from_env()
        except Misconfigured as fault:
            raise Broken(str(fault)) from fault

    def _start_processes(self, around: Surroundings) -> None:
        commands = read_procfile(PROCFILE)
        self._run("The tables", commands.pop("release"), around)
        if not around.production:
            self._run("The demo town", ["otklik", "seed"], around)
        if around.own_mailbox:
            commands = {"mailbox": ["otklik", "mailbox"], **commands}
        self._release_port()
        for name, command in commands.items():
            self._start(name, Served(name, command, self.data, around.env), self.processes)

    def _release_port(self) -> None:
        if self.port is not None:
            self.port.close()

    def _start(self, name: str, part: Part, among: list[Part]) -> None:
        with step(name):
            try:
                part.start()
            finally:
                if hasattr(part, "child"):
                    among.append(part)
                    self._remember()

    def _run(self, name: str, command: list[str], around: Surroundings) -> None:
        """A process that has to end well before the next one may start."""
        once = Served(command[-1], command, self.data, around.env)
        with step(name):
            self.processes.append(once)
            once.start()
            self._remember()
            code = once.child.wait_for_the_end()
            self.processes.remove(once)
            if code:
                raise Broken(f"{name}: failed; the log is {once.child.log}:\n{once.child.last_words()}")

    def _remember(self) -> None:
        remember(self.data, [part.child.pid for part in (*self.servers, *self.processes)])

    def _welcome(self, around: Surroundings, address: str) -> None:
        web = next(part.child for part in self.processes if part.child.name == "web")
        with step("First page"):
            wait_until(lambda: answers(around.env), web, WEB_SECONDS)
        if not around.production:
            people = subprocess.run(["otklik", "people"], env=around.env, capture_output=True, text=True)
            click.echo(f"\nWho can sign in with one click:\n\n{people.stdout}")
        click.echo(f"\n{address}\n\nCtrl-C stops everything. Logs are in {self.data / 'logs'}")


def answers(env: dict[str, str]) -> bool:
    """Any answer will do: what the portal thinks of its own health is the business of its page."""
    host = env.get("HOST", "127.0.0.1").replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    line = HTTPConnection(host, int(env["PORT"]), timeout=5)
    try:
        line.request("GET", "/health")
        return bool(line.getresponse().status)
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
