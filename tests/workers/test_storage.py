"""Files are kept under their content: the same in a folder of this machine and on a real S3 server."""

import asyncio
import errno
import hashlib
import os
import resource
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.s3 import Rclone, Wire

from workers import storage
from workers.storage import Damaged
from workers.store import StoreAway, StoreRefuses, full

either = pytest.mark.usefixtures("either_store")
ABSENT = "0" * 64


async def in_pieces(content: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def streamed(hash: str) -> list[bytes]:
    return [piece async for piece in storage.stream(hash)]


def files_under(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_kept_under_the_hash_of_its_content(storage_url: str) -> None:
    kept = await storage.keep(b"a photo")

    assert kept == storage.Kept(hashlib.sha256(b"a photo").hexdigest(), 7)
    assert files_under(Path(urlsplit(storage_url).path)) == [f"{kept.hash[:2]}/{kept.hash}"]
    assert await storage.read(kept.hash) == b"a photo"


@either
async def test_the_same_content_is_kept_once_however_it_comes() -> None:
    content = os.urandom(11 * 2**20)  # three parts of a multipart upload

    whole = await storage.keep(content)
    piecewise = await storage.keep(in_pieces(content))
    pieces = await streamed(whole.hash)

    assert whole == piecewise
    assert b"".join(pieces) == content
    assert {len(piece) for piece in pieces} == {storage.PIECE}
    assert await storage.size_of(whole.hash) == len(content)


@either
async def test_a_part_is_read_without_the_rest() -> None:
    content = os.urandom(3 * storage.PIECE)
    kept = await storage.keep(content)

    for start, end in ((0, 1), (5, 5), (storage.PIECE - 1, storage.PIECE + 1), (7, len(content)), (0, len(content))):
        assert b"".join([piece async for piece in storage.span(kept.hash, start, end)]) == content[start:end]


@either
async def test_nothing_at_all_is_a_file_too() -> None:
    kept = await storage.keep(b"")

    assert await storage.read(kept.hash) == b""


@either
async def test_a_file_that_is_not_there_says_so_and_is_forgotten_without_complaint() -> None:
    for ask in (storage.read, storage.size_of):
        with pytest.raises(FileNotFoundError):
            await ask(ABSENT)
    await storage.forget(ABSENT)

    assert await storage.written_at(ABSENT) is None


@either
async def test_a_forgotten_file_is_gone_and_may_come_again() -> None:
    kept = await storage.keep(b"gone and come")

    await storage.forget(kept.hash)
    gone = await storage.written_at(kept.hash)
    await storage.keep(b"gone and come")

    assert gone is None
    assert await storage.read(kept.hash) == b"gone and come"


@either
async def test_many_at_once_are_each_kept_whole() -> None:
    contents = [os.urandom(200_000) for _ in range(8)] + [b"the same"] * 8

    kept = await asyncio.gather(*(storage.keep(in_pieces(content, 50_000)) for content in contents))
    read = await asyncio.gather(*(storage.read(each.hash) for each in kept))

    assert list(read) == contents


@pytest.mark.parametrize("spoiled", [b"spoilt", b"spoil", b""])
async def test_a_damaged_file_is_never_taken_for_whole(storage_url: str, spoiled: bytes) -> None:
    kept = await storage.keep(b"spoiled")
    (Path(urlsplit(storage_url).path) / storage.place(kept.hash)).write_bytes(spoiled)

    with pytest.raises(Damaged):
        await storage.read(kept.hash)
    given = []
    with pytest.raises(Damaged):
        async for piece in storage.stream(kept.hash):
            given.append(piece)

    assert given == []


async def test_a_store_that_is_away_says_so_soon_and_is_found_again(wire: Wire) -> None:
    kept = await storage.keep(b"kept before")

    for wire.cut, wire.says in ((True, None), (False, 503), (False, 500)):
        for ask in (storage.read(kept.hash), storage.keep(b"more"), storage.look(), storage.forget(kept.hash)):
            async with asyncio.timeout(3):
                with pytest.raises(StoreAway):
                    await ask
    wire.says = None

    assert await storage.read(kept.hash) == b"kept before"
    assert await storage.written_at(hashlib.sha256(b"more").hexdigest()) is None


async def test_a_slow_store_is_waited_for_no_longer_than_somebody_waits(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "ANSWER_SECONDS", 0.2)
    wire.slow = 1

    with pytest.raises(StoreAway, match=r"0\.2 seconds"):
        await storage.size_of(ABSENT)


async def test_wrong_keys_and_a_bucket_that_is_not_there_are_told_from_a_store_that_is_away(
    wire: Wire, rclone: Rclone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await storage.look()

    for url in (rclone.url(wire.port, "x", secret="wrong"), rclone.url(wire.port, "x", bucket="another")):
        monkeypatch.setenv("STORAGE_URL", url)
        with pytest.raises(StoreRefuses) as told:
            await storage.look()
        assert rclone.secret not in str(told.value)


async def test_a_full_store_leaves_no_half_file(storage_url: str) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OSError, match="File too large") as small:
            await storage.keep(os.urandom(storage.IN_MEMORY))
        with pytest.raises(OSError, match="File too large") as large:
            await storage.keep(in_pieces(os.urandom(3 * storage.IN_MEMORY)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (small.value.errno, large.value.errno) == (errno.EFBIG, errno.EFBIG)
    assert full(small.value)
    assert files_under(Path(urlsplit(storage_url).path)) == []


async def test_a_folder_that_cannot_be_written_to_refuses(storage_url: str) -> None:
    hash = hashlib.sha256(b"anything").hexdigest()
    (Path(urlsplit(storage_url).path) / hash[:2]).write_bytes(b"")  # a file where a folder has to be

    with pytest.raises(StoreAway):
        await storage.keep(b"anything")


@pytest.mark.rule("R13")
def test_the_first_bytes_say_what_a_file_is_and_its_name_says_nothing() -> None:
    heads = {
        b"\xff\xd8\xff\xe0\x00\x10JFIF": "jpeg",
        b"\x89PNG\r\n\x1a\n\x00\x00": "png",
        b"II*\x00\x08\x00": "tiff",
        b"MM\x00*\x00\x00": "tiff",
        b"II+\x00\x08\x00": "tiff",
        b"%PDF-1.7": "pdf",
        b"\x00\x00\x00\x18ftypheic": "heic",
        b"\x00\x00\x00\x1cftypmif1": "heic",
        b"\x00\x00\x00\x1cftypavif": None,
        b"\x00\x00\x00\x18ftypisom": None,
        b"GIF89a": None,
        b"<svg xmlns": None,
        b"PK\x03\x04": None,
        b"\xff\xd8": None,
        b"": None,
    }

    assert {head: storage.kind_of(head) for head in heads} == heads
