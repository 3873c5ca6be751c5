"""Photos of strangers become pictures that can be shown, and hostile ones harm nobody (R14)."""

import os
import resource
import signal
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image, ImageCms
from tests.hostile.making import ACROSS, DOWN, as_stored, exif, heic
from tests.people import MONDAY, Town
from tests.stories import submitted
from tests.workers import drawing
from tests.workers.conftest import all_delivered
from tests.workers.drawing import RED, UPRIGHT, WHITE, brightness, colours, photographed, quarters, saved
from tests.workers.papers import paper

from domain import attaching
from domain.model import Attachment
from workers import picture_child, pictures, storage
from workers.picture_turns import WHOLE, Box
from workers.pictures import REASONS
from workers.prepared import SIZES

pytestmark = [pytest.mark.rule("R14"), pytest.mark.usefixtures("database", "storage_url")]


HALF: Box = (0.5, 0.5, 0.5, 0.5)


async def received(content: bytes, kind: str) -> Attachment:
    kept = await storage.keep(content)
    return await attaching.receive(
        id=uuid4(),
        key=uuid4(),
        name=f"photo.{kind}",
        content_hash=kept.hash,
        kind=kind,
        size=kept.size,
        by=None,
        at=MONDAY,
    )


async def prepared(content: bytes, kind: str = "jpeg") -> dict[str, Any]:
    """The row of the file after its preparation."""
    attachment = await received(content, kind)
    await pictures.prepare(attachment)
    return await row(attachment)


async def row(attachment: Attachment) -> dict[str, Any]:
    (found,) = await Attachment.select().where(Attachment.id == attachment.id).output(load_json=True)
    return found


async def shown(ready: dict[str, Any], size: str = "large") -> bytes:
    assert ready["state"] == "ready", ready["reason"]
    return await storage.read(ready["sizes"][size])


async def test_the_photos_of_a_message_are_prepared_after_it_was_sent(town: Town) -> None:
    photo, scan = await received(photographed(6), "jpeg"), await received(paper(), "pdf")
    message = await submitted(town)
    for attachment in (photo, scan):
        await attaching.attach(attachment.key, [attachment.id], to=message)

    await all_delivered("pictures")

    assert [(await row(each))["state"] for each in (photo, scan)] == ["ready", "ready"]
    assert colours(await shown(await row(photo), "small")) == UPRIGHT


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_photo_stands_upright_however_the_camera_was_held(orientation: int) -> None:
    ready = await prepared(photographed(orientation))

    assert (ready["width"], ready["height"]) == (1200, 800)
    assert colours(await shown(ready)) == UPRIGHT


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("TIFF", "tiff")])
async def test_a_png_and_a_tiff_stand_upright_as_well(kind: str, suffix: str) -> None:
    ready = await prepared(photographed(6, kind), suffix)

    assert (ready["width"], ready["height"]) == (1200, 800)
    assert colours(await shown(ready)) == UPRIGHT


async def test_three_sizes_are_made_and_nothing_is_enlarged() -> None:
    ready = await prepared(saved(quarters(4000, 1000)))
    little = await prepared(saved(quarters(200, 100)))

    for size, longest in {"small": 320, "medium": 960, "large": 1920}.items():
        assert Image.open(BytesIO(await shown(ready, size))).size == (longest, longest // 4)
        assert Image.open(BytesIO(await shown(little, size))).size == (200, 100)


@pytest.mark.parametrize(
    ("stored", "kept", "needed"),
    [((4000, 3000), WHOLE, (1920, 1440)), ((3000, 4000), WHOLE, (1440, 1920)), ((4000, 3000), HALF, (3840, 2880))],
    ids=["lying", "standing", "half of it kept"],
)
def test_a_photo_is_decoded_no_larger_than_it_will_be_shown(
    stored: tuple[int, int], kept: Box, needed: tuple[int, int]
) -> None:
    assert picture_child.large_enough(stored, kept) == needed


@pytest.mark.rule("R10")
async def test_nothing_of_what_the_camera_wrote_is_left() -> None:
    noted = photographed(6, comment=b"SECRETCOMMENT", xmp=b"<x:xmpmeta>SECRETXMP</x:xmpmeta>") + b"SECRETTAIL"

    ready = await prepared(noted)

    for size in SIZES:
        content = await shown(ready, size)
        assert b"SECRET" not in content
        assert not Image.open(BytesIO(content)).getexif()
        assert Image.open(BytesIO(content)).info.keys() <= {"loop", "background", "timestamp", "duration"}


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_heic_of_a_phone_is_turned_once_and_everybody_can_see_it(orientation: int) -> None:
    photo = heic(as_stored(orientation), exif=exif(orientation))

    ready = await prepared(photo, "heic")

    assert (ready["width"], ready["height"]) == (ACROSS, DOWN)
    assert colours(await shown(ready)) == UPRIGHT
    assert Image.open(BytesIO(await shown(ready))).format == "WEBP"
    assert await storage.read(ready["content_hash"]) == photo


async def test_a_scan_of_several_pages_shows_the_first_says_how_many_and_keeps_the_original() -> None:
    scan = saved(quarters(), "TIFF", save_all=True, append_images=[quarters(700, 500), quarters(600, 500)])

    ready = await prepared(scan, "tiff")

    assert (ready["width"], ready["height"], ready["marks"]) == (1200, 800, {"pages": 3})
    assert colours(await shown(ready)) == UPRIGHT
    assert await storage.read(ready["content_hash"]) == scan


async def test_the_original_stays_as_it_came() -> None:
    photo = photographed(3)

    ready = await prepared(photo)

    assert await storage.read(ready["content_hash"]) == photo
    assert ready["content_hash"] not in ready["sizes"].values()


async def test_a_phones_photo_with_a_second_picture_inside_is_a_jpeg() -> None:
    two = saved(quarters(), "MPO", save_all=True, append_images=[quarters(300, 200)])
    assert Image.open(BytesIO(two)).format == "MPO"

    ready = await prepared(two)

    assert colours(await shown(ready)) == UPRIGHT


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("jpeg", saved(quarters().convert("CMYK"), "JPEG")),
        ("tiff", saved(quarters().convert("CMYK"), "TIFF")),
        ("png", saved(quarters().convert("P"), "PNG")),
        ("jpeg", saved(quarters(), "JPEG", progressive=True)),
        ("tiff", saved(quarters(), "TIFF", compression="jpeg")),
        ("jpeg", saved(quarters(), "JPEG", icc_profile=b"no profile at all")),
        (
            "png",
            saved(quarters(), "PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
        ),
    ],
    ids=["cmyk jpeg", "cmyk tiff", "palette", "progressive", "jpeg in tiff", "broken profile", "profile"],
)
async def test_every_common_dress_of_a_picture_shows_the_same_colours(kind: str, content: bytes) -> None:
    assert colours(await shown(await prepared(content, kind))) == UPRIGHT


