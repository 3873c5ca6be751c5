"""Files with a form: known by their content, kept once, and a bad one costs neither the others nor the words (R13)."""

import re
from uuid import uuid4

import pytest
from litestar.datastructures import UploadFile
from tests.hostile.making import heic
from tests.hostile.names import NAMES
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser
from tests.portal.desks import words
from tests.portal.errands import PHOTO, WORDS, at_home, filled_in, only_message, photo, uploads
from tests.workers.drawing import quarters, saved

from domain.model import Attachment, Message, Setting
from portal.door import Door
from portal.forms import UPLOAD_BODY
from portal.parsing import ComingFile
from portal.uploads import take_in
from workers import storage
from workers.inspecting import HEAD_BYTES

# No browser sends a lone surrogate, and httpx writes a lone backslash as no browser does.
NOT_SENT = re.compile(r"[\ud800-\udfff]|^\\$")
TIFF = saved(quarters(60, 40), "TIFF")


@pytest.fixture
async def anna(portal: Door, town: Town) -> Browser:
    return await at_home(portal, town.anna)


@pytest.mark.rule("R13")
async def test_a_photo_in_heic_is_taken_as_it_comes_from_the_phone(anna: Browser, town: Town) -> None:
    photos = [photo("IMG_1.HEIC", heic(quarters(60, 40)))]

    answer = await anna.post("/messages", data=filled_in(town), files=photos)

    assert answer.status_code == 303
    (kept,) = await Attachment.objects().where(Attachment.message == (await only_message()).id)
    assert (kept.name, kept.kind, kept.state) == ("IMG_1.HEIC", "heic", "received")


@pytest.mark.rule("R13")
async def test_the_form_asks_for_what_a_phone_writes_and_says_so(anna: Browser) -> None:
    page = await anna.get("/messages/new")

    assert 'accept="image/jpeg,image/png,image/tiff,image/heic,image/heif,application/pdf,' in page.text
    assert "HEIC" in words(page.text)


@pytest.mark.rule("R13")
async def test_the_content_says_what_a_file_is_and_not_its_name(anna: Browser, town: Town) -> None:
    files = [photo("a.pdf", PHOTO), photo("b.jpg", b"%PDF-1.7 scan"), photo("c", TIFF)]

    await anna.post("/messages", data=filled_in(town), files=files)

    found = await Attachment.objects().where(Attachment.message == (await only_message()).id)
    assert {(file.name, file.kind) for file in found} == {("a.pdf", "jpeg"), ("b.jpg", "pdf"), ("c", "tiff")}


@pytest.mark.rule("R13")
@pytest.mark.parametrize("content", [b"", b"GIF89a....", b"<svg onload=alert(1)>", b"MZ", b"PK\x03\x04"])
async def test_a_bad_file_is_named_and_the_good_one_stays(anna: Browser, town: Town, content: bytes) -> None:
    answer = await anna.post("/messages", data=filled_in(town), files=[photo("bad.jpg", content), photo("good.jpg")])

    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "bad.jpg" in answer.text
    assert "good.jpg" in answer.text
    assert await Message.count() == 0
    (kept,) = await Attachment.objects()
    assert (kept.name, uploads(answer.text)) == ("good.jpg", [kept.id])


async def test_after_a_bad_file_the_form_is_sent_as_it_came_back(anna: Browser, town: Town) -> None:
    form = filled_in(town)
    again = await anna.post("/messages", data=form, files=[photo("bad.jpg", b"no"), photo("good.jpg")])

    offered = [str(id) for id in uploads(again.text)]
    sent = await anna.post("/messages", data={**form, "uploads": offered})

    assert sent.status_code == 303
    assert [file.name for file in await Attachment.objects()] == ["good.jpg"]


async def test_a_bad_file_and_a_missing_word_are_told_together(anna: Browser, town: Town) -> None:
    answer = await anna.post("/messages", data=filled_in(town, text="", address=""), files=[photo("bad.jpg", b"no")])

    for field in ("text", "address", "files"):
        assert f'href="#f-{field}"' in answer.text


