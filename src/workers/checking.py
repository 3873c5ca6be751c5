"""The sums of the files: what lies in the store is what was kept, and whatever a row speaks of lies there.

A slice each night, so that all of it is read within a month; where the last night ended stands in the database. What is
damaged or missing stands in `file_fault` until it is found sound again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.model import Attachment, FileCheck, FileFault
from workers import storage
from workers.spoken_of import FIRST, Named, files_after, protocols, spoken_of
from workers.storage import Damaged
from workers.store import StoreAway

log = logging.getLogger(__name__)

ROWS = 50
NIGHTS = 28
AT_ONCE = 4  # files read at the same time, each a piece at a time
Kind = Literal["sound", "damaged", "missing"]

STARTED = "INSERT INTO file_check (begun_at) VALUES ({}) ON CONFLICT DO NOTHING"
REACHED = "UPDATE file_check SET after = {}::uuid"
ROUND_DONE = "UPDATE file_check SET after = NULL, begun_at = {}, ended_at = {}"
FOUND = """
INSERT INTO file_fault (hash, kind, belongs_to, found_at) SELECT hash, kind, belongs_to, {}
FROM unnest({}::text[], {}::text[], {}::text[]) AS found (hash, kind, belongs_to)
ON CONFLICT (hash) DO UPDATE SET kind = excluded.kind, belongs_to = excluded.belongs_to
"""


@dataclass(frozen=True)
class Checked:
    file: Named
    kind: Kind


async def check(file: Named) -> Checked:
    """Read the file as a reader would, whose sum is checked."""
    try:
        async for _ in storage.stream(file.hash):
            pass
    except FileNotFoundError:
        return Checked(file, "missing")
    except Damaged:
        return Checked(file, "damaged")
    return Checked(file, "sound")


async def check_each(files: Sequence[Named]) -> list[Checked]:
    """Each content once, whoever else speaks of it."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(file: Named) -> Checked:
        async with room:
            return await check(file)

    return list(await asyncio.gather(*(one(file) for file in {file.hash: file for file in files}.values())))


async def check_all() -> AsyncIterator[list[Checked]]:
    """Everything that rows speak of, some rows at a time."""
    yield await check_each(await protocols())
    last, files = await files_after(FIRST, ROWS)
    while last:
        yield await check_each(files)
        last, files = await files_after(last, ROWS)


async def check_a_slice(*, at: datetime) -> None:
    """By the clock: go on where the last night ended. A store that is away is read on tomorrow."""
    await FileCheck.raw(STARTED, at)
    rows = await Attachment.count() // NIGHTS + 1
    known = await FileFault.count()
    try:
        while rows > 0:
            rows -= await check_next(min(rows, ROWS), at=at) or rows
    except StoreAway as trouble:
        log.warning("the sums of the files are not counted on: %s", trouble)
    if (now := await FileFault.count()) > known:
        # One alarm a night, however many files one broken disk has spoiled.
        log.error("%s files are damaged or missing, %s of them found tonight: otklik storage check", now, now - known)


async def check_next(rows: int, *, at: datetime) -> int:
    """The next rows of the round. Returns how many; none when the round is done."""
    (state,) = await FileCheck.select(FileCheck.after)
    last, files = await files_after(state["after"] or FIRST, rows)
    await note(await check_each(files if last else await protocols()), at=at)
    if last is None:
        await forget_what_nobody_needs()
        await FileCheck.raw(ROUND_DONE, at, at)
        return 0
    await FileCheck.raw(REACHED, last)
    return rows


async def forget_what_nobody_needs() -> None:
    """A damaged file of which no row speaks any more is nobody's fault: it was replaced, or its form never sent."""
    known = {row["hash"] for row in await FileFault.select(FileFault.hash)}
    if gone := known - await spoken_of(known):
        await FileFault.delete().where(FileFault.hash.is_in(list(gone)))


async def note(checked: Sequence[Checked], *, at: datetime) -> None:
    """What is wrong stands in the table from the night on that found it; what was mended goes."""
    sound = [each.file.hash for each in checked if each.kind == "sound"]
    wrong = [each for each in checked if each.kind != "sound"]
    # Asked after the reading: an edit may have forgotten a file between its row and the look at it.
    still = await spoken_of({each.file.hash for each in wrong}) if wrong else set()
    wrong = [each for each in wrong if each.file.hash in still]
    if sound:
        await FileFault.delete().where(FileFault.hash.is_in(sound))
    if wrong:
        columns = zip(*((each.file.hash, each.kind, each.file.case) for each in wrong), strict=True)
        await FileFault.raw(FOUND, at, *(list(column) for column in columns))
