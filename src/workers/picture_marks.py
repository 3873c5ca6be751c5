"""Marks of a photo that should not be sent as it is (§4.1, R14): measured here, while a person has the last word.

Every picture is judged at the same size and as it will be shown, so that a camera and an old telephone are measured
alike. The thresholds stand between what tests/workers/test_picture_marks.py measures of fit pictures and of unfit
ones; where the two meet, the mark is left out: an unmarked photo is still seen by the reviewer, a wrong mark costs
the executor a press of a button.
"""

from collections.abc import Iterator

from PIL import Image, ImageFilter

# Pixels of the shorter side: a number plate or a kerb a few metres away can no longer be told.
SMALL = 480

# The share of the height or width that two opposite borders of one colour take away together, and each at least.
BORDERS, EACH_BORDER = 0.12, 0.03
OF_A_LINE = 0.85  # so much of a line has the colour: the clock on top of a screenshot does not
SAME = 12  # levels of 255, which is what JPEG makes of one colour
STEP = 24  # a border ends at once, while a sky or a night passes into the scene
PAPER = 0.5  # more of the colour than this between the borders, and they are the margins of a document

# Levels of 255 that only a fiftieth of the picture is lighter than; one lamp at night lights up more.
DARK, LIGHTEST = 70, 0.02

# Levels of 255: the edge that only three thousandths of the picture exceed, so that one sharp thing is enough; smoothed
# before, because the grain of a dark picture is sharp as well. Fit pictures of this many pixels on the longer side have
# edges of 25 and more, those that cannot be read of 8 and less.
BLURRED, SHARPEST, SHARPNESS_SIDE = 14, 0.003, 480

# A sky is smooth, light and bluish. Standing at a side or at the foot of the picture and not on top, it says which way
# the picture was turned. It is found in every second photo that lies on its side, and a grey sky in none: to mark
# fewer is the price of marking nothing that stands upright.
SKY_SIDE, GRID, STRIP = 96, 24, 3
SKY_SMOOTH, SKY_LIGHT = 4, 120
SKY, SKY_GAP, SKY_OPPOSITE = 0.6, 0.3, 0.2  # of a strip; more than on top; at most on the side across

LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
STRENGTH = [abs(level - 128) for level in range(256)]
BOX = Image.Resampling.BOX


def marks(picture: Image.Image, width: int, height: int) -> dict[str, float]:
    """Each mark with the number that was measured; width and height are those of the file, in pixels."""
    small = fitted(picture, SHARPNESS_SIDE)
    grey = small.convert("L")
    found: dict[str, float] = {}
    if (sky := sideways(small)) >= SKY:
        found["sideways"] = round(sky, 2)
    if (taken := max(pair(grey), pair(grey.transpose(Image.Transpose.ROTATE_90)))) >= BORDERS:
        found["borders"] = round(taken, 2)
    if min(width, height) < SMALL:
        found["small"] = min(width, height)
    if (light := exceeded_by(LIGHTEST, grey)) < DARK:
        found["dark"] = light
    elif (edge := exceeded_by(SHARPEST, edges(grey.filter(ImageFilter.BoxBlur(1))))) < BLURRED:
        found["blurred"] = edge
    return found


def fitted(picture: Image.Image, side: int) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((side, side), BOX)
    return copy


def edges(grey: Image.Image) -> Image.Image:
    """How strongly each point differs from its neighbours; the outermost points have too few of them."""
    inner = (1, 1, max(2, grey.width - 1), max(2, grey.height - 1))
    return grey.filter(LAPLACIAN).point(STRENGTH).crop(inner)


def exceeded_by(share: float, grey: Image.Image) -> int:
    """The level that only this share of the picture exceeds."""
    left = share * grey.width * grey.height
    levels = grey.histogram()
    for level in range(255, 0, -1):
        left -= levels[level]
        if left < 0:
            return level
    return 0


def pair(grey: Image.Image) -> float:
    """The share of the height that a border above and one below of the same colour take away; 0 when there are none."""
    first, last = (grey.crop((0, row, grey.width, row + 1)).histogram() for row in (0, grey.height - 1))
    colour = first.index(max(first))
    if abs(colour - last.index(max(last))) > SAME:
        return 0.0
    lines = near(grey, colour, SAME)
    above, below = leading(lines), leading(lines[::-1])
    inside = lines[above : len(lines) - below]
    if min(above, below) < EACH_BORDER * len(lines) or not inside or sum(inside) / len(inside) > PAPER:
        return 0.0
    beyond = near(grey, colour, STEP)
    at_once = beyond[above + 2 : above + 3] + beyond[-below - 3 : -below - 2]
    return (above + below) / len(lines) if at_once and max(at_once) <= PAPER else 0.0


def near(grey: Image.Image, colour: int, levels: int) -> list[float]:
    """Of each line, from above, the share that has the colour."""
    mask = grey.point([255 if abs(level - colour) <= levels else 0 for level in range(256)])
    return [value / 255 for value in mask.resize((1, grey.height), BOX).tobytes()]


def leading(lines: list[float]) -> int:
    return next((number for number, share in enumerate(lines) if share < OF_A_LINE), len(lines))


def sideways(picture: Image.Image) -> float:
    """How much of a side, or of the foot, is sky where it cannot be; 0 when the sky is on top, or there is none."""
    sky = skies(fitted(picture, SKY_SIDE))
    last = GRID - STRIP
    top, bottom = share(sky, range(STRIP), range(GRID)), share(sky, range(last, GRID), range(GRID))
    left, right = share(sky, range(GRID), range(STRIP)), share(sky, range(GRID), range(last, GRID))
    wrong = [
        here
        for here, across in ((left, right), (right, left), (bottom, top))
        if here >= SKY and across <= SKY_OPPOSITE and top <= here - SKY_GAP
    ]
    return max(wrong, default=0.0)


def skies(picture: Image.Image) -> list[list[bool]]:
    """Which fields of a grid over the picture look like sky, row by row."""
    rough = edges(picture.convert("L")).resize((GRID, GRID), BOX).tobytes()
    colours = picture.convert("RGB").resize((GRID, GRID), BOX).tobytes()
    fields = list(looks_like_sky(rough, colours))
    return [fields[row * GRID : (row + 1) * GRID] for row in range(GRID)]


def looks_like_sky(rough: bytes, colours: bytes) -> Iterator[bool]:
    for place, roughness in enumerate(rough):
        red, green, blue = colours[3 * place : 3 * place + 3]
        bluish = blue >= red + 4 and blue >= green - 2
        yield roughness <= SKY_SMOOTH and bluish and min(green, blue) > SKY_LIGHT


def share(fields: list[list[bool]], rows: range, columns: range) -> float:
    return sum(fields[row][column] for row in rows for column in columns) / (len(rows) * len(columns))
