"""Pieces of files that are still coming (§4.1): they lie in the store until the whole is there, in whatever process."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import IO
from uuid import UUID

import obstore

from workers.storage import write
from workers.store import folder, speaking, store

INCOMING = "incoming"
CHUNK = 2**18  # of many files that are made whole at once little is in memory


async def lay(upload: UUID, piece: str, file: IO[bytes]) -> None:
    """Keep a piece, durably: its sender will not send it again."""
    await write(f"{INCOMING}/{upload}/{piece}", file)


async def laid(upload: UUID, pieces: Iterable[str]) -> AsyncIterator[bytes]:
    """The pieces one after another; FileNotFoundError when they have been cleared away meanwhile."""
    for piece in pieces:
        async with speaking():
            found = await obstore.get_async(store(), f"{INCOMING}/{upload}/{piece}")
            async for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)


async def clear(upload: UUID, piece: str = "") -> None:
    """One piece, or all of a file, those included of which no row speaks because a process died over them."""
    here = f"{INCOMING}/{upload}"
    found = [f"{here}/{piece}"] if piece else await _under(here)
    if found:
        with suppress(FileNotFoundError):
            async with speaking():
                await obstore.delete_async(store(), found)
    where = folder()
    if where is not None:
        with suppress(OSError):  # another piece lies there, or has been laid just now
            await asyncio.to_thread((where / here).rmdir)


async def _under(prefix: str) -> list[str]:
    async with speaking():
        return [each["path"] async for batch in obstore.list(store(), prefix) for each in batch]
