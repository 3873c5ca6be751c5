"""Files of a case: whoever may see the message sees its photos, originals are for officials, all else is 404."""

import asyncio
from uuid import uuid4

import pytest
from tests import stories
from tests.hostile.making import exif, heic
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser
from tests.portal.desks import words
from tests.portal.errands import PHOTO, at_home, filled_in, only_message, photo, prepared
from tests.stories import HOUR
from tests.workers.drawing import quarters, saved
from tests.workers.papers import HIDDEN, alert, paper, root

from domain import moderating
from domain.events import Kind
from domain.model import Attachment, Event, Message
from portal.door import Door
from portal.serving import disposition
from workers.pictures import prepare

SCAN = paper(root(OpenAction=alert()), pages=2)


@pytest.fixture
async def sent(portal: Door, town: Town) -> Message:
    anna = await at_home(portal, town.anna)
    files = [photo('яма "у дома".jpg'), photo("scan.pdf", SCAN)]
    await anna.post("/messages", data=filled_in(town), files=files)
    message = await only_message()
    await prepared(message)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR)
    return message


async def file_of(message: Message, kind: str = "jpeg") -> Attachment:
    found = await Attachment.objects().where((Attachment.message == message.id) & (Attachment.kind == kind)).first()
    assert found is not None
    return found


async def test_each_sees_what_belongs_to_them(portal: Door, sent: Message, town: Town) -> None:
    file = await file_of(sent)
    seen = {town.anna.id: 200, town.boris.id: 404, town.marina.id: 200, town.pavel.id: 200, town.sergey.id: 404}

    for person in (town.anna, town.boris, town.marina, town.pavel, town.sergey):
        visitor = await at_home(portal, person)
        assert (await visitor.get(f"/files/{file.id}/small")).status_code == seen[person.id], person.name
    assert (await Browser(portal).get(f"/files/{file.id}/small")).status_code == 303


@pytest.mark.parametrize("size", ["small", "medium", "large"])
async def test_prepared_sizes_are_pictures_of_ours(portal: Door, sent: Message, town: Town, size: str) -> None:
    anna = await at_home(portal, town.anna)

    answer = await anna.get(f"/files/{(await file_of(sent)).id}/{size}")

    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cache-control"].startswith("private")


