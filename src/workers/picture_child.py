"""The child process that decodes pictures of strangers (§4.1, R14): it has limits, no secrets, and may die.

It is a fork of its nursery, which imports nothing of ours but its parts. Each line on its input is a job (JSON: source,
kind, into, areas to cover in thousandths, turn in degrees and crop in shares), each line on its output the result: the
measure of the upright picture with its marks, its print and what the file says of itself, whose sizes then lie in the
folder, or why it was refused.

Of a TIFF with several pages the first is the picture, and the mark `pages` says how many there are; of a film and of a
HEIC with several pictures it is the one that the file itself shows first. The original keeps all of it.
"""

import json
import os
import re
import resource
import sys
from collections.abc import Callable, Iterator
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFile

from workers.picture_colours import eight_bits, has_holes, in_srgb
from workers.picture_marks import marks
from workers.picture_prints import print_of
from workers.picture_traces import traces
from workers.picture_turns import CLOCKWISE, UPRIGHT, WHOLE, across, as_stored, pixels

SIZES = {"large": 1920, "medium": 960, "small": 320}  # the longest side in pixels, each made from the one before
QUALITY = 80
METHOD = 2  # of WebP's efforts 0–6: more takes twice the time for some per cent of the bytes

MEGAPIXELS_AT_MOST = 100
# A progressive JPEG is held whole, as coefficients, before its first line can be drawn.
PROGRESSIVE_MEGAPIXELS_AT_MOST = 50
SCANS_AT_MOST = 100
MEMORY_BYTES = 2**30
CPU_SECONDS = 15
FILE_BYTES = 64 * 2**20
PAGES_AT_MOST = 100  # of a scan in TIFF; longer ones are documents, and PDF is made for them
TURNED_BY_READER = ("tiff", "heic")  # their readers turn a picture upright while they load it

ORIENTATION = 0x0112
COVER = (28, 36, 48)  # nothing shines through a colour, while blurred faces have been recognised
Work = Callable[[dict[str, Any]], dict[str, Any]]
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
SCAN, END = 0xDA, 0xD9

# Pillow would look for its readers and writers in every child, which takes longer than a small picture.
Image.init()


class Refused(Exception):
    """The picture is not taken; the text is one of the reasons that `pictures.py` knows."""


def main() -> None:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MEGAPIXELS_AT_MOST * 1_000_000 * 2
    serve(prepare)


def serve(do: Work) -> None:
    limit()
    answer({"ready": os.getpid()})
    for line in sys.stdin:
        more_time()
        answer(work(json.loads(line), do))


