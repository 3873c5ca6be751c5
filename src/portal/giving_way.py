"""Whoever sends files gives way to whoever reads: between two steps of an upload the pages asked for go first.

A process answers everybody in turn, step by step. A page is a few short steps, a file many that are longer; without
this, four people who send photos make everybody else wait ten times as long for a page.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Any, cast

from litestar.types import Scope

# A step waits for pages so long at most: where pages are asked for without a pause, files go on coming all the same.
SECONDS = 0.05
# While somebody reads, all files together take a quarter of the time of the process, and so much less of everything
# that each of them gives the others to do: the database, the worker, the disk.
TIMES, READING_SECONDS = 3, 1.0
SHORTEST = 0.002  # a loop counts milliseconds: less is rested when there is more of it
FILES = (b"multipart/form-data", b"application/offset+octet-stream")


def carries_files(scope: Scope) -> bool:
    return any(name == b"content-type" and value.lower().startswith(FILES) for name, value in scope["headers"])


class Turns:
    """Of one process: how many pages are on their way just now, and whose file is next."""

    def __init__(self) -> None:
        self.pages = 0
        self.nobody_reads = asyncio.Event()
        self.nobody_reads.set()
        self.next = asyncio.Lock()
        self.last_page = -inf
        self.rest = 0.0

    def page(self) -> "Page":
        return Page(self)

    async def come(self, took: float) -> None:
        """After a step that took so many seconds: one at a time they rest, let the pages go first, and go on."""
        async with self.next:
            await asyncio.sleep(self.due(took))
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                await self.nobody_reads.wait()

    def due(self, took: float) -> float:
        self.rest += took * TIMES if monotonic() - self.last_page < READING_SECONDS else 0
        rest = self.rest if self.rest >= SHORTEST else 0.0
        self.rest -= rest
        return rest

    def give_way(self, work: Awaitable[None]) -> "GivingWay":
        return GivingWay(self, cast(Coroutine[Any, Any, None], work))


class Page:
    """On its way from when it is asked for until its answer begins, however slowly it is read then."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.on_its_way = turns, True
        turns.pages += 1
        turns.last_page = monotonic()
        turns.nobody_reads.clear()

    def begins(self) -> None:
        if self.on_its_way:
            self.on_its_way = False
            self.turns.pages -= 1
            if not self.turns.pages:
                self.turns.nobody_reads.set()


class GivingWay:
    """Awaits the work, and before each of its steps that nobody reads. It stays the same task, to be cancelled too."""

    def __init__(self, turns: Turns, work: Coroutine[Any, Any, None]) -> None:
        self.turns, self.work = turns, work

    def __await__(self) -> Generator[Any, None, None]:
        step, told = self.work.send, None
        while True:
            began = monotonic()
            try:
                waits_for = step(told)
            except StopIteration:
                return
            step, told, took = self.work.send, None, monotonic() - began
            try:
                yield waits_for
                yield from self.turns.come(took).__await__()
            except BaseException as trouble:
                step, told = self.work.throw, trouble