async def test_originals_are_for_officials_and_only_to_be_saved(portal: Door, sent: Message, town: Town) -> None:
    place = f"/files/{(await file_of(sent)).id}/original"
    marina, anna = await at_home(portal, town.marina), await at_home(portal, town.anna)

    hers, his = await marina.get(place), await anna.get(place)

    assert hers.content == PHOTO
    assert hers.headers["content-disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%D1%8F%D0%BC%D0%B0" in hers.headers["content-disposition"]
    assert "sandbox" in hers.headers["content-security-policy"]
    assert hers.headers["cache-control"] == "private, no-store"
    assert his.status_code == 404


async def test_of_a_scan_everybody_else_gets_the_copy(portal: Door, sent: Message, town: Town) -> None:
    scan = await file_of(sent, "pdf")
    anna, boris = await at_home(portal, town.anna), await at_home(portal, town.boris)

    copy = await anna.get(f"/files/{scan.id}/document")

    assert copy.content.startswith(b"%PDF-")
    assert HIDDEN not in copy.content
    assert copy.headers["content-type"] == "application/pdf"
    assert copy.headers["content-disposition"].startswith('attachment; filename="scan.pdf"')
    assert "sandbox" in copy.headers["content-security-policy"]
    assert (await anna.get(f"/files/{scan.id}/original")).status_code == 404
    for size in ("", "/document", "/original", "/small", "/page-2"):
        assert (await boris.get(f"/files/{scan.id}{size}")).status_code == 404


async def test_a_scan_has_a_page_where_its_pages_are_read(portal: Door, sent: Message, town: Town) -> None:
    scan, photo = await file_of(sent, "pdf"), await file_of(sent)
    anna, marina = await at_home(portal, town.anna), await at_home(portal, town.marina)

    hers, his = [await who.get(f"/files/{scan.id}") for who in (anna, marina)]

    for page in (hers.text, his.text):
        assert "PDF, 2 страницы" in page
        assert f'src="/files/{scan.id}/large"' in page
        assert f'src="/files/{scan.id}/page-2"' in page
        assert f'href="/files/{scan.id}/document"' in page
        assert "скрипты" in page
    assert f"/files/{scan.id}/original" not in hers.text
    assert f'href="/files/{scan.id}/original"' in his.text
    assert (await anna.get(f"/files/{scan.id}/page-2")).headers["content-type"] == "image/webp"
    assert (await anna.get(f"/files/{photo.id}")).status_code == 404


async def test_pages_show_the_first_page_of_a_scan_and_how_many_there_are(
    portal: Door, sent: Message, town: Town
) -> None:
    scan = await file_of(sent, "pdf")
    for who, place in ((town.anna, "messages"), (town.marina, "moderation"), (town.pavel, "execution")):
        page = (await (await at_home(portal, who)).get(f"/{place}/{sent.id}")).text

        assert f'<a href="/files/{scan.id}"><img src="/files/{scan.id}/small"' in page, who.name
        assert "PDF, 2 страницы" in page
        assert (f'href="/files/{scan.id}/original"' in page) == (who is not town.anna)


@pytest.mark.rule("R33")
async def test_the_journal_says_who_took_an_original(portal: Door, sent: Message, town: Town) -> None:
    scan = await file_of(sent, "pdf")
    pavel, elena, anna = [await at_home(portal, who) for who in (town.pavel, town.elena, town.anna)]

    taken = await pavel.get(f"/files/{scan.id}/original")

    assert taken.content == SCAN
    (line,) = (
        await Event.select(Event.actor, Event.data).where(Event.kind == Kind.ORIGINAL_TAKEN).output(load_json=True)
    )
    assert (line["actor"], line["data"]["file"], line["data"]["name"]) == (town.pavel.id, str(scan.id), "scan.pdf")
    assert "Скачан оригинал файла" in (await elena.get(f"/control/{sent.id}")).text
    assert "Скачан оригинал" not in (await anna.get(f"/messages/{sent.id}")).text


@pytest.mark.rule("R33")
async def test_what_nobody_has_asked_for_is_not_handed_out_and_not_told(
    portal: Door, sent: Message, town: Town
) -> None:
    place = f"/files/{(await file_of(sent)).id}/original"
    marina, anna, boris = [await at_home(portal, who) for who in (town.marina, town.anna, town.boris)]

    ahead = await marina.get(place, headers={"Sec-Purpose": "prefetch;prerender"})
    head = await marina.head(place)
    strangers = [await who.get(place) for who in (anna, boris, Browser(portal))]

    assert (ahead.status_code, ahead.content) == (503, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-disposition"].startswith("attachment;")
    assert [answer.status_code for answer in strangers] == [404, 404, 303]
    assert not await Event.exists().where(Event.kind == Kind.ORIGINAL_TAKEN)


@pytest.mark.parametrize("state", ["received", "refused"])
async def test_the_original_of_what_nobody_has_looked_at_is_not_handed_out(
    portal: Door, sent: Message, town: Town, state: str
) -> None:
    file = await file_of(sent)
    await Attachment.update({"state": state}, force=True).where(Attachment.id == file.id)
    marina = await at_home(portal, town.marina)

    assert (await marina.get(f"/files/{file.id}/original")).status_code == 404


async def test_files_of_an_answer_are_the_citizens_only_when_it_is_let_out(portal: Door, town: Town) -> None:
    message = await stories.in_review(town)
    answer = await stories.the_answer(message)
    file = await prepared_file(portal, town, message)
    await Attachment.update({"answer": answer.id}, force=True).where(Attachment.id == file.id)
    anna, pavel = await at_home(portal, town.anna), await at_home(portal, town.pavel)

    before = (await anna.get(f"/files/{file.id}/small")).status_code
    await stories.approve(town, message, at=MONDAY + 9 * HOUR)

    assert before == 404
    assert (await anna.get(f"/files/{file.id}/small")).status_code == 200
    assert (await pavel.get(f"/files/{file.id}/small")).status_code == 200


async def prepared_file(portal: Door, town: Town, message: Message) -> Attachment:
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town, text=""), files=[photo()])
    (file,) = await Attachment.objects()
    await Attachment.update({"message": message.id}, force=True).where(Attachment.id == file.id)
    (ready,) = await prepared(message)
    return ready


