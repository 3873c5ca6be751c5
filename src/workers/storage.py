"""The one door for files: each lies under the SHA-256 of its content, in a folder of the town or in an object store.

What is forgotten is set aside for a day, so that a file is never lost to whoever kept it again at the same moment.
"""

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

import obstore

from workers import moment
from workers.store import ANSWER_SECONDS, StoreRefuses, folder, speaking, store

# Above this an upload waits on the disk for its name, which is known only when its last byte has come.
IN_MEMORY = 2**17
# So much of a file is in memory while it goes out; each piece is asked for when the one before it has gone, so that
# a slow reader keeps no connection to the store waiting.
PIECE = 2**20
# A piece of a file that comes in: an object store takes no smaller ones, a folder does.
PART = 5 * 2**20
PART_OF_A_FOLDER = 2**18
ROOM = asyncio.Semaphore(8)  # files on their way into the store at once, so that their parts fit into memory
SET_ASIDE = "swept"

# What a file is, its first bytes say; the name that it came with says nothing.
SIGNATURES = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"II+\x00": "tiff",  # with longer offsets
    b"MM\x00+": "tiff",
    b"%PDF-": "pdf",
}
# A photo of a phone says it after the length of its first box.
BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
SIGNATURE_BYTES = 12


@dataclass(frozen=True)
class Kept:
    """A stored file: the name of its content, and its size in bytes."""

    hash: str
    size: int


class Damaged(OSError):
    """What lies under this name is not what was kept: it was cut, overwritten or spoiled."""


async def keep(content: bytes | AsyncIterable[bytes]) -> Kept:
    """Store a file, durably when this returns. The same content is the same file, however often it comes."""
    with SpooledTemporaryFile(IN_MEMORY) as file:
        digest = hashlib.sha256()
        async for chunk in chunks(content):
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
        kept = Kept(digest.hexdigest(), file.tell())
        file.seek(0)
        await put(kept.hash, file)
    return kept


async def chunks(content: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    async for chunk in content:
        yield chunk


async def put(hash: str, file: IO[bytes]) -> None:
    """Written anew even when it is there: the sweep of orphans then sees that the file is fresh."""
    await write(place(hash), file)


async def write(path: str, file: IO[bytes]) -> None:
    """Durably when this returns; of whatever fails before, nothing is left."""
    where = folder()
    part = PART if where is None else PART_OF_A_FOLDER
    async with ROOM, speaking():
        await obstore.put_async(store(), path, file, chunk_size=part, max_concurrency=1)
    if where is not None:
        await asyncio.to_thread(flush, where / path)


async def read(hash: str) -> bytes:
    """The whole file; FileNotFoundError when there is none, Damaged when it is not what was kept."""
    return b"".join([piece async for piece in stream(hash)])


async def stream(hash: str) -> AsyncIterator[bytes]:
    """The file piece by piece, for one that is too large to hold; FileNotFoundError before the first piece."""
    async for piece in checked(hash, span(hash, 0, await size_of(hash))):
        yield piece


async def checked(hash: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The whole of a file, its sum counted on the way.

    The last piece of a damaged one is held back, so that nobody takes it for whole.
    """
    digest = hashlib.sha256()
    held = b""
    async for piece in pieces:
        if held:
            yield held
        digest.update(piece)
        held = piece
    if digest.hexdigest() != hash:
        raise Damaged(errno.EIO, f"the file {hash} is not what was kept")
    yield held


async def span(hash: str, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes from `start` up to and without `end`, which lie within the file."""
    for at in range(start, end, PIECE):
        async with speaking():
            piece = await obstore.get_range_async(store(), place(hash), start=at, end=min(at + PIECE, end))
        yield bytes(piece)


async def size_of(hash: str) -> int:
    """In bytes; FileNotFoundError when there is no such file."""
    async with speaking(ANSWER_SECONDS):
        return (await obstore.head_async(store(), place(hash)))["size"]


async def written_at(hash: str) -> datetime | None:
    """When the file was last kept; None when there is none."""
    try:
        async with speaking(ANSWER_SECONDS):
            return (await obstore.head_async(store(), place(hash)))["last_modified"]
    except FileNotFoundError:
        return None


async def forget(hash: str) -> None:
    """Set the file aside, for the sweep to delete or to bring back; one that is gone already is forgotten as well."""
    aside = f"{SET_ASIDE}/{moment.now():%Y-%m-%d}/{hash}"
    try:
        async with speaking():
            await obstore.rename_async(store(), place(hash), aside)
    except FileNotFoundError:
        return


async def look() -> None:
    """Raise StoreAway unless the store answers and knows us: it is asked for what is never there."""
    try:
        async with speaking(ANSWER_SECONDS):
            await obstore.get_async(store(), "nothing")
    except FileNotFoundError:
        where = folder()
        if where is not None and not os.access(where, os.R_OK | os.W_OK | os.X_OK):
            raise StoreRefuses(errno.EACCES, f"{where} is not there, or may not be written to") from None


def kind_of(head: bytes) -> str | None:
    """What the first bytes (SIGNATURE_BYTES of them) say the file is; None for all that the portal does not take."""
    phones = "heic" if head[4:8] == b"ftyp" and head[8:12] in BRANDS else None
    return next((kind for mark, kind in SIGNATURES.items() if head.startswith(mark)), phones)


def place(hash: str) -> str:
    return f"{hash[:2]}/{hash}"


def flush(file: Path) -> None:
    """The local store renames a finished file into its place but leaves it to the system when it reaches the disk.

    After a loss of power there could be a name without content, while the database already speaks of the file.
    """
    for path in (file, file.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
