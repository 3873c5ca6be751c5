"""The same picture is known again, however it was saved since, and different places are not taken for one (R16)."""

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageDraw, ImageEnhance
from tests.workers import scenes

from domain.lookalikes import SAME_WITHIN, turned
from workers.picture_prints import print_of

pytestmark = pytest.mark.rule("R16", "R17")
PLACES = ("pothole", "leak", "stop", "bins", "swing", "dump", "bench")
Change = Callable[[Image.Image], Image.Image]


@cache
def place(name: str) -> Image.Image:
    photo = scenes.scene(name).copy()
    photo.thumbnail((800, 800))
    return photo


@cache
def printed(name: str) -> str:
    found = print_of(place(name))
    assert found is not None
    return found


def saved_anew(photo: Image.Image, quality: int = 75) -> Image.Image:
    out = BytesIO()
    photo.save(out, "JPEG", quality=quality)
    return Image.open(BytesIO(out.getvalue())).convert("RGB")


def cropped(share: float) -> Change:
    def crop(photo: Image.Image) -> Image.Image:
        width, height = photo.size
        return photo.crop((round(width * share / 2), round(height * share / 2), width, height))

    return crop


def marked(photo: Image.Image) -> Image.Image:
    copy, (width, height) = photo.copy(), photo.size
    ImageDraw.Draw(copy, "RGBA").rectangle((width * 0.6, height * 0.9, width, height * 0.97), fill=(255, 255, 255, 160))
    return copy


def resized(times: float) -> Change:
    return lambda photo: photo.resize((round(photo.width * times), round(photo.height * times)))


def turns(turn: Image.Transpose) -> Change:
    return lambda photo: photo.transpose(turn)


# What is done to the picture, and how many of the seven copies have to be known again.
KNOWN_AGAIN: dict[str, tuple[Change, int]] = {
    "saved at quality 40": (lambda photo: saved_anew(photo, 40), 7),
    "saved at quality 95": (lambda photo: saved_anew(photo, 95), 7),
    "a quarter of the size": (resized(0.25), 7),
    "twice the size": (resized(2), 7),
    "a watermark": (marked, 7),
    "more contrast": (lambda photo: ImageEnhance.Contrast(photo).enhance(1.25), 7),
    "darker": (lambda photo: ImageEnhance.Brightness(photo).enhance(0.8), 7),
    "lighter": (lambda photo: ImageEnhance.Brightness(photo).enhance(1.2), 5),
    "cropped by 2 %": (cropped(0.02), 6),
    "cropped by 5 %": (cropped(0.05), 3),
    **{f"turned: {turn.name}": (turns(turn), 6) for turn in Image.Transpose},
}


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def alike(one: str, photo: Image.Image) -> bool:
    other = print_of(photo)
    return other is not None and min(distance(one, each) for each in turned(other)) <= SAME_WITHIN


@pytest.mark.parametrize("change", KNOWN_AGAIN)
def test_a_copy_is_known_again(change: str) -> None:
    spoil, at_least = KNOWN_AGAIN[change]

    known = [name for name in PLACES if alike(printed(name), saved_anew(spoil(place(name))))]

    assert len(known) >= at_least, set(PLACES) - set(known)


def test_different_places_are_not_taken_for_one() -> None:
    pairs = combinations([printed(name) for name in PLACES], 2)

    nearest = min(distance(one, each) for one, other in pairs for each in turned(other))

    assert nearest > SAME_WITHIN


def plain() -> Iterator[tuple[str, Image.Image]]:
    yield "one colour", Image.new("RGB", (800, 600), (120, 130, 140))
    yield "noise", Image.effect_noise((800, 600), 30)
    yield "a sky that grows lighter", Image.linear_gradient("L").resize((800, 600))
    yield "a letter", scenes.document()


@pytest.mark.parametrize(("name", "picture"), list(plain()))
def test_what_is_too_plain_to_be_known_has_no_print(name: str, picture: Image.Image) -> None:
    assert print_of(saved_anew(picture.convert("RGB"))) is None


def test_a_picture_that_was_turned_four_times_has_its_own_print_again() -> None:
    prints = turned(printed("pothole"))

    assert prints[0] == printed("pothole")
    assert len(prints) == 8
