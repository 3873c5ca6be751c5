"""Photos that are fit to be sent, and the ways in which they are not: drawn places of the demo town, spoilt."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from portal.town import drawings

TAKEN_AT = datetime(2026, 3, 2, 10)
SCENES = tuple(drawings.SCENES)
BY_DAY = tuple(name for name in SCENES if name != "lamp")


@cache
def scene(name: str, seed: int = 1) -> Image.Image:
    """As it is seen: upright, with the grain of a camera."""
    drawn = Image.open(BytesIO(drawings.draw(name, seed, taken_at=TAKEN_AT, mended=seed % 2 == 0)))
    return ImageOps.exif_transpose(drawn).convert("RGB")


def fit() -> Iterator[tuple[str, Image.Image]]:
    """Fifteen places twice, mirrored, upright formats, the least size that is enough, a document, a lamp at night."""
    for name in SCENES:
        for seed in (1, 2):
            yield f"{name} {seed}", scene(name, seed)
    for name in SCENES[::3]:
        yield f"{name} mirrored", ImageOps.mirror(scene(name))
        yield f"{name} as a portrait", scene(name).crop((400, 0, 1200, 1200))
        yield f"{name} of 640", scene(name).resize((640, 480), Image.Resampling.LANCZOS)
    yield "a document", document()
    yield "a document on its side", document().transpose(Image.Transpose.ROTATE_90)
    yield "a face before a soft background", in_front_of_a_soft_background()


def document() -> Image.Image:
    """Black lines on white paper with its margins."""
    paper = Image.new("RGB", (1240, 1754), (252, 252, 250))
    pen = ImageDraw.Draw(paper)
    for row in range(40):
        for word in range(9 if row % 6 else 4):
            pen.rectangle((150 + word * 105, 180 + row * 34, 232 + word * 105, 194 + row * 34), fill=(30, 30, 30))
    return paper


def in_front_of_a_soft_background() -> Image.Image:
    soft = scene("stop").filter(ImageFilter.GaussianBlur(14))
    soft.paste(scene("stop").crop((350, 300, 950, 900)), (350, 300))
    return soft


def sideways() -> Iterator[tuple[str, Image.Image]]:
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180)
    for place, name in enumerate(BY_DAY):
        for seed in (1, 2):
            yield f"{name} {seed}", scene(name, seed).transpose(turns[(place + seed) % 3])


def bordered() -> Iterator[tuple[str, Image.Image]]:
    for place, name in enumerate(BY_DAY[:8]):
        colour = ("black", "white", (240, 240, 240), (40, 44, 52))[place % 4]
        picture = scene(name).resize((1200, 900))
        across = (60, 200) if place % 2 else (200, 0)
        framed = ImageOps.expand(picture, border=(across[0], across[1]), fill=colour)
        if place % 4 == 1:  # a screenshot: the clock above, a button below
            pen = ImageDraw.Draw(framed)
            pen.text((70, 20), "09:41", fill="grey", font_size=36)
            pen.ellipse((640, framed.height - 90, 700, framed.height - 30), outline="grey", width=4)
        yield name, framed


def small() -> Iterator[tuple[str, Image.Image]]:
    for name in BY_DAY[:6]:
        yield name, scene(name).resize((560, 420), Image.Resampling.LANCZOS)


def dark() -> Iterator[tuple[str, Image.Image]]:
    for place, name in enumerate(BY_DAY[:10]):
        share = 0.1 + place % 3 * 0.06
        yield name, scene(name).point([int(level * share) for level in range(256)] * 3)


def blurred() -> Iterator[tuple[str, Image.Image]]:
    """Out of focus, or moved; every second with grain upon it."""
    grain = Image.effect_noise((1600, 1200), 12).convert("RGB")
    for place, name in enumerate(BY_DAY[:12]):
        soft = scene(name).filter(ImageFilter.GaussianBlur(7 + place % 3 * 2))
        yield name, ImageChops.overlay(soft, grain) if place % 2 else soft


UNFIT = {"borders": bordered, "small": small, "dark": dark, "blurred": blurred}
