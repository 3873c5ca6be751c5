"""What is turned and cropped is made from the original, however its camera was held (§4.1, R14)."""

import json
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from tests.workers.drawing import BLUE, GREEN, RED, UPRIGHT, WHITE, colours, photographed, quarters, saved
from tests.workers.test_pictures import received, row, shown

from domain.fitness import Edit
from domain.model import Attachment
from workers import pictures

pytestmark = [pytest.mark.rule("R14"), pytest.mark.usefixtures("database", "storage_url")]
TURNED = {90: [BLUE, RED, WHITE, GREEN], 180: [WHITE, BLUE, GREEN, RED], 270: [GREEN, WHITE, RED, BLUE]}


async def edited(content: bytes, edit: Edit, kind: str = "jpeg") -> dict[str, Any]:
    attachment = await received(content, kind)
    await Attachment.update({Attachment.edit: edit.as_json()}).where(Attachment.id == attachment.id)
    await pictures.prepare(await again(attachment))
    return await row(attachment)


@pytest.mark.parametrize("degrees", TURNED)
@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpeg"), ("PNG", "png"), ("TIFF", "tiff")])
async def test_a_photo_is_turned_from_where_it_stands_upright(degrees: int, kind: str, suffix: str) -> None:
    ready = await edited(photographed(6, kind), Edit(degrees), suffix)

    assert colours(await shown(ready)) == TURNED[degrees]
    assert (ready["width"], ready["height"]) == ((1200, 800) if degrees == 180 else (800, 1200))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("degrees", "corner"), [(0, RED), (90, BLUE), (180, WHITE), (270, GREEN)])
async def test_the_corner_that_one_sees_is_kept_however_the_camera_was_held(
    orientation: int, degrees: int, corner: tuple[int, ...]
) -> None:
    ready = await edited(photographed(orientation), Edit(degrees, (0, 0, 0.5, 0.5)))

    assert colours(await shown(ready)) == [corner] * 4
    assert sorted((ready["width"], ready["height"])) == [400, 600]


async def test_what_is_kept_of_a_large_photo_is_as_sharp_as_the_photo() -> None:
    ready = await edited(saved(quarters(6000, 4000)), Edit(0, (0.4, 0.4, 0.2, 0.2)))

    assert colours(await shown(ready)) == UPRIGHT
    assert Image.open(BytesIO(await shown(ready))).size == (1200, 800)


async def test_a_sliver_is_never_less_than_a_pixel() -> None:
    ready = await edited(saved(quarters(30, 20)), Edit(90, (0.999, 0.999, 0.001, 0.001)))

    assert (ready["state"], ready["width"], ready["height"]) == ("ready", 1, 1)


async def test_a_slow_worker_does_not_write_what_is_no_longer_asked_for() -> None:
    slow = await received(photographed(1), "jpeg")
    await pictures.prepare(await again(slow))
    changes: dict[Any, Any] = {"state": "received", "edit": json.dumps({"turn": 90, "crop": None}), "version": 2}
    await Attachment.update(changes).where(Attachment.id == slow.id)

    await pictures.prepare(slow)
    between = await row(slow)
    await pictures.prepare(await again(slow))

    assert between["state"] == "received"
    assert colours(await shown(await row(slow))) == TURNED[90]


async def again(attachment: Attachment) -> Attachment:
    found = await Attachment.objects().get(Attachment.id == attachment.id)
    assert found is not None
    return found
