"""Pictures that are the same or nearly the same (§4.2, R16, R17): found by an index among all that were ever attached.

Two prints that differ in at most `SAME_WITHIN` of 128 bits are told as the same picture: all copies that were saved
anew at quality 40, at a quarter of the size, darker or with a watermark are found, nearly all that were cropped by 2 %,
and no two of 10 500 pairs of different drawn scenes are taken for one (docs/decisions/0032-evidence.md). The index
misses nothing up to that distance, because it looks for each of five bands of the print and for every neighbour of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.model import Attachment

SAME_WITHIN = 9  # 5 bands, each within one bit: 5 × 2 − 1
SIDE, BANDS = 8, 5  # as workers/picture_prints.py has made them

Grid = list[list[bool]]


@dataclass(frozen=True)
class Alike:
    """A picture like `photo`, where it belongs, and in how many bits of its print it differs, 0 for the same file."""

    photo: UUID
    id: UUID
    message: int
    answer: int | None
    received_at: datetime
    distance: int


# The nearest of each message; what somebody only prepares is nobody's evidence yet.
FOUND = """
SELECT DISTINCT ON (photo, message, of_an_answer) photo, id, message, answer, received_at, distance FROM (
    SELECT asked.photo, o.id, o.message, o.answer, o.answer IS NOT NULL AS of_an_answer, o.received_at,
           print_distance(o.print, asked.print) AS distance
    FROM unnest({}::uuid[], {}::text[]) AS asked (photo, print)
    CROSS JOIN LATERAL (SELECT * FROM attachment WHERE print IS NOT NULL AND print_bands(print) &&
        print_near(asked.print) AND print_distance(print, asked.print) <= {} OFFSET 0) o
    UNION ALL
    SELECT mine.id, o.id, o.message, o.answer, o.answer IS NOT NULL, o.received_at, 0
    FROM attachment mine JOIN attachment o ON o.content_hash = mine.content_hash WHERE mine.id = ANY({}::uuid[])
) each WHERE id <> photo AND message IS NOT NULL
AND ((SELECT an.state FROM answer an WHERE an.id = each.answer) IS DISTINCT FROM 'draft' OR each.answer = {})
ORDER BY photo, message, of_an_answer, distance, received_at
"""


async def lookalikes(prints: Mapping[UUID, str | None], answer: int | None = None) -> list[Alike]:
    """Everything that looks like these photos, however it was turned or mirrored since; the nearest first.

    Among them are those of the `answer` that is being written; what others only write is nobody's evidence yet.
    """
    asked = [(photo, turn) for photo, print in prints.items() if print for turn in turned(print)]
    photos, turns = [photo for photo, _ in asked], [turn for _, turn in asked]
    rows = await Attachment.raw(FOUND, photos, turns, SAME_WITHIN, list(prints), answer)
    return sorted((Alike(**row) for row in rows), key=lambda each: (each.distance, each.received_at))


def turned(print: str) -> list[str]:
    """The prints that the picture would have in each of its eight positions, the one that it has first.

    A print lacks the last column of one half and the last row of the other, so a turn has to guess them from their
    neighbours: that costs some of the bits, and a copy that was turned and spoilt as well may be missed.
    """
    across, down = halves(print)
    found = []
    for _ in range(4):
        found += [joined(across, down), joined(*mirrored(across, down))]
        across, down = a_quarter_further(across, down)
    return list(dict.fromkeys(found))


def mirrored(across: Grid, down: Grid) -> tuple[Grid, Grid]:
    """Left is right: what was lighter is darker, and each column lies on the other side."""
    return [[not bit for bit in row[::-1]] for row in across], [shifted(row[::-1]) for row in down]


def a_quarter_further(across: Grid, down: Grid) -> tuple[Grid, Grid]:
    """Clockwise: the columns, from below, become rows."""
    columns = [list(each) for each in zip(*down, strict=True)]
    rows = [list(each) for each in zip(*across, strict=True)]
    return mirrored(columns, rows)


def shifted(row: list[bool]) -> list[bool]:
    """The nine columns that were there are seen from the other end: the first of them is not known."""
    return [row[0], *row[:-1]]


def halves(print: str) -> tuple[Grid, Grid]:
    """Row by row, which neighbour across and which below is lighter."""
    spread = bits_of(print)
    bits = [False] * len(spread)
    for place, bit in zip(order(len(bits)), spread, strict=True):
        bits[place] = bit
    rows = [bits[start : start + SIDE] for start in range(0, len(bits), SIDE)]
    return rows[:SIDE], rows[SIDE:]


def joined(across: Grid, down: Grid) -> str:
    bits = [bit for row in (*across, *down) for bit in row]
    return f"{int(''.join('01'[bits[place]] for place in order(len(bits))), 2):0{len(bits) // 4}x}"


def bits_of(print: str) -> list[bool]:
    return [bit == "1" for bit in f"{int(print, 16):0{len(print) * 4}b}"]


def order(length: int) -> Iterable[int]:
    """In a print every fifth bit comes first, so that each band of the index is of the whole picture."""
    return [place for band in range(BANDS) for place in range(band, length, BANDS)]