def answer(result: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


def limit() -> None:
    # Whoever waits for a page comes before whoever waits for a picture.
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    # macOS does not let a process limit its address space; there the time limits alone must do.
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def more_time() -> None:
    """Every picture has its own seconds: the limit counts those of the whole process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, resource.RLIM_INFINITY))


def work(job: dict[str, Any], do: Work) -> dict[str, Any]:
    try:
        return do(job)
    except Refused as reason:
        return {"refused": str(reason)}
    except Image.DecompressionBombError:
        return {"refused": "giant"}
    except MemoryError:
        return {"refused": "heavy"}
    # On two thousand edge cases Pillow raised five kinds of exceptions, some of them its own mistakes (KeyError).
    except Exception as trouble:
        return {"refused": "damaged", "detail": f"{type(trouble).__name__}: {trouble}"[:200]}


def prepare(job: dict[str, Any]) -> dict[str, Any]:
    kind, source = job["kind"], Path(job["source"])
    if kind == "jpeg" and scans(source.read_bytes()) > SCANS_AT_MOST:
        raise Refused("heavy")
    with Image.open(source, formats=[reader(kind)]) as picture:
        refuse_giants(picture)
        if picture.mode == "F":
            raise Refused("unreadable")
        pages = pages_of(picture) if kind == "tiff" else 1
        upright = None if kind in TURNED_BY_READER else UPRIGHT.get(picture.getexif().get(ORIENTATION, 1))
        turns = [turn for turn in (upright, CLOCKWISE.get(job["turn"])) if turn is not None]
        box = as_stored(tuple(job["crop"] or WHOLE), turns)
        stored = picture.size
        if kind == "jpeg":
            # Decodes at once to ½, ¼ or ⅛, as long as what is kept of it is large enough.
            picture.draft(picture.mode, large_enough(stored, box))
        picture.load()
        # Not before: to read its metadata Pillow decodes a PNG, and would not tell a second time that it is damaged.
        found = traces(picture, source.read_bytes())
        if kind in TURNED_BY_READER:
            stored = picture.size
        plain = clean(picture.crop(pixels(box, picture.size)) if job["crop"] else picture)
    for turn in turns:
        plain = plain.transpose(turn)
    left, top, right, bottom = pixels(box, stored)
    width, height = across((right - left, bottom - top), turns)
    cover(plain, job["areas"])
    write(plain, Path(job["into"]))
    several = {"pages": pages} if pages > 1 else {}
    seen = {"marks": marks(plain, width, height) | several, "print": print_of(plain), "traces": found}
    return {"width": width, "height": height, **seen}


@cache
def reader(kind: str) -> str:
    """What Pillow calls the format. The reader of HEIC is another library, which only its first picture waits for."""
    if kind != "heic":
        return kind.upper()
    from pillow_heif import register_heif_opener

    # One thread, because the memory that threads reserve counts to the limit; and nothing beside the picture is read.
    register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
    return "HEIF"


def pages_of(scan: Image.Image) -> int:
    """How many pages a TIFF has: the first is the picture, and none may be a trap for whoever opens the original."""
    for number in range(PAGES_AT_MOST + 1):
        try:
            scan.seek(number)
        except EOFError:
            scan.seek(0)
            return number
        refuse_giants(scan)
    raise Refused("long")


def large_enough(stored: tuple[int, int], box: tuple[float, float, float, float]) -> tuple[int, int]:
    """The size of the whole picture at which the box is still as large as the large size."""
    share = SIZES["large"] / max(stored[0] * box[2], stored[1] * box[3])
    return ceil(stored[0] * share), ceil(stored[1] * share)


def scans(jpeg: bytes) -> int:
    """How many scans a JPEG has: each costs a pass over the whole picture, and a file may hold thousands."""
    return sum(marker == SCAN for marker in markers(jpeg))


def markers(jpeg: bytes) -> Iterator[int]:
    position = 2
    while found := MARKER.search(jpeg, position):
        marker = jpeg[found.start() + 1]
        yield marker
        if marker == END:
            return
        # Segments are stepped over by their length: a preview in the metadata has scans of its own.
        position = found.end() + int.from_bytes(jpeg[found.end() : found.end() + 2])


def refuse_giants(picture: Image.Image) -> None:
    width, height = picture.size
    progressive = picture.info.get("progressive") or picture.info.get("progression")
    most = PROGRESSIVE_MEGAPIXELS_AT_MOST if progressive else MEGAPIXELS_AT_MOST
    if width * height > most * 1_000_000:
        raise Refused("giant")


def clean(picture: Image.Image) -> Image.Image:
    """At most the large size, eight bits, in sRGB, on white: nothing is left but what one sees."""
    profile = picture.info.get("icc_profile")
    small = fitted(eight_bits(picture), SIZES["large"])
    if has_holes(small):
        layer = small.convert("RGBA")
        small = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return in_srgb(small, profile)


def fitted(picture: Image.Image, side: int) -> Image.Image:
    """Not larger than the side, never enlarged, and never less than one pixel."""
    longest = max(picture.size)
    if longest <= side:
        return picture
    size = tuple(max(1, round(each * side / longest)) for each in picture.size)
    return picture.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3)


def cover(picture: Image.Image, areas: list[list[int]]) -> None:
    """Every pixel that an area touches; before the sizes are made, so that none of them is mixed from what is below."""
    pen = ImageDraw.Draw(picture)
    across, down = picture.size
    for left, top, width, height in areas:
        first = (floor(left * across / 1000), floor(top * down / 1000))
        last = (ceil((left + width) * across / 1000) - 1, ceil((top + height) * down / 1000) - 1)
        pen.rectangle((*first, max(first[0], last[0]), max(first[1], last[1])), fill=COVER)


def write(picture: Image.Image, into: Path) -> None:
    for name, side in SIZES.items():
        picture = fitted(picture, side)
        # Of what the camera wrote nothing is handed on: this encoder writes only what it is told to.
        picture.save(into / name, "WEBP", quality=QUALITY, method=METHOD)
