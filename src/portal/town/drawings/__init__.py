"""Photos of the demo town, drawn: the same place before and after, as a phone would have taken them."""

from datetime import datetime
from functools import cache
from io import BytesIO
from math import cos, radians, sin
from random import Random

from PIL import Image, ImageChops

from portal.town.drawings import parks, streets, yards
from portal.town.drawings.canvas import PHOTO, Canvas

SCENES = {
    "pothole": streets.pothole,
    "manhole": streets.manhole,
    "leak": streets.leak,
    "snow": streets.snow,
    "lamp": streets.lamp,
    "stop": streets.stop,
    "bins": yards.bins,
    "swing": parks.swing,
    "tree": parks.fallen,
    "icicles": yards.icicles,
    "dogs": yards.dogs,
    "dump": yards.dump,
    "graffiti": parks.graffiti,
    "bench": parks.bench,
    "car": yards.car,
}
LIGHT = {"lamp": ("night",), "snow": ("winter",), "icicles": ("winter",)}
DAYLIGHT = ("clear", "cloudy", "golden", "fresh")

ORIENTATION, MADE_BY, TAKEN_AT, EXIF_BLOCK, ORIGINAL_AT = 0x0112, 0x0110, 0x0132, 0x8769, 0x9003
SOFTWARE, PLACE_BLOCK = 0x0131, 0x8825
SIDEWAYS = 6  # the phone was held upright; whoever shows the photo turns it a quarter clockwise


def draw(
    scene: str, seed: int, *, taken_at: datetime, mended: bool = False, place: tuple[float, float] | None = None
) -> bytes:
    """A JPEG photo of the scene; the same scene and seed are the same place, whoever draws it."""
    light = Random(f"{scene} {seed} {mended}")
    canvas = Canvas(light.choice(LIGHT.get(scene, DAYLIGHT)), Random(f"{scene} {seed}"))
    SCENES[scene](canvas, mended)
    photo = canvas.sheet.reduce(2)
    if mended:
        photo = from_elsewhere(photo, Random(f"{scene} {seed} {taken_at}"))
    if Random(seed).random() < 0.5:
        photo = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    photo = developed(photo, light)
    sideways = light.random() < 0.2
    return saved(photo, taken_at, sideways=sideways, quality=light.randint(78, 90), place=place)


def from_elsewhere(photo: Image.Image, chance: Random) -> Image.Image:
    """Whoever mended the place stands not quite where its author stood, and holds the camera in their own way."""
    width, height = photo.size
    turn, kept = radians(chance.choice((-1, 1)) * chance.uniform(2, 5)), chance.uniform(0.7, 0.84)
    along, across = kept * cos(turn), kept * sin(turn)
    reach = (along * width + abs(across) * height) / 2, (along * height + abs(across) * width) / 2
    left = chance.uniform(reach[0], width - reach[0]) - (along * width - across * height) / 2
    top = chance.uniform(reach[1], height - reach[1]) - (across * width + along * height) / 2
    # The nearest point will do, the grain of the film comes later; anything smoother takes six times as long.
    return photo.transform(photo.size, Image.Transform.AFFINE, (along, -across, left, across, along, top))


def developed(photo: Image.Image, light: Random) -> Image.Image:
    """Grain and darker corners, a little lighter or darker as a whole."""
    grain = ImageChops.offset(film(), light.randrange(PHOTO[0]), light.randrange(PHOTO[1]))
    photo = ImageChops.multiply(photo, corners())
    photo = ImageChops.overlay(photo, grain)
    exposure = light.uniform(0.95, 1.05)
    return photo.point([min(255, round(level * exposure)) for level in range(256)] * 3)


@cache
def film() -> Image.Image:
    return Image.effect_noise(PHOTO, 7).convert("RGB")


@cache
def corners() -> Image.Image:
    shade = Image.radial_gradient("L").point([255 - max(0, level - 120) // 4 for level in range(256)])
    return shade.resize(PHOTO, Image.Resampling.BILINEAR).convert("RGB")


def saved(
    photo: Image.Image,
    taken_at: datetime,
    *,
    sideways: bool = False,
    quality: int = 85,
    place: tuple[float, float] | None = None,
    editor: str = "",
) -> bytes:
    stamp = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif = Image.Exif()
    exif[ORIENTATION] = SIDEWAYS if sideways else 1
    exif[MADE_BY] = "Demo phone"
    exif[TAKEN_AT] = stamp
    exif.get_ifd(EXIF_BLOCK)[ORIGINAL_AT] = stamp
    if place:
        exif.get_ifd(PLACE_BLOCK).update({1: "N", 2: in_degrees(place[0]), 3: "E", 4: in_degrees(place[1])})
    if editor:
        exif[SOFTWARE] = editor
    if sideways:
        photo = photo.transpose(Image.Transpose.ROTATE_90)
    out = BytesIO()
    photo.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def in_degrees(value: float) -> tuple[float, float, float]:
    """As cameras write it: degrees, minutes and seconds."""
    minutes, seconds = divmod(value * 3600, 60)
    return (*map(float, divmod(minutes, 60)), round(seconds, 3))  # type: ignore[return-value]
