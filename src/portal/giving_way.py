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

from domain.database import wants_connection

# A step waits for pages so long at most: where pages are asked for without a pause, files go on coming all the same.
SECONDS = 0.05
# While somebody reads, all files together take a quarter of the time of the process, and so much less of everything
# that each of them gives the others to do: the database, the worker, the disk.
TIMES, READING_SECONDS = 3, 1.0
# The loop rounds to milliseconds, so shorter rests are saved up; a step that took very long is not paid for in full.
SHORTEST, LONGEST = 0.002, 0.25
FORM, PIECE = b"multipart/form-data", b"application/offset+octet-stream"
WORDS_BYTES = 32 * 2**10  # a form with this much in it, or that does not say how much, brings more than words


def brings_files(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    kind = headers.get(b"content-type", b"").lower()
    size = headers.get(b"content-length", b"")
    return kind.startswith(PIECE) or (kind.startswith(FORM) and not (size.isdigit() and int(size) < WORDS_BYTES))


class Turns:
    """Of one process: how many pages are on their way just now, and whose file is next."""

    def __init__(self) -> None:
        self.pages = 0
        self.nobody_reads = asyncio.Event()
        self.nobody_reads.set()
        self.next = asyncio.Lock()
        self.last_page = -inf
        self.owed = 0.0

    def page(self) -> "Page":
        return Page(self)

    def give_way(self, work: Awaitable[None]) -> "GivingWay":
        return GivingWay(self, cast(Coroutine[Any, Any, None], work))

    def worked(self, seconds: float) -> None:
        """A step has taken so long: while somebody reads, some multiple of it is to be rested."""
        if self.pages or monotonic() - self.last_page < READING_SECONDS:
            self.owed = min(self.owed + seconds * TIMES, LONGEST)

    async def rest(self) -> None:
        """One at a time they rest, let the pages go first, and go on."""
        try:
            async with self.next:
                await asyncio.sleep(self.due())
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS):
                    await self.nobody_reads.wait()
        except asyncio.CancelledError as end:
            # What the work has waited for is there, and is handed over; of its end it hears where it waits next.
            task = cast("asyncio.Task[Any]", asyncio.current_task())
            task.uncancel()
            task.cancel(*end.args)

    def due(self) -> float:
        owed = self.owed if self.owed >= SHORTEST else 0.0
        self.owed -= owed
        return owed


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
    """Runs the work step by step, in the same task; before a step it waits until nobody reads, or long enough.

    Never with a connection to the database in its hands or coming: pages wait for those, and others for its locks.
    """

    def __init__(self, turns: Turns, work: Coroutine[Any, Any, None]) -> None:
        self.turns, self.work = turns, work

    def __await__(self) -> Generator[Any, None, None]:
        yield from self.turns.rest().__await__()
        step, told = self.work.send, None
        while True:
            began = monotonic()
            try:
                waits_for = step(told)
            except StopIteration:
                return
            finally:
                self.turns.worked(monotonic() - began)
            step, told = self.work.send, None
            try:
                yield waits_for
            except BaseException as trouble:
                step, told = self.work.throw, trouble
            else:
                if not wants_connection():
                    yield from self.turns.rest().__await__()
