"""Pictures for the tests: an arrow of colours that shows whether it stands upright, in every dress that files wear."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from PIL import Image, ImageStat

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 160, 30), (30, 30, 220), (250, 250, 250)
# What undoes each orientation of EXIF: applied to an upright picture it gives what the camera stored.
AS_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters(width: int = 1200, height: int = 800) -> Image.Image:
    """Red and green above, blue and white below."""
    picture = Image.new("RGB", (width, height), WHITE)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def photographed(orientation: int, kind: str = "JPEG", **options: Any) -> bytes:
    """As a phone writes it: turned, with the place and the maker in its metadata."""
    turn = AS_STORED[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETMAKER"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 4.0, 12.0)})
    return saved(stored, kind, exif=exif, **options)


def colours(webp: bytes) -> list[tuple[int, ...]]:
    """The middles of the four quarters, row by row, as the nearest of our colours."""
    picture = Image.open(BytesIO(webp)).convert("RGB")
    width, height = picture.size
    spots = [(width // 4, height // 4), (3 * width // 4, height // 4)]
    spots += [(x, 3 * height // 4) for x, _ in spots]
    return [nearest(picture.getpixel(spot)) for spot in spots]


def brightness(webp: bytes) -> float:
    return float(ImageStat.Stat(Image.open(BytesIO(webp)).convert("L")).mean[0])


def nearest(pixel: Any) -> tuple[int, ...]:
    return min((RED, GREEN, BLUE, WHITE), key=lambda one: sum((a - b) ** 2 for a, b in zip(one, pixel, strict=True)))


UPRIGHT = [RED, GREEN, BLUE, WHITE]


@contextmanager
def giants_allowed() -> Iterator[None]:
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    yield
    Image.MAX_IMAGE_PIXELS = before