async def test_a_file_larger_than_the_setting_is_refused_alone(anna: Browser, town: Town) -> None:
    await Setting.update({Setting.files_bytes: len(PHOTO)}, force=True)

    large, small = photo("large.jpg", PHOTO + b"0"), photo("small.jpg", PHOTO)
    answer = await anna.post("/messages", data=filled_in(town), files=[large, small])

    assert answer.status_code == 422
    assert [file.name for file in await Attachment.objects()] == ["small.jpg"]


async def test_files_are_kept_whole_and_under_the_key_of_their_form(town: Town, storage_url: str) -> None:
    content = PHOTO + b"x" * 3_000_000
    key = uuid4()

    (taken,) = await take_in([UploadFile("image/jpeg", "big.jpg", content)], key=key, by=town.anna.id, at=MONDAY)

    assert (taken.key, taken.size, taken.uploaded_by) == (key, len(content), town.anna.id)
    assert await storage.read(taken.content_hash) == content


async def test_an_empty_file_field_is_no_file(anna: Browser, town: Town) -> None:
    answer = await anna.post("/messages", data=filled_in(town, files=""))

    assert answer.status_code == 303


@pytest.mark.rule("R13")
async def test_a_file_over_the_limit_is_cut_off_and_costs_nothing_else(anna: Browser, town: Town) -> None:
    huge, small = photo("huge.jpg", PHOTO + b"0" * (56 * 2**20)), photo("small.jpg")

    answer = await anna.post("/messages", data=filled_in(town), files=[huge, small])

    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "huge.jpg" in answer.text
    assert [file.name for file in await Attachment.objects()] == ["small.jpg"]


async def test_of_a_file_over_the_limit_only_the_head_is_held() -> None:
    file = ComingFile("image/jpeg", "huge.jpg", 3_000_000)

    for _ in range(40):
        await file.write(PHOTO[:10] + b"x" * 99_990)

    assert file.came == 4_000_000
    assert file.file.seek(0, 2) == HEAD_BYTES
    await file.seek(0)
    assert await file.read() == PHOTO[:10] + b"xx"


async def test_a_request_without_end_is_refused(anna: Browser, town: Town) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(UPLOAD_BODY + 1)}

    answer = await anna.post("/messages", content=b"--b", headers=kind)

    assert answer.status_code == 413


async def test_files_that_wait_for_their_forms_have_a_limit(anna: Browser, portal: Door, town: Town) -> None:
    await Setting.update({Setting.files_bytes: len(PHOTO)}, force=True)
    for _ in range(10):
        await anna.post("/messages", data=filled_in(town, text=""), files=[photo()])

    answer = await anna.post("/messages", data=filled_in(town), files=[photo("eleventh.jpg")])

    assert answer.status_code == 422
    assert "ждут отправки" in words(answer.text)
    assert await Attachment.count() == 10


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>.jpg", 'a"b.jpg', "../../x.jpg", "ё" * 300 + ".jpg"])
async def test_names_are_shown_as_text(anna: Browser, town: Town, name: str) -> None:
    answer = await anna.post("/messages", data=filled_in(town, text=""), files=[photo(name)])

    assert answer.status_code == 422
    assert "<img src=x" not in answer.text


@pytest.mark.rule("R13")
async def test_whatever_a_file_is_called_it_is_kept_and_its_name_is_only_a_text(anna: Browser, town: Town) -> None:
    called = [name for name in NAMES if not NOT_SENT.search(name)]
    for at in range(0, len(called), 20):
        names = called[at : at + 20]

        answer = await anna.post("/messages", data=filled_in(town, text=""), files=[photo(name) for name in names])

        assert answer.status_code == 422
        assert len(uploads(answer.text)) == len(names)
        assert "<script>alert(1)" not in answer.text
