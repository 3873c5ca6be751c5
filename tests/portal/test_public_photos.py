"""Photos before everybody: chosen ones, in prepared sizes, covered where a moderator drew; never as they came."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser
from tests.portal.errands import PHOTO, at_home, filled_in, only_message, photo, prepared
from tests.stories import HOUR, fresh
from tests.workers.drawing import RED, nearest

from domain import covering, moderating, publishing
from domain.areas import Area
from domain.model import Attachment, Message, Topic
from portal.cards import public_photos
from portal.door import Door
from workers.covering import cover_photo
from workers.picture_child import COVER

PUBLIC = "A deep hole at the bus stop."
TOP_LEFT = [Area(0, 0, 500, 500)]


async def photographed(portal: Door, town: Town, *names: str) -> tuple[Message, list[Attachment]]:
    """A message with photos that are ready, and waits for the moderator."""
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town), files=[photo(name) for name in names or ("hole.jpg",)])
    message = await only_message()
    return message, await prepared(message)


async def published(portal: Door, town: Town, *names: str) -> tuple[Message, list[Attachment]]:
    message, files = await photographed(portal, town, *names)
    chosen = [file.id for file in files]
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, public_text=PUBLIC, photos=chosen)
    return message, files


async def addresses(message: Message) -> list[str]:
    """What the public page shows of its photos, in their order."""
    rows = await public_photos.public_photos(message.id)
    return [public_photos.public_url(message.number, row["id"], row["print"], "small") for row in rows]


async def test_photos_are_shown_in_prepared_sizes_and_never_as_they_came(
    portal: Door, browser: Browser, town: Town
) -> None:
    message, (file,) = await published(portal, town)
    (address,) = await addresses(message)

    small, original = await browser.get(address), await browser.get(address.replace("small", "original"))

    assert small.status_code == 200
    assert small.headers["content-type"] == "image/webp"
    assert small.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert small.content != PHOTO
    assert original.status_code == 404
    assert (await browser.get(f"/publications/{message.number}/files/{file.id}/small")).status_code == 404
    again = await browser.get(address, headers={"If-None-Match": small.headers["etag"]})
    assert again.status_code == 304


async def test_photos_of_what_is_not_published_are_not_there(portal: Door, browser: Browser, town: Town) -> None:
    message, (file,) = await photographed(portal, town)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR)
    await Attachment.update({Attachment.shown: True}).where(Attachment.id == file.id)
    (address,) = await addresses(message)
    other = await stories.registered(town)
    await publishing.publish(other, by=town.marina, at=MONDAY + 2 * HOUR, text=PUBLIC)

    for number in (message.number, other.number, "2026-99999"):
        assert (await browser.get(address.replace(str(message.number), number))).status_code == 404


@pytest.mark.rule("R28")
async def test_only_the_chosen_photos_are_shown(portal: Door, browser: Browser, town: Town) -> None:
    message, files = await photographed(portal, town, "one.jpg", "two.jpg")
    await moderating.register(message, by=town.marina, at=MONDAY, public_text=PUBLIC, photos=[files[1].id])

    page = (await browser.get(f"/publications/{message.number}")).text

    assert str(files[1].id) in page
    assert str(files[0].id) not in page
    assert "Фото 1" in page
    assert "two.jpg" not in page


async def test_files_of_an_unpublished_answer_and_of_remarks_are_not_public(
    portal: Door, browser: Browser, town: Town
) -> None:
    message, _ = await published(portal, town)
    await stories.taken_to_the_answer(town, message, publish=False)
    answer = await stories.the_answer(message)
    anna = await at_home(portal, town.anna)
    form = {"key": filled_in(town)["key"], "choice": "unsolved", "remarks": "Still there."}
    await anna.post(f"/messages/{message.id}/rating", data=form, files=[photo("of-answer.jpg"), photo("second.jpg")])
    files = {file.name: file for file in await prepared(message)}
    one, two = files["of-answer.jpg"], files["second.jpg"]
    changes: dict[Any, Any] = {"answer": answer.id, "rating": None, "shown": True}
    await Attachment.update(changes, force=True).where(Attachment.id == one.id)

    told = {address: (await browser.get(address)).status_code for address in await addresses(message)}

    assert sorted(told.values()) == [200, 404]
    assert [status for address, status in told.items() if str(one.id) in address] == [404]
    with pytest.raises(Exception, match="attachment_shown"):
        await Attachment.update({Attachment.shown: True}).where(Attachment.id == two.id)


@pytest.mark.rule("R10")
async def test_a_covered_photo_has_another_address_and_the_old_one_is_gone_at_once(
    portal: Door, browser: Browser, town: Town
) -> None:
    message, (file,) = await published(portal, town)
    (bare,) = await addresses(message)
    assert nearest_colour((await browser.get(bare)).content) == RED

    await covering.cover(await fresh(message), file.id, TOP_LEFT, by=town.marina, at=MONDAY + 2 * HOUR)
    between = [(await browser.get(bare)).status_code, await addresses(message)]
    await cover_photo(await stories.told_as_written(message, "photo:covered"))
    (covered,) = await addresses(message)

    assert between == [404, []]
    assert covered != bare
    for size in ("small", "medium", "large"):
        content = (await browser.get(covered.replace("/small", f"/{size}"))).content
        assert near(corner(content), COVER)
        assert (await browser.get(bare.replace("/small", f"/{size}"))).status_code == 404


async def test_a_cover_drawn_meanwhile_is_not_undone_by_a_slow_worker(portal: Door, town: Town) -> None:
    message, (file,) = await published(portal, town)
    await covering.cover(await fresh(message), file.id, TOP_LEFT, by=town.marina, at=MONDAY + 2 * HOUR)
    slow = await stories.told_as_written(message, "photo:covered")
    await cover_photo(slow)
    first = await addresses(message)
    await covering.cover(await fresh(message), file.id, [Area(500, 500, 500, 500)], by=town.vera, at=MONDAY + 3 * HOUR)

    assert await addresses(message) == []
    await cover_photo(slow)  # a worker that was asked twice makes what is asked for now
    await cover_photo(await stories.told_as_written(message, "photo:covered"))

    assert len(await addresses(message)) == 1
    assert await addresses(message) != first


async def test_a_photo_on_a_topic_that_was_closed_is_gone(portal: Door, browser: Browser, town: Town) -> None:
    message, _ = await published(portal, town)
    (address,) = await addresses(message)
    assert (await browser.get(address)).status_code == 200

    await Topic.update({Topic.closed: True}).where(Topic.id == message.topic)

    assert (await browser.get(address)).status_code == 404


def nearest_colour(content: bytes) -> tuple[int, ...]:
    return nearest(corner(content))


def corner(content: bytes) -> tuple[int, ...]:
    picture = Image.open(BytesIO(content)).convert("RGB")
    pixel = picture.getpixel((picture.width // 8, picture.height // 8))
    assert isinstance(pixel, tuple)
    return tuple(int(part) for part in pixel)


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))
