"""What lies in the store, a page at a time: for the sweep, which looks through all of it and never holds more."""

import re
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import obstore

from workers.storage import SET_ASIDE, place
from workers.store import speaking, store

PAGE = 500
# The store in 256 shelves by the beginning of the names, as `place` lays them out.
SHELVES = tuple(f"{number:02x}" for number in range(256))
HALF_WRITTEN = "*#[0-9]*"
NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Lying:
    path: str
    written_at: datetime

    @property
    def hash(self) -> str | None:
        """The name of a file of ours; whatever else somebody has put there is left alone."""
        name = self.path.rpartition("/")[2]
        return name if NAME.fullmatch(name) else None

    @property
    def set_aside_on(self) -> date | None:
        """The day in its path; None for what somebody has put there by hand."""
        try:
            return date.fromisoformat(self.path.split("/")[1])
        except ValueError:
            return None


async def pages(shelf: str) -> AsyncIterator[list[Lying]]:
    async with speaking():
        listing = obstore.list(store(), shelf, chunk_size=PAGE)
    while True:
        try:
            async with speaking():
                page = await anext(listing)
        except StopAsyncIteration:
            return
        yield [Lying(each["path"], each["last_modified"]) for each in page]


async def set_aside() -> AsyncIterator[list[Lying]]:
    async for page in pages(SET_ASIDE):
        yield page


def half_written(where: Path, *, before: datetime) -> list[Path]:
    """What a killed process has left in a folder beside the file that it was writing; listings leave it out."""
    return [path for path in where.rglob(HALF_WRITTEN) if lies_since(path, before)]


def lies_since(path: Path, before: datetime) -> bool:
    """Not a file whose writer has just given it its name."""
    with suppress(FileNotFoundError):
        told = path.stat()
        return stat.S_ISREG(told.st_mode) and told.st_mtime < before.timestamp()
    return False


async def bring_back(lying: Lying) -> None:
    """To where it lay; the same content may lie there already, and another sweep may have brought it."""
    if hash := lying.hash:
        with suppress(FileNotFoundError):
            async with speaking():
                await obstore.rename_async(store(), lying.path, place(hash))


async def delete(lying: Lying) -> None:
    """For good."""
    with suppress(FileNotFoundError):
        async with speaking():
            await obstore.delete_async(store(), lying.path)
