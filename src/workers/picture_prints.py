"""The print of a picture (§4.2, R16, R17): by it the same picture is known again after another program has saved it.

A difference hash: 8 rows of 8 neighbours across and 8 of 8 down, each a bit that says which of the two is lighter.
Measured on 150 drawn places: two prints of the same picture differ, at the median and in nine of ten, in 1 and 4 of the
128 bits when it was saved at quality 40; in 1 and 2 at a quarter of the size; in 3 and 7 cropped by 2 %, in 8 and 14
by 5 %; in 3 and 10 lighter by a fifth; in 2 and 5 with a watermark. Those of different scenes differ in 57, and in at
least 14 of 10 500 pairs. `domain/lookalikes.py` says from where on two pictures are told as the same, and
docs/decisions/0032-evidence.md what that finds and what it misses.
"""

import dhash
from PIL import Image

SIDE = 8
BANDS = 5  # those of the index: each takes every fifth bit, so that none of them is only the sky

# A picture whose neighbours hardly differ has a print of noise, a bare gradient (64 pairs) that of every other one, and
# white paper that of every other letter. Drawn places have at least 82 telling pairs and at most 0.55 of snow, letters
# 0.81 of paper.
TELLING, TELLING_AT_LEAST = 3, 72  # levels of 255 between two neighbours; of the 128 pairs
PAPER, PAPER_AT_MOST = 225, 0.7  # so light is paper; the share of the picture


def print_of(picture: Image.Image) -> str | None:
    """128 bits as 32 hexadecimal digits; None for a picture that is too plain to be known by it."""
    grey = picture.convert("L")
    if sum(grey.histogram()[PAPER:]) > PAPER_AT_MOST * grey.width * grey.height:
        return None
    greys = list(grey.resize((SIDE + 1, SIDE + 1), Image.Resampling.LANCZOS).tobytes())
    if telling(greys) < TELLING_AT_LEAST:
        return None
    bits = f"{dhash.dhash_int(greys, SIDE):0{2 * SIDE * SIDE}b}"
    spread = "".join(bits[band::BANDS] for band in range(BANDS))
    return f"{int(spread, 2):0{SIDE * SIDE // 2}x}"


def telling(greys: list[int]) -> int:
    """How many of the neighbours differ by more than noise."""
    width = SIDE + 1
    places = [row * width + column for row in range(SIDE) for column in range(SIDE)]
    pairs = [(place, place + step) for place in places for step in (1, width)]
    return sum(abs(greys[one] - greys[other]) >= TELLING for one, other in pairs)
