"""The one door for files: each lies under the SHA-256 of its content, in a folder of the town or in an object store."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.store import ObjectStore, from_url

# Above this an upload waits on the disk for its name, which is known only when its last byte has come.
IN_MEMORY = 2**17
CHUNK = 2**18
# A large file goes on in parts (S3 wants five megabytes of each), one of them at a time, and no more files at once than
# this: a part is held in memory until it is written, and forty people may be sending.
PART, PARTS_AT_ONCE = 5 * 2**20, 1
ROOM = asyncio.Semaphore(2)
INCOMING = "incoming"

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
    async with ROOM:
        await obstore.put_async(store(), path, file, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)
    if folder := local_folder(os.environ["STORAGE_URL"]):
        await asyncio.to_thread(flush, folder / path)


async def read(hash: str) -> bytes:
    """The whole file; FileNotFoundError when there is none."""
    found = await obstore.get_async(store(), place(hash))
    return bytes(await found.bytes_async())


async def stream(hash: str) -> AsyncIterator[bytes]:
    """The file piece by piece, for one that is too large to hold; FileNotFoundError before the first piece."""
    found = await obstore.get_async(store(), place(hash))
    async for chunk in found.stream(min_chunk_size=CHUNK):
        yield bytes(chunk)


async def written_at(hash: str) -> datetime | None:
    """When the file was last kept; None when there is none."""
    try:
        return (await obstore.head_async(store(), place(hash)))["last_modified"]
    except FileNotFoundError:
        return None


async def forget(hash: str) -> None:
    """Delete the file; one that is gone already is forgotten as well."""
    try:
        await obstore.delete_async(store(), place(hash))
    except FileNotFoundError:
        return


async def lay(upload: UUID, piece: str, file: IO[bytes]) -> None:
    """Keep a piece of a file that is still coming, durably: its sender will not send it again."""
    await write(f"{INCOMING}/{upload}/{piece}", file)


async def laid(upload: UUID, pieces: Iterable[str]) -> AsyncIterator[bytes]:
    """The pieces one after another; FileNotFoundError when they have been cleared away meanwhile."""
    for piece in pieces:
        found = await obstore.get_async(store(), f"{INCOMING}/{upload}/{piece}")
        async for chunk in found.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)


async def clear(upload: UUID, piece: str = "") -> None:
    """One piece, or all of a file, those included of which no row speaks because a process died over them."""
    here = f"{INCOMING}/{upload}"
    found = [f"{here}/{piece}"] if piece else await _under(here)
    if found:
        with suppress(FileNotFoundError):
            await obstore.delete_async(store(), found)
    if folder := local_folder(os.environ["STORAGE_URL"]):
        with suppress(OSError):  # another piece lies there, or has been laid just now
            await asyncio.to_thread((folder / here).rmdir)


async def _under(prefix: str) -> list[str]:
    return [each["path"] async for batch in obstore.list(store(), prefix) for each in batch]


def kind_of(head: bytes) -> str | None:
    """What the first bytes (SIGNATURE_BYTES of them) say the file is; None for all that the portal does not take."""
    phones = "heic" if head[4:8] == b"ftyp" and head[8:12] in BRANDS else None
    return next((kind for mark, kind in SIGNATURES.items() if head.startswith(mark)), phones)


def place(hash: str) -> str:
    return f"{hash[:2]}/{hash}"


def store() -> ObjectStore:
    return opened(os.environ["STORAGE_URL"])


@cache
def opened(url: str) -> ObjectStore:
    options: dict[str, Any] = {"mkdir": True} if local_folder(url) else {}
    return from_url(url, **options)


def local_folder(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


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
