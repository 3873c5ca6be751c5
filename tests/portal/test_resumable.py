"""Files that come over lines that break (R03, R13): the tus protocol, and who may go on with what."""

import asyncio
import base64
import re
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import PHOTO, at_home, filled_in, location, only_message

from domain.model import Attachment, Setting, Upload
from portal import incoming, limits
from portal.door import Door
from workers import pieces, storage, sweeping

LARGE = PHOTO + b"x" * 3_000_000
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
async def anna(portal: Door, town: Town) -> Browser:
    return await at_home(portal, town.anna)


def encoded(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


async def asked_for(who: Browser, size: int, key: UUID | None = None, name: str = "hole.jpg") -> httpx.Response:
    about = f"filename {encoded(name)},key {encoded(str(key or uuid4()))}"
    return await who.post("/uploads", headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": about})


async def begun(who: Browser, size: int = len(LARGE), key: UUID | None = None, name: str = "hole.jpg") -> str:
    answer = await asked_for(who, size, key, name)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def sent(who: Browser, place: str, content: Any, offset: int = 0, **headers: str) -> httpx.Response:
    return await who.patch(place, content=content, headers={**PIECE, "Upload-Offset": str(offset), **headers})


async def whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def how_far(who: Browser, place: str) -> int:
    answer = await who.head(place, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


async def attached(who: Browser, place: str) -> UUID:
    found = re.search(r'name="uploads" value="([^"]+)"', (await who.get(place)).text)
    assert found
    return UUID(found[1])


def pieces_of(storage_url: str) -> list[str]:
    folder = Path(urlsplit(storage_url).path) / pieces.INCOMING
    return [path.name for path in folder.rglob("*")]


@pytest.mark.rule("R03", "R13")
async def test_a_file_comes_in_pieces_and_goes_with_its_form(anna: Browser, town: Town, storage_url: str) -> None:
    form = filled_in(town)
    place = await begun(anna, key=UUID(form["key"]))

    first = await sent(anna, place, LARGE[:1_500_000])
    second = await sent(anna, place, LARGE[1_500_000:], 1_500_000)

    assert (first.status_code, first.headers["upload-offset"]) == (204, "1500000")
    assert (second.status_code, second.headers["upload-offset"]) == (204, str(len(LARGE)))
    assert pieces_of(storage_url) == []
    id = await attached(anna, place)
    assert location(await anna.post("/messages", data={**form, "uploads": str(id)}))
    (file,) = await Attachment.objects().where(Attachment.message == (await only_message()).id)
    assert (file.name, file.kind, file.size, file.uploaded_by) == ("hole.jpg", "jpeg", len(LARGE), town.anna.id)
    assert await storage.read(file.content_hash) == LARGE


async def test_a_small_file_comes_with_its_beginning(anna: Browser) -> None:
    about = f"filename {encoded('яма.jpg')},key {encoded(str(uuid4()))}"
    headers = {**PIECE, "Upload-Length": str(len(PHOTO)), "Upload-Metadata": about}

    answer = await anna.post("/uploads", content=PHOTO, headers=headers)

    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(PHOTO)))
    assert "яма.jpg" in (await anna.get(answer.headers["location"])).text


async def test_the_portal_says_what_it_speaks(anna: Browser) -> None:
    answer = await anna.options("/uploads")

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,creation-with-upload,expiration,termination"
    assert answer.headers["tus-max-size"] == str(50 * 2**20)


async def test_what_came_before_the_line_broke_is_kept(anna: Browser) -> None:
    place = await begun(anna)

    await hang_up(anna, place, LARGE[:1_200_000])

    assert await how_far(anna, place) == 1_200_000
    answer = await sent(anna, place, LARGE[1_200_000:], 1_200_000)
    assert answer.headers["upload-offset"] == str(len(LARGE))
    (file,) = await Attachment.objects()
    assert await storage.read(file.content_hash) == LARGE


async def hang_up(who: Browser, place: str, content: bytes) -> None:
    """As a server tells of a phone that went into a tunnel: httpx cannot hang up in the middle by itself."""
    transport: Any = who._transport
    cookies = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    given = {**PIECE, "Upload-Offset": "0", "Cookie": cookies, "X-CSRF-Token": who.headers.get("X-CSRF-Token", "")}
    headers = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    scope: dict[str, Any] = {"type": "http", "method": "PATCH", "path": place, "scheme": "http"}
    scope.update(headers=headers, query_string=b"")
    chunks = [content[at : at + 50_000] for at in range(0, len(content), 50_000)]
    events: list[dict[str, Any]] = [{"type": "http.request", "body": each, "more_body": True} for each in chunks]
    events.append({"type": "http.disconnect"})

    async def receive() -> Any:
        return events.pop(0)

    async def send(_: Any) -> None:
        return None

    await transport.app(scope, receive, send)


@pytest.mark.parametrize("offset", [0, 999_999, 1_000_001, 3_000_000])
async def test_from_another_place_nothing_is_taken(anna: Browser, offset: int) -> None:
    place = await begun(anna)
    await sent(anna, place, LARGE[:1_000_000])

    answer = await sent(anna, place, b"x" * 100, offset)

    assert answer.status_code == 409
    assert await how_far(anna, place) == 1_000_000


async def test_of_two_who_go_on_at_once_one_is_told_so(anna: Browser, storage_url: str) -> None:
    place = await begun(anna)
    started = asyncio.Barrier(2)

    async def slowly(content: bytes) -> AsyncIterator[bytes]:
        await started.wait()
        yield content

    answers = await asyncio.gather(*(sent(anna, place, slowly(LARGE[:2_000_000])) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert await how_far(anna, place) == 2_000_000
    await sent(anna, place, LARGE[2_000_000:], 2_000_000)
    (file,) = await Attachment.objects()
    assert await storage.read(file.content_hash) == LARGE


async def test_whole_is_whole_once(anna: Browser) -> None:
    place = await begun(anna, len(PHOTO))
    await sent(anna, place, PHOTO)

    again = await sent(anna, place, b"", len(PHOTO))
    more = await sent(anna, place, b"more", len(PHOTO))

    assert (again.status_code, more.status_code) == (204, 413)
    assert await Attachment.count() == 1


async def test_a_process_that_died_over_the_last_piece_is_made_good_for_once(anna: Browser) -> None:
    place = await begun(anna, len(PHOTO))
    upload: Any = await Upload.objects().first()
    await incoming.append(upload, whole(PHOTO), at=MONDAY)

    await asyncio.gather(*(anna.get(place) for _ in range(3)))

    assert await Attachment.count() == 1
    assert await attached(anna, place) == (await Attachment.objects().first()).id


@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "DELETE", "form"])
async def test_what_another_has_begun_is_not_there(portal: Door, anna: Browser, town: Town, method: str) -> None:
    place = await begun(anna)
    headers = {**PIECE, "Upload-Offset": "0"}

    for stranger in (await at_home(portal, town.boris), await at_home(portal, town.marina), Browser(portal)):
        if method == "form":
            answer = await stranger.post(f"{place}/form", data={"key": str(uuid4())})
        else:
            answer = await stranger.request(method, place, headers=headers)

        assert answer.status_code == 404
    assert await how_far(anna, place) == 0


async def test_a_page_of_elsewhere_sends_nothing(anna: Browser) -> None:
    place = await begun(anna)
    anna.headers["X-CSRF-Token"] = "made up"

    assert (await asked_for(anna, 10)).status_code == 403
    assert (await sent(anna, place, LARGE)).status_code == 403
    assert (await anna.delete(place, headers=TUS)).status_code == 403


@pytest.mark.rule("R13")
async def test_a_file_over_the_limit_is_refused_before_it_comes(anna: Browser) -> None:
    answer = await asked_for(anna, 50 * 2**20 + 1)

    assert answer.status_code == 413
    assert answer.text == "Файл слишком большой."
    assert await Upload.count() == 0


@pytest.mark.rule("R13")
async def test_the_limit_is_the_setting(anna: Browser, town: Town) -> None:
    await Setting.update({Setting.files_bytes: 1000}, force=True)

    assert (await asked_for(anna, 1001)).status_code == 413
    assert (await asked_for(anna, 1000)).status_code == 201


async def test_more_than_was_declared_is_not_taken(anna: Browser) -> None:
    place = await begun(anna, 1000)

    answer = await sent(anna, place, PHOTO[:600] + b"x" * 500)

    assert answer.status_code == 413
    assert await how_far(anna, place) <= 1000
    assert await Attachment.count() == 0


async def test_an_empty_file_is_refused_in_words(anna: Browser) -> None:
    answer = await asked_for(anna, 0)

    assert (answer.status_code, answer.text) == (422, "Файл пустой.")


@pytest.mark.parametrize("name", [b"\0", b"\xff\xfe", "\u202egpj.exe".encode(), b"../../" + b"a" * 4096])
async def test_a_name_that_nobody_would_give_costs_nobody_their_file(anna: Browser, name: bytes) -> None:
    about = f"filename {base64.b64encode(name).decode()},key {encoded(str(uuid4()))}"
    whole = {**PIECE, "Upload-Length": str(len(PHOTO)), "Upload-Metadata": about}

    assert (await anna.post("/uploads", headers=whole, content=PHOTO)).status_code == 201

    (file,) = await Attachment.objects()
    assert file.name.isprintable()
    assert 0 < len(file.name) <= 200


@pytest.mark.rule("R13")
async def test_a_film_is_refused_by_its_first_piece(anna: Browser, storage_url: str) -> None:
    place = await begun(anna, 40_000_000, name="film.jpg")

    answer = await sent(anna, place, b"\x00\x00\x00\x18ftypmp42" + b"x" * 3_000_000)

    assert answer.status_code == 422
    assert "JPEG" in answer.text
    assert pieces_of(storage_url) == []
    row = (await anna.get(place)).text
    assert "JPEG" in words(row)
    assert 'name="uploads"' not in row
    assert (await sent(anna, place, b"more", (await Upload.objects().first()).received)).status_code == 422


async def test_a_kind_is_known_even_if_its_first_bytes_come_one_by_one(anna: Browser) -> None:
    place = await begun(anna, 20)

    for offset in range(0, 20, 5):
        answer = await sent(anna, place, b"GIF89a plays for ever"[offset : offset + 5], offset)

    assert answer.status_code == 422
    assert await Attachment.count() == 0


async def test_what_is_cancelled_is_gone(anna: Browser, storage_url: str) -> None:
    place = await begun(anna)
    await sent(anna, place, LARGE[:1_500_000])

    answer = await anna.delete(place, headers=TUS)

    assert answer.status_code == 204
    assert (await anna.head(place, headers=TUS)).status_code == 404
    assert (await sent(anna, place, b"x", 1_500_000)).status_code == 404
    assert pieces_of(storage_url) == []


async def test_what_nobody_came_back_for_is_swept_with_its_pieces(
    anna: Browser, clock: Clock, storage_url: str
) -> None:
    old = await begun(anna)
    await sent(anna, old, LARGE[:1_500_000])
    clock.forward(hours=23)
    young = await begun(anna)
    await sent(anna, young, LARGE[:500_000])
    clock.forward(hours=1)

    await sweeping.tidy(at=clock.now)

    assert (await anna.head(old, headers=TUS)).status_code == 404
    assert await how_far(anna, young) == 500_000
    assert len(pieces_of(storage_url)) == 2  # its folder and its piece


async def test_a_guest_goes_on_in_the_same_browser_and_after_the_sign_in(portal: Door, town: Town) -> None:
    guest = Browser(portal)
    place = await begun(guest)
    await sent(guest, place, LARGE[:1_000_000])
    other = Browser(portal)
    await begun(other)

    assert (await other.head(place, headers=TUS)).status_code == 404
    await guest.sign_in(town.anna)
    assert await how_far(guest, place) == 1_000_000
    assert (await sent(guest, place, LARGE[1_000_000:], 1_000_000)).status_code == 204
    (file,) = await Attachment.objects()
    assert file.uploaded_by is None


async def test_the_first_files_of_a_guest_come_at_once_and_are_all_theirs(portal: Door, town: Town) -> None:
    guest, key = Browser(portal), uuid4()

    places = await asyncio.gather(*(begun(guest, key=key) for _ in range(3)))

    assert [await how_far(guest, place) for place in places] == [0, 0, 0]
    assert (await guest.delete(places[0], headers=TUS)).status_code == 204


async def test_a_page_that_was_opened_anew_has_its_files_come_along(anna: Browser, town: Town) -> None:
    place = await begun(anna, len(PHOTO))
    await sent(anna, place, PHOTO)
    form = filled_in(town)

    row = await anna.post(f"{place}/form", data={"key": form["key"]})

    assert row.status_code == 200
    id = str(await attached(anna, place))
    assert f'value="{id}"' in row.text
    await anna.post("/messages", data={**form, "uploads": id})
    assert await Attachment.count().where(Attachment.message == (await only_message()).id) == 1
    assert (await anna.post(f"{place}/form", data={"key": str(uuid4())})).status_code == 404


async def test_files_that_wait_have_their_limit(anna: Browser, portal: Door, clock: Clock) -> None:
    await Setting.update({Setting.files_bytes: 1000}, force=True)
    for _ in range(10):
        await begun(anna, 1000)

    full = await asked_for(anna, 1)

    assert full.status_code == 429
    assert "формы" in full.text
    assert (await asked_for(Browser(portal), 1000)).status_code == 201
    clock.forward(hours=24)
    assert (await asked_for(anna, 1000)).status_code == 201


async def test_a_guest_has_less_and_all_guests_together_have_a_limit(
    town: Town, portal: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Setting.update({Setting.files_bytes: 1000}, force=True)
    guest = Browser(portal)
    for _ in range(3):
        await begun(guest, 1000)

    assert (await asked_for(guest, 1)).status_code == 429
    late = Browser(portal)
    place = await begun(late, 1000)
    for _ in range(50):
        other = Browser(portal)
        await sent(other, await begun(other, 1000), PHOTO[:999])
    assert "войдите" in (await asked_for(Browser(portal), 100)).text.lower()
    monkeypatch.setattr(limits, "FORMS_OF_GUESTS", 1)
    assert (await sent(late, place, PHOTO[:100])).status_code == 429


async def test_who_declares_much_and_sends_nothing_keeps_no_other_guest_out(town: Town, portal: Door) -> None:
    await Setting.update({Setting.files_bytes: 1000}, force=True)
    for _ in range(60):
        await begun(Browser(portal), 1000)

    assert (await asked_for(Browser(portal), 1000)).status_code == 201


async def test_a_file_that_comes_byte_by_byte_is_stopped(anna: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "PIECES_AT_MOST", 3)
    place = await begun(anna, len(PHOTO))
    codes = [(await sent(anna, place, PHOTO[each : each + 1], each)).status_code for each in range(4)]

    assert codes == [204, 204, 204, 409]
    assert (await sent(anna, place, PHOTO[3:], 3)).status_code == 204
    assert await Attachment.count() == 1


async def test_a_file_that_was_removed_again_takes_no_room(anna: Browser) -> None:
    await Setting.update({Setting.files_bytes: len(PHOTO)}, force=True)
    for _ in range(12):
        place = await begun(anna, len(PHOTO))
        await sent(anna, place, PHOTO)
        assert (await anna.delete(place, headers=TUS)).status_code == 204

    assert await Attachment.count() == 0


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Tus-Resumable": ""}, 412),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "1e3"}, 400),
        ({"Upload-Length": "9" * 40}, 400),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Metadata": ""}, 400),
        ({"Upload-Metadata": "key bm8="}, 400),
        ({"Upload-Metadata": "key ?"}, 400),
    ],
)
async def test_what_is_not_of_the_protocol_is_refused(anna: Browser, changed: dict[str, str], status: int) -> None:
    about = f"filename {encoded('a.jpg')},key {encoded(str(uuid4()))}"
    headers = {**TUS, "Upload-Length": "10", "Upload-Metadata": about, **changed}

    assert (await anna.post("/uploads", headers=headers)).status_code == status


