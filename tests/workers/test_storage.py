"""Files are kept under their content, through the real local store."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from workers import storage


async def in_pieces(content: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def files_under(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_kept_under_the_hash_of_its_content(storage_url: str) -> None:
    kept = await storage.keep(b"a photo")

    assert kept == storage.Kept(hashlib.sha256(b"a photo").hexdigest(), 7)
    assert files_under(Path(urlsplit(storage_url).path)) == [f"{kept.hash[:2]}/{kept.hash}"]
    assert await storage.read(kept.hash) == b"a photo"


async def test_the_same_content_is_kept_once_however_it_comes(storage_url: str) -> None:
    content = bytes(range(256)) * 30_000  # larger than one part of a multipart upload

    whole = await storage.keep(content)
    piecewise = await storage.keep(in_pieces(content))

    assert whole == piecewise
    assert b"".join([chunk async for chunk in storage.stream(whole.hash)]) == content


async def test_a_file_that_is_not_there_says_so_and_is_forgotten_without_complaint(storage_url: str) -> None:
    absent = "0" * 64

    with pytest.raises(FileNotFoundError):
        await storage.read(absent)
    await storage.forget(absent)

    assert await storage.written_at(absent) is None


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
