"""The sums of the files are counted through once a month; what is damaged or missing is told once, with its case."""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.people import MONDAY, Town
from tests.s3 import Wire
from tests.stories import registered
from tests.workers.test_orphans import row, spoken, unspoken

from domain.model import Attachment, FileCheck, FileFault, Sitting
from workers import checking, storage
from workers.checking import NIGHTS, Checked, check_a_slice, check_all
from workers.spoken_of import Named

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


@pytest.fixture
def spoil(storage_url: str) -> Callable[[str], None]:
    """One bit of a file flips on the disk."""

    def flip(hash: str) -> None:
        path = Path(urlsplit(storage_url).path) / storage.place(hash)
        content = path.read_bytes()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])

    return flip


async def found() -> dict[str, tuple[str, str | None]]:
    rows = await FileFault.select()
    return {row["hash"]: (row["kind"], row["belongs_to"]) for row in rows}


async def nights(count: int) -> None:
    for night in range(count):
        await check_a_slice(at=MONDAY + night * DAY)


async def test_what_is_damaged_or_missing_is_found_with_its_case(
    town: Town, spoil: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    message = await registered(town)
    size, lost = await unspoken(b"a prepared size"), await unspoken(b"lost")
    hashes = [await spoken(b"sound"), await spoken(b"original", large=size), await row(lost)]
    await Attachment.update({"message": message.id}, force=True)
    spoil(size)
    await storage.forget(lost)

    await nights(NIGHTS + 1)

    assert await found() == {size: ("damaged", message.number), lost: ("missing", message.number)}
    assert len(hashes) == 3
    assert caplog.text.count("otklik storage check") <= 2  # one a night on which something new was found


async def test_a_file_that_is_sound_again_is_no_fault_any_more(town: Town, spoil: Callable[[str], None]) -> None:
    hash = await spoken(b"spoiled and brought back from the copy")
    spoil(hash)
    await nights(2)
    before = await found()

    await storage.keep(b"spoiled and brought back from the copy")
    await nights(2)

    assert list(before) == [hash]
    assert await found() == {}


async def test_a_damaged_file_that_no_row_speaks_of_any_more_is_no_fault(
    town: Town, spoil: Callable[[str], None]
) -> None:
    hash = await spoken(b"dropped later")
    spoil(hash)
    await nights(NIGHTS + 1)
    before = await found()
    await Attachment.delete().where(Attachment.content_hash == hash)

    await nights(NIGHTS + 1)

    assert (set(before), await found()) == ({hash}, {})


async def test_each_night_reads_a_part_and_a_month_the_whole(town: Town, storage_url: str) -> None:
    hashes = [await spoken(bytes([number])) for number in range(2 * NIGHTS)]
    read: list[str] = []

    async def reading(files: list[Named]) -> list[Checked]:
        read.extend(file.hash for file in files)
        return []

    nightly: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "check_each", reading)
        for night in range(NIGHTS):
            if not await FileCheck.exists().where(FileCheck.ended_at.is_not_null()):
                await check_a_slice(at=MONDAY + night * DAY)
                nightly.append(len(read) - sum(nightly))

    assert sorted(read) == sorted(hashes)
    assert max(nightly) == 3


async def test_a_night_without_the_store_is_gone_on_from_where_it_broke(town: Town, wire: Wire) -> None:
    hash = await spoken(b"sound")

    wire.cut = True
    await check_a_slice(at=MONDAY)
    (broken,) = await FileCheck.select()
    wire.cut = False
    await check_a_slice(at=MONDAY + DAY)
    (after,) = await FileCheck.select()

    assert (broken["after"], await found()) == (None, {})
    assert after["after"] is not None
    assert hash


async def test_a_protocol_is_read_as_well(town: Town, storage_url: str) -> None:
    hash = await unspoken(b"%PDF a protocol")
    who: dict[str, Any] = {"called_by": town.vera.id, "changed_by": town.vera.id}
    when: dict[str, Any] = {"held_on": MONDAY.date(), "called_at": MONDAY, "changed_at": MONDAY, "closed_at": MONDAY}
    await Sitting.insert(Sitting(number=7, state="closed", protocol=hash, **who, **when))
    await storage.forget(hash)

    (checked,) = [each for some in [some async for some in check_all()] for each in some]

    assert (checked.kind, checked.file.case) == ("missing", "sitting 7")


async def said(*words: str) -> tuple[int | None, str]:
    """The command as an operator calls it, in a process of its own."""
    otklik = Path(sys.executable).parent / "otklik"
    process = await asyncio.create_subprocess_exec(otklik, "storage", *words, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def test_an_operator_is_told_what_is_wrong_and_a_program_by_its_exit_code(
    town: Town, spoil: Callable[[str], None]
) -> None:
    hashes = [await spoken(b"sound"), await spoken(b"spoiled"), await unspoken(b"nobody's")]
    sound, swept = await said("check"), await said("sweep", "--dry-run")
    spoil(hashes[1])
    wrong, told = await said("check"), await said("check", "--json")

    assert sound == (0, "Прочитано файлов: 2, повреждено: 0, пропало: 0.\n")
    assert swept == (0, "на месте: 3\n")
    assert wrong == (1, f"повреждён  {hashes[1]}  —\nПрочитано файлов: 2, повреждено: 1, пропало: 0.\n")
    assert (told[0], json.loads(told[1])) == (
        1,
        {"checked": 2, "damaged": [{"hash": hashes[1], "case": None}], "missing": []},
    )