async def test_letters_that_no_header_holds_are_refused_as_well(anna: Browser) -> None:
    about = [(b"Tus-Resumable", b"1.0.0"), (b"Upload-Length", b"10"), (b"Upload-Metadata", b"key \xe9")]

    assert (await anna.post("/uploads", headers=about)).status_code == 400


async def test_a_piece_says_what_it_is(anna: Browser) -> None:
    place = await begun(anna)

    assert (await anna.patch(place, content=b"x", headers={**TUS, "Upload-Offset": "0"})).status_code == 415
    assert (await anna.patch(place, content=b"x", headers=PIECE)).status_code == 400


@pytest.mark.rule("R13")
async def test_files_wait_on_the_disk_and_not_in_memory(anna: Browser, town: Town) -> None:
    """`python -m tests.storms.uploads` measures the process itself, with forty files of fifty megabytes."""
    size, count = 4_500_000, 3
    places = [await begun(anna, size) for _ in range(count)]
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    forms = (chain(head, of_size(size), b"\r\n--b--\r\n") for _ in range(count))

    await anna.post("/messages")  # its page is compiled once, whoever asks first

    tracemalloc.start()
    pieces = await asyncio.gather(*(sent(anna, place, of_size(size)) for place in places))
    whole = await asyncio.gather(*(anna.post("/messages", content=form, headers=kind) for form in forms))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert {answer.status_code for answer in pieces} | {answer.status_code for answer in whole} == {204, 422}
    assert await Attachment.count().where(Attachment.size == size) == 2 * count
    assert peak < count * size / 2


async def of_size(size: int) -> AsyncIterator[bytes]:
    yield PHOTO
    for at in range(len(PHOTO), size, 200_000):
        yield bytes(min(200_000, size - at))


async def chain(head: bytes, body: AsyncIterator[bytes], tail: bytes) -> AsyncIterator[bytes]:
    yield head
    async for chunk in body:
        yield chunk
    yield tail
