"""What no row speaks of goes from the store, in a folder and on S3, and nothing that a row speaks of ever does."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import obstore
import pytest
from tests.people import Town

from domain import attaching
from domain.events import as_json
from domain.model import Attachment
from workers import moment, shelf, storage
from workers.orphans import BROUGHT_BACK, DELETED, FRESH, HALVES, KEPT, PIECES, SET_ASIDE, STRANGE, sweep
from workers.pieces import INCOMING
from workers.store import folder, store

pytestmark = pytest.mark.usefixtures("database", "either_store")
LATER = 2 * FRESH


async def spoken(content: bytes, **sizes: str) -> str:
    """A file and its row."""
    return await row(await unspoken(content), **sizes)


async def row(hash: str, **sizes: str) -> str:
    told: dict[str, Any] = {"name": "a.jpg", "content_hash": hash, "kind": "jpeg", "size": 1, "by": None}
    file = await attaching.receive(id=uuid4(), key=uuid4(), at=moment.now(), **told)
    await Attachment.update({Attachment.sizes: as_json(sizes)}).where(Attachment.id == file.id)
    return hash


async def unspoken(content: bytes) -> str:
    return (await storage.keep(content)).hash


async def there(hash: str) -> bool:
    return await storage.written_at(hash) is not None


async def test_only_what_no_row_speaks_of_goes_and_only_when_it_has_lain_a_day(town: Town) -> None:
    large = await unspoken(b"a prepared size")
    original, alone = await spoken(b"an original", large=large), await unspoken(b"nobody's")
    await obstore.put_async(store(), "ab/somebody-else", b"not ours")

    soon = await sweep(at=moment.now())
    late = await sweep(at=moment.now() + LATER)

    assert soon == {KEPT: 3, STRANGE: 1}
    assert late == {KEPT: 2, SET_ASIDE: 1, STRANGE: 1}
    assert [await there(hash) for hash in (original, large, alone)] == [True, True, False]


async def test_what_was_set_aside_is_deleted_a_day_after_or_brought_back_if_a_row_came(town: Town) -> None:
    gone, needed = await unspoken(b"gone"), await unspoken(b"needed after all")
    await sweep(at=moment.now() + LATER)
    await row(needed)

    at_once = await sweep(at=moment.now())
    late = await sweep(at=moment.now() + LATER)

    assert (at_once[BROUGHT_BACK], at_once[DELETED]) == (1, 0)
    assert (late[BROUGHT_BACK], late[DELETED]) == (0, 1)
    assert await storage.read(needed) == b"needed after all"
    assert not await there(gone)
    assert [page async for page in shelf.set_aside()] == []


async def test_a_file_that_is_kept_again_while_it_is_swept_is_there_at_the_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hash, forget, away = await unspoken(b"sent twice"), storage.forget, []

    async def forgotten_late(hash: str) -> None:
        # Between the last look at the file and its forgetting somebody sends the same photo again.
        await spoken(b"sent twice")
        await forget(hash)
        away.append(not await there(hash))

    monkeypatch.setattr(storage, "forget", forgotten_late)
    tally = await sweep(at=moment.now() + LATER)

    assert away == [True]
    assert tally[BROUGHT_BACK] == 1
    assert await storage.read(hash) == b"sent twice"


async def test_two_sweeps_at_once_do_what_one_would(town: Town) -> None:
    gone, needed = [await unspoken(bytes([number])) for number in range(6)], await unspoken(b"needed after all")
    await sweep(at=moment.now() + LATER)
    await row(needed)

    for _ in range(2):
        await asyncio.gather(*(sweep(at=moment.now() + LATER) for _ in range(2)))

    assert await storage.read(needed) == b"needed after all"
    assert [await there(hash) for hash in gone] == [False] * 6
    assert [page async for page in shelf.set_aside()] == []


async def test_counting_changes_nothing(town: Town) -> None:
    hash = await unspoken(b"nobody's")

    tally = await sweep(at=moment.now() + LATER, dry=True)

    assert tally == {SET_ASIDE: 1}
    assert await there(hash)


async def test_pieces_of_uploads_that_nobody_went_on_with_go_after_a_week(town: Town) -> None:
    await obstore.put_async(store(), f"{INCOMING}/{uuid4()}/0", b"a piece")

    soon, late = await sweep(at=moment.now() + timedelta(days=6)), await sweep(at=moment.now() + timedelta(days=8))

    assert (soon[PIECES], late[PIECES]) == (0, 1)
    assert [page async for page in shelf.pages(INCOMING)] == []


async def test_what_a_killed_process_has_half_written_goes_after_a_day(town: Town) -> None:
    where = folder()
    if where is None:
        return  # an object store shows nobody what is half written
    hash = await spoken(b"written again and again")
    half = where / f"{storage.place(hash)}#1"
    half.write_bytes(b"writ")

    soon, late = await sweep(at=moment.now()), await sweep(at=moment.now() + LATER)

    assert (soon[HALVES], late[HALVES]) == (0, 1)
    assert not half.exists()
    assert await there(hash)


async def test_a_page_is_all_that_is_held(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = {await unspoken(bytes([number])) for number in range(40)}
    monkeypatch.setattr(shelf, "PAGE", 3)
    monkeypatch.setattr(storage, "place", lambda hash: f"00/{hash}")
    for number in range(40):
        await storage.keep(bytes([number]))

    sizes = [len(page) async for page in shelf.pages("00")]

    assert max(sizes) <= 3
    assert sum(sizes) >= len(hashes)
