"""Flat shapes with smooth edges: the units are those of a 320 by 240 sketch, drawn twice as large as they are kept."""

from collections.abc import Sequence
from functools import cache
from random import Random

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]

WIDTH, HEIGHT = 320, 240
SCALE = 8  # of the sheet that is drawn on; the photo is half as large, which smooths the edges
PHOTO = (1280, 960)

# The light of the hour: what every colour is mixed with, how much of it, and the sky from top to horizon.
MOODS: dict[str, tuple[str, float, str, str]] = {
    "clear": ("#fff6dc", 0.05, "#a9cdec", "#e6f0f4"),
    "cloudy": ("#c9d3dc", 0.14, "#b4c2cd", "#e3e8ea"),
    "golden": ("#ffcf8f", 0.16, "#a8bfd8", "#fbe3c0"),
    "fresh": ("#e3f2ff", 0.08, "#9fcbe8", "#e9f6ee"),
    "winter": ("#dfe9f5", 0.12, "#bccfe0", "#f1f5f8"),
    "night": ("#26335c", 0.12, "#131d3c", "#4b5884"),
}


def rgb(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """The colour with a share of another in it."""
    r, g, b = (round(own + (foreign - own) * share) for own, foreign in zip(colour, other, strict=True))
    return r, g, b


class Canvas:
    """A sheet with a light upon it and the chance that varies the place."""

    def __init__(self, mood: str, chance: Random) -> None:
        tint, self.share, _, _ = MOODS[mood]
        self.mood = mood
        self.tint = rgb(tint)
        self.chance = chance
        self.sheet = sky(mood).copy()
        self.pen = ImageDraw.Draw(self.sheet, "RGBA")

    def ink(self, colour: str, alpha: int = 255) -> tuple[int, int, int, int]:
        return (*mixed(rgb(colour), self.tint, self.share), alpha)

    def between(self, low: float, high: float) -> float:
        return self.chance.uniform(low, high)

    def one(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def rect(self, x: float, y: float, w: float, h: float, colour: str, alpha: int = 255, round_by: float = 0) -> None:
        box = (x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE)
        if round_by:
            self.pen.rounded_rectangle(box, round_by * SCALE, fill=self.ink(colour, alpha))
        else:
            self.pen.rectangle(box, fill=self.ink(colour, alpha))

    def shape(self, points: Sequence[Point], colour: str, alpha: int = 255) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=self.ink(colour, alpha))

    def blob(self, points: Sequence[Point], colour: str, alpha: int = 255) -> None:
        self.shape(curve(points), colour, alpha)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: str, alpha: int = 255) -> None:
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self.pen.ellipse(box, fill=self.ink(colour, alpha))

    def line(self, points: Sequence[Point], width: float, colour: str) -> None:
        """A stroke with round ends and joints."""
        ink = self.ink(colour)
        drawn = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(drawn, fill=ink, width=round(width * SCALE), joint="curve")
        half = width * SCALE / 2
        for x, y in (drawn[0], drawn[-1]):
            self.pen.ellipse((x - half, y - half, x + half, y + half), fill=ink)

    def shadow(self, x: float, y: float, rx: float, ry: float) -> None:
        for grown in (1.12, 1.0, 0.85):
            self.disc(x, y, rx * grown, ry * grown, "#1b2430", 26)

    def scattered(self, colour: str, box: tuple[float, float, float, float], count: int, size: float) -> None:
        """Crumbs, leaves, drops: many small discs in a box (x, y, w, h), smaller farther away."""
        x, y, w, h = box
        for _ in range(count):
            down = self.chance.random()
            r = size * (0.5 + 0.7 * down) * self.between(0.6, 1.3)
            self.disc(x + self.chance.random() * w, y + down * h, r, r * 0.6, colour)


def curve(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """A smooth closed line through the points (Catmull and Rom)."""
    smooth: list[Point] = []
    count = len(points)
    for i in range(count):
        a, b, c, d = (points[(i + k - 1) % count] for k in range(4))
        for step in range(steps):
            t = step / steps
            smooth.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return smooth


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


@cache
def sky(mood: str) -> Image.Image:
    """One column of few pixels, stretched: from the top of the sky to the horizon."""
    _, _, top, horizon = MOODS[mood]
    column = Image.new("RGB", (1, 64))
    for y in range(64):
        column.putpixel((0, y), mixed(rgb(top), rgb(horizon), min(1.0, y / 42)))
    high = column.resize((1, HEIGHT * SCALE), Image.Resampling.BILINEAR)
    return high.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.NEAREST)
