"""A photo's whole way over S3, and what people are told when the store is away or full."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.errands import PHOTO, at_home, filled_in, only_message, photo, prepared
from tests.s3 import Rclone, Wire
from tests.stories import HOUR, fresh

from domain import moderating, publishing
from domain.model import Attachment, FileFault, Message
from portal.cards import public_photos
from portal.door import Door

SCAN = b"%PDF-1.7 " + b"a scan " * 100_000
WORDS = "Яма у дома, её надо засыпать"


@pytest.fixture
def portal(wire: Wire, portal: Door, rclone: Rclone, monkeypatch: pytest.MonkeyPatch) -> Door:
    """The portal of the other tests, its files on S3."""
    monkeypatch.setenv("STORAGE_URL", rclone.url(wire.port, MONDAY.isoformat()))
    return portal


async def shown(message: Message) -> list[str]:
    rows = await public_photos.public_photos(message.id)
    return [public_photos.public_url(message.number, row["id"], row["print"], "small") for row in rows]


async def test_a_photo_goes_its_whole_way_over_s3(portal: Door, browser: Browser, town: Town, rclone: Rclone) -> None:
    anna, marina = await at_home(portal, town.anna), await at_home(portal, town.marina)

    await anna.post("/messages", data=filled_in(town), files=[photo("hole.jpg")])
    message = await only_message()
    (file,) = await prepared(message)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, public_text="A hole.", photos=[file.id])
    (address,) = await shown(message)
    public = await browser.get(address)

    assert (await marina.get(f"/files/{file.id}/original")).content == PHOTO
    assert (public.status_code, public.headers["content-type"]) == (200, "image/webp")
    part = await browser.get(address, headers={"Range": "bytes=-7"})
    assert (part.status_code, part.content) == (206, public.content[-7:])
    assert list(rclone.folder.rglob(file.content_hash))


async def test_what_is_taken_back_is_not_there_and_nobody_keeps_that_word(
    portal: Door, browser: Browser, town: Town
) -> None:
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town), files=[photo()])
    message = await only_message()
    (file,) = await prepared(message)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, public_text="A hole.", photos=[file.id])
    (address,) = await shown(message)
    before = await browser.get(address)

    await publishing.withdraw_consent(await fresh(message), by=town.anna, at=MONDAY + 2 * HOUR)
    after = await browser.get(address, headers={"If-None-Match": before.headers["etag"]})

    assert before.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in before.headers
    assert (after.status_code, after.headers["cache-control"]) == (404, "no-store")


async def test_a_store_that_is_away_is_told_in_words_and_nothing_is_half_done(
    portal: Door, wire: Wire, town: Town
) -> None:
    anna = await at_home(portal, town.anna)
    form = filled_in(town, text=WORDS)

    wire.says = 503
    refused = await anna.post("/messages", data=form, files=[photo()])
    none = (await Message.count(), await Attachment.count())
    wire.says = None
    sent = await anna.post("/messages", data=form, files=[photo()])

    assert refused.status_code == 503
    assert "Файлы сейчас нельзя" in refused.text
    assert WORDS in refused.text
    assert none == (0, 0)
    assert sent.status_code == 303
    assert (await Message.count(), await Attachment.count()) == (1, 1)


async def test_pages_do_not_wait_for_a_store_that_is_away(portal: Door, wire: Wire, town: Town) -> None:
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town), files=[photo()])
    message = await only_message()
    (file,) = await prepared(message)

    wire.cut = True
    page, picture = await anna.get(f"/messages/{message.id}"), await anna.get(f"/files/{file.id}/small")

    assert page.status_code == 200
    assert f"/files/{file.id}/small" in page.text
    assert (picture.status_code, picture.headers["retry-after"]) == (503, "5")


async def test_whoever_watches_is_told_that_the_store_is_away(
    portal: Door, wire: Wire, browser: Browser, clock: Clock
) -> None:
    well = await browser.get("/health/files")
    wire.cut = True
    within_the_minute = await browser.get("/health/files")
    clock.forward(minutes=1)
    ill = await browser.get("/health/files")

    assert (well.status_code, within_the_minute.status_code, ill.status_code) == (200, 200, 503)
    assert (await browser.get("/health")).status_code == 200


async def test_files_that_are_not_what_was_kept_are_told_to_the_operator_and_to_whoever_watches(
    portal: Door, browser: Browser, town: Town
) -> None:
    lost: dict[str, Any] = {"kind": "missing", "belongs_to": "2026-000012", "found_at": MONDAY}
    await FileFault.insert(FileFault(hash="a" * 64, **lost), FileFault(hash="b" * 64, **lost))
    operator, marina = await at_home(portal, town.gleb), await at_home(portal, town.marina)

    told, not_theirs = await operator.get("/directories"), await marina.get("/directories")
    health = await browser.get("/health/files")

    assert "2 сохранённых файла повреждены или пропали." in told.text
    assert told.text.count("2026-000012") == 1
    assert "сохранённых файла" not in not_theirs.text
    assert (health.status_code, health.text) == (503, "2 damaged or missing")


@contextmanager
def no_room() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_told_in_words_and_costs_nothing_that_was_typed(
    settings: Any, clock: Clock, town: Town
) -> None:
    from portal.app import create_app

    anna = await at_home(create_app(settings, clock=clock), town.anna)
    form = filled_in(town, text=WORDS)

    with no_room():
        refused = await anna.post("/messages", data=form, files=[photo("scan.pdf", SCAN)])

    assert refused.status_code == 507
    assert "закончилось место" in refused.text
    assert WORDS in refused.text
    assert (await Message.count(), await Attachment.count()) == (0, 0)
