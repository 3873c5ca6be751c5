"""The processes of the Procfile, kept running: one that dies is started again, one that keeps dying stops the house."""

import shlex
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import click

from portal.embedded.process import Broken, Child

# Who lived longer than this did start; its next death is a new story.
QUICKLY = 10.0
DEATHS = 3


class Part(Protocol):
    """Anything of the house that runs: an embedded server or a process of the Procfile."""

    child: Child

    def start(self) -> None: ...


class Served:
    def __init__(self, name: str, command: list[str], data: Path, env: Mapping[str, str]) -> None:
        logs = data / "logs"
        logs.mkdir(exist_ok=True)
        self.child = Child(name, command, logs / f"{name}.log", env, Path.cwd())

    def start(self) -> None:
        self.child.start()


def read_procfile(path: Path) -> dict[str, list[str]]:
    lines = (line.partition(":") for line in path.read_text().splitlines() if line.strip())
    return {name.strip(): shlex.split(command) for name, _, command in lines}


class Watch:
    """Starts again what died; three quick deaths in a row are told as one fault."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.since = {id(part): time.monotonic() for part in parts}
        self.deaths = {id(part): 0 for part in parts}

    def look(self) -> bool:
        """Whether anything had to be started again."""
        dead = [part for part in self.parts if not part.child.running]
        for part in dead:
            self._start_again(part)
        return bool(dead)

    def _start_again(self, part: Part) -> None:
        now, key = time.monotonic(), id(part)
        self.deaths[key] = self.deaths[key] + 1 if now - self.since[key] < QUICKLY else 1
        child = part.child
        if self.deaths[key] >= DEATHS:
            raise Broken(f"{child.name} died {DEATHS} times in a row; its log is {child.log}:\n{child.last_words()}")
        click.echo(f"  {child.name} died and is started again; its log is {child.log}")
        self.since[key] = now
        part.start()
