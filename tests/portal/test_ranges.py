"""Parts of a file: what a browser goes on with after a broken line, or a reader of PDF leafs through (RFC 9110)."""

import os
from dataclasses import dataclass
from typing import Any

import httpx
import obstore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import Town
from tests.portal.conftest import Browser
from tests.portal.errands import at_home, filled_in, only_message, photo, prepared

from domain.model import Attachment
from portal import ranges
from portal.door import Door
from portal.ranges import OutOfRange
from workers import storage
from workers.storage import Damaged

SIZE = 2 * storage.PIECE + 1000
CONTENT = b"%PDF-1.7 " + os.urandom(SIZE - 9)
LAST = SIZE - 1


@dataclass
class Stored:
    visitor: Browser
    place: str
    tag: str

    async def get(self, **headers: str) -> httpx.Response:
        return await self.visitor.get(
            self.place, headers={name.replace("_", "-"): each for name, each in headers.items()}
        )


@pytest.fixture
async def stored(either_store: str, portal: Door, town: Town) -> Stored:
    """A scan of two pieces and a little, which the officials of its case may save."""
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town), files=[photo("scan.pdf", CONTENT)])
    await Attachment.update({Attachment.state: "ready"}, force=True)
    (file,) = await Attachment.objects()
    marina = await at_home(portal, town.marina)
    return Stored(marina, f"/files/{file.id}/original", f'"{file.content_hash}"')


async def test_the_whole_and_its_parts_are_what_was_sent(stored: Stored) -> None:
    parts = {
        "bytes=0-0": (0, 0),
        "bytes=0-": (0, LAST),
        "bytes=100-199": (100, 199),
        f"bytes={storage.PIECE - 1}-{storage.PIECE}": (storage.PIECE - 1, storage.PIECE),
        f"bytes=10-{SIZE + 5}": (10, LAST),
        "bytes=-5": (SIZE - 5, LAST),
        f"bytes=-{SIZE + 1}": (0, LAST),
        "Bytes = 7 - 9": (7, 9),
    }

    whole = await stored.get()

    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["etag"] == stored.tag
    assert whole.headers["content-length"] == str(SIZE)
    for asked, (first, last) in parts.items():
        part = await stored.get(range=asked)
        assert (part.status_code, part.content) == (206, CONTENT[first : last + 1]), asked
        assert part.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
        assert part.headers["content-length"] == str(last + 1 - first)


async def test_what_lies_outside_is_told_and_what_is_not_understood_is_the_whole(stored: Stored) -> None:
    for outside in (f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0", "bytes=99999999999-"):
        refused = await stored.get(range=outside)
        assert (refused.status_code, refused.content) == (416, b""), outside
        assert refused.headers["content-range"] == f"bytes */{SIZE}"

    for odd in (
        "bytes=5-2",
        "bytes=-",
        "bytes=0-1,5-9",
        "lines=0-5",
        "bytes=a-b",
        "bytes=+1-2",
    ):
        assert (await stored.get(range=odd)).status_code == 200, odd


async def test_a_part_is_given_only_of_the_file_that_somebody_has_a_part_of(stored: Stored) -> None:
    conditions = {stored.tag: 206, '"another"': 200, f"W/{stored.tag}": 200, "Mon, 02 Mar 2026 10:00:00 GMT": 200}

    got = {each: (await stored.get(range="bytes=0-4", if_range=each)).status_code for each in conditions}
    same = await stored.get(range="bytes=0-4", if_none_match=f'"another", W/{stored.tag}')

    assert got == conditions
    assert (same.status_code, same.content) == (304, b"")


async def test_who_only_asks_is_told_the_size_and_reads_nothing(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(obstore, "get_range_async", None)  # whoever reads would stumble over it

    head = await stored.visitor.head(stored.place, headers={"Range": "bytes=0-4"})

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(SIZE)
    assert head.headers["accept-ranges"] == "bytes"


async def test_who_may_not_see_the_whole_gets_no_part(stored: Stored, portal: Door, town: Town) -> None:
    boris, guest = await at_home(portal, town.boris), Browser(portal)

    for headers in ({"Range": "bytes=0-4"}, {"If-None-Match": stored.tag}):
        assert (await boris.get(stored.place, headers=headers)).status_code == 404
        assert (await guest.get(stored.place, headers=headers)).status_code == 303


async def test_prepared_photos_have_parts_on_every_door(portal: Door, browser: Browser, town: Town) -> None:
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town), files=[photo()])
    message = await only_message()
    (file,) = await prepared(message)
    place = f"/files/{file.id}/large"

    whole, part = await anna.get(place), await anna.get(place, headers={"Range": "bytes=4-9"})

    assert (part.status_code, part.content) == (206, whole.content[4:10])
    assert whole.headers["cache-control"] == part.headers["cache-control"] == "private, no-cache"
    assert whole.headers["etag"] == part.headers["etag"]


async def test_a_file_that_is_not_in_the_store_is_not_there_and_is_written_down(
    stored: Stored, caplog: pytest.LogCaptureFixture
) -> None:
    await storage.forget(stored.tag.strip('"'))

    answer = await stored.get()

    assert answer.status_code == 404
    assert stored.tag.strip('"') in caplog.text


async def test_a_download_of_a_damaged_file_breaks_and_is_never_taken_for_whole(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bit flips between the disk and the reader: the last piece never comes, so fewer bytes than were announced."""
    read, got = obstore.get_range_async, []

    async def flipped(*of: Any, start: int, **until: Any) -> bytes:
        piece = bytes(await read(*of, start=start, **until))
        return piece if start else bytes([piece[0] ^ 1]) + piece[1:]

    monkeypatch.setattr(obstore, "get_range_async", flipped)
    with pytest.raises(Damaged):
        async for piece in storage.stream(stored.tag.strip('"')):
            got.append(piece)
    with pytest.raises(Exception, match="after response started"):
        await stored.get()

    assert sum(map(len, got)) == 2 * storage.PIECE < SIZE


PLACES = st.one_of(st.just(""), st.integers(0, 50).map(str))


@given(st.binary(max_size=40), PLACES, PLACES)
def test_a_part_is_a_slice_whatever_is_asked(content: bytes, first: str, last: str) -> None:
    size = len(content)
    try:
        span = ranges.asked(f"bytes={first}-{last}", size)
    except OutOfRange:
        assert int(first) >= size if first else 0 in (size, int(last))
        return

    if span is None:
        assert not first + last or (first and last and int(last) < int(first))
        return
    expected = content[int(first) : int(last) + 1 if last else None] if first else content[-int(last) :]
    assert content[span.start : span.end] == expected
    assert 0 <= span.start < span.end <= size
