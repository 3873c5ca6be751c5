"""Turning and cropping a picture (§4.1, R14): which part of the file is what one sees, however it is turned."""

from collections.abc import Callable, Sequence

from PIL import Image

Box = tuple[float, float, float, float]  # left, top, width and height, in shares of the picture's sides
Turn = Image.Transpose
WHOLE: Box = (0, 0, 1, 1)

# By the orientation of EXIF: what turns the picture upright.
UPRIGHT = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_270,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_90,
}
CLOCKWISE = {90: Turn.ROTATE_270, 180: Turn.ROTATE_180, 270: Turn.ROTATE_90}  # Pillow counts the other way round
# Where a box of the turned picture lay before the turn.
BEFORE: dict[Turn, Callable[[float, float, float, float], Box]] = {
    Turn.FLIP_LEFT_RIGHT: lambda left, top, width, height: (1 - left - width, top, width, height),
    Turn.FLIP_TOP_BOTTOM: lambda left, top, width, height: (left, 1 - top - height, width, height),
    Turn.ROTATE_180: lambda left, top, width, height: (1 - left - width, 1 - top - height, width, height),
    Turn.ROTATE_90: lambda left, top, width, height: (1 - top - height, left, height, width),
    Turn.ROTATE_270: lambda left, top, width, height: (top, 1 - left - width, height, width),
    Turn.TRANSPOSE: lambda left, top, width, height: (top, left, height, width),
    Turn.TRANSVERSE: lambda left, top, width, height: (1 - top - height, 1 - left - width, height, width),
}


def as_stored(box: Box, turns: Sequence[Turn]) -> Box:
    """The box of the picture that the turns, one after another, have made, as it lies in the file.

    What is cropped before it is turned needs the memory of one picture and not of two.
    """
    for turn in reversed(turns):
        box = BEFORE[turn](*box)
    return box


def pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the box, never less than one pixel apart."""
    left, top = round(box[0] * size[0]), round(box[1] * size[1])
    right, bottom = round((box[0] + box[2]) * size[0]), round((box[1] + box[3]) * size[1])
    left, top = max(0, min(left, size[0] - 1)), max(0, min(top, size[1] - 1))
    return left, top, max(left + 1, min(right, size[0])), max(top + 1, min(bottom, size[1]))


def across(size: tuple[int, int], turns: Sequence[Turn]) -> tuple[int, int]:
    """Width and height after the turns."""
    for turn in turns:
        if turn in (Turn.ROTATE_90, Turn.ROTATE_270, Turn.TRANSPOSE, Turn.TRANSVERSE):
            size = size[::-1]
    return size