@pytest.mark.parametrize("kind", ["png", "tiff"])
async def test_sixteen_bits_of_grey_are_scaled_and_not_cut_off(kind: str) -> None:
    grey = Image.new("I;16", (400, 300), 0x4000)

    ready = await prepared(saved(grey, kind.upper()), kind)

    assert abs(brightness(await shown(ready)) - 0x40) < 4


def with_a_hole(mode: str) -> Image.Image:
    """Red on the left; the right half is transparent, over black."""
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 200, 400))
    if mode != "P":
        return picture.convert(mode)
    palette = Image.new("P", (400, 400), 1)
    palette.putpalette([*RED, 0, 0, 0])
    palette.paste(0, (0, 0, 200, 400))
    palette.info["transparency"] = 1
    return palette


@pytest.mark.parametrize("mode", ["RGBA", "P"])
async def test_what_is_transparent_becomes_white_and_not_black(mode: str) -> None:
    ready = await prepared(saved(with_a_hole(mode), "PNG"), "png")

    assert colours(await shown(ready)) == [RED, WHITE, RED, WHITE]


async def test_half_transparent_grey_becomes_lighter() -> None:
    ready = await prepared(saved(Image.new("LA", (100, 100), (0, 128)), "PNG"), "png")

    assert 120 < brightness(await shown(ready)) < 135


def bomb() -> bytes:
    """Few bytes, 98 megapixels, progressive: Pillow alone would take a gigabyte and say nothing."""
    with drawing.giants_allowed():
        return saved(Image.new("L", (9900, 9900)), "JPEG", progressive=True, quality=1)


def many_scans() -> bytes:
    """A picture whose one scan is written three hundred times."""
    content = saved(quarters(800, 800), "JPEG", progressive=True)
    start = content.rindex(b"\xff\xda")
    return content[:start] + content[start:-2] * 300 + content[-2:]


REFUSED = {
    "truncated": ("jpeg", saved(quarters())[:-3000], "damaged"),
    "not what it says": ("png", b"\x89PNG\r\n\x1a\n" + b"nonsense" * 50, "damaged"),
    "a gif in disguise": ("jpeg", saved(quarters(), "GIF"), "damaged"),
    "truncated second format": ("tiff", saved(quarters(), "TIFF")[:500], "damaged"),
    "floating point": ("tiff", saved(Image.new("F", (50, 50)), "TIFF"), "unreadable"),
    "scans": ("jpeg", many_scans(), "heavy"),
    "bomb": ("jpeg", bomb(), "giant"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_hostile_picture_is_refused_with_a_reason_and_the_parent_does_not_feel_it(name: str) -> None:
    kind, content, reason = REFUSED[name]
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    refused = await prepared(content, kind)

    assert (refused["state"], refused["reason"], refused["sizes"]) == ("refused", REASONS[reason], {})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
    assert time.monotonic() - began < 10


async def test_a_picture_over_which_its_reader_dies_is_refused_and_the_next_one_is_read(tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(photographed(1))

    async with pictures.Darkroom() as darkroom:
        first = await darkroom.develop(photo, "jpeg", tmp_path)
        assert darkroom.child is not None
        os.kill(darkroom.child.pid, signal.SIGKILL)
        hostile = await darkroom.develop(photo, "jpeg", tmp_path)
        after = await darkroom.develop(photo, "jpeg", tmp_path)

    assert (first["width"], first["height"]) == (1200, 800)
    assert (hostile, after) == ({"refused": "heavy"}, first)


async def test_a_reader_that_gets_no_time_refuses_nothing_and_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(photographed(1))

    async with pictures.Darkroom() as darkroom:
        first = await darkroom.develop(photo, "jpeg", tmp_path)
        assert darkroom.child is not None
        os.kill(darkroom.child.pid, signal.SIGSTOP)
        monkeypatch.setattr(pictures, "SECONDS", 1)
        with pytest.raises(pictures.ChildFailed):
            await darkroom.develop(photo, "jpeg", tmp_path)
        monkeypatch.undo()
        after = await darkroom.develop(photo, "jpeg", tmp_path)

    assert after == first


async def test_a_child_that_cannot_start_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = await received(photographed(1), "jpeg")
    monkeypatch.setattr(pictures, "CHILD", "workers.absent")

    with pytest.raises(pictures.ChildFailed):
        await pictures.prepare(waiting)

    assert (await row(waiting))["state"] == "received"