async def test_a_file_of_a_form_not_sent_yet_is_ones_own(portal: Door, town: Town) -> None:
    anna, boris = await at_home(portal, town.anna), await at_home(portal, town.boris)
    await anna.post("/messages", data=filled_in(town, text=""), files=[photo("scan.pdf", SCAN)])
    (file,) = await Attachment.objects()

    await prepare(file)
    hers, his = await asyncio.gather(*(who.get(f"/files/{file.id}/document") for who in (anna, boris)))

    assert (hers.status_code, his.status_code) == (200, 404)
    assert (await anna.get(f"/files/{file.id}/original")).status_code == 404


@pytest.mark.parametrize("path", ["{id}/huge", "{other}/small", "1/small", "{id}/..%2foriginal", "x/small"])
async def test_anything_else_is_not_there(portal: Door, sent: Message, town: Town, path: str) -> None:
    marina = await at_home(portal, town.marina)
    file = await file_of(sent)

    answer = await marina.get(f"/files/{path.format(id=file.id, other=uuid4())}")

    assert answer.status_code == 404


async def test_what_is_not_ready_is_not_shown(portal: Door, town: Town) -> None:
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town), files=[photo()])
    (file,) = await Attachment.objects()

    assert (await anna.get(f"/files/{file.id}/small")).status_code == 404
    assert f"/files/{file.id}/small" not in (await anna.get(f"/messages/{file.message}")).text


@pytest.mark.parametrize("name", ['a"b.jpg', "a\r\nX: y.jpg", "ё.jpg", "a;b=c.jpg", "'%27.jpg", "-rf", "$(id).jpg"])
def test_no_name_ends_the_header(name: str) -> None:
    header = disposition(name)

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.count(";") == 2


@pytest.mark.rule("R14")
async def test_officials_read_that_a_scan_has_more_pages_than_its_picture(portal: Door, town: Town) -> None:
    anna, marina = await at_home(portal, town.anna), await at_home(portal, town.marina)
    pages = saved(quarters(), "TIFF", save_all=True, append_images=[quarters(60, 40)])
    await anna.post("/messages", data=filled_in(town), files=[photo("scan.tiff", pages)])
    message = await only_message()
    await prepared(message)

    for_marina = words((await marina.get(f"/moderation/{message.id}")).text)

    assert "несколько страниц, показана первая" in for_marina


@pytest.mark.rule("R10", "R13")
async def test_a_heic_goes_out_as_a_picture_of_ours_and_as_it_came_only_to_officials(portal: Door, town: Town) -> None:
    anna, marina = await at_home(portal, town.anna), await at_home(portal, town.marina)
    content = heic(quarters(300, 200), exif=exif(1))
    await anna.post("/messages", data=filled_in(town), files=[photo("IMG_1.HEIC", content)])
    message = await only_message()
    (file,) = await prepared(message)

    for_anna = await anna.get(f"/files/{file.id}/large")
    refused = await anna.get(f"/files/{file.id}/original")
    for_marina = await marina.get(f"/files/{file.id}/original")

    assert (for_anna.headers["content-type"], b"SECRET" in for_anna.content) == ("image/webp", False)
    assert refused.status_code == 404
    assert (for_marina.headers["content-type"], for_marina.content) == ("image/heic", content)
    assert for_marina.headers["content-disposition"].startswith("attachment")
