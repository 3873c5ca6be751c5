"""Bytes by hand: what no library would write."""

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image
from tests.hostile import SECRET
from tests.workers.drawing import AS_STORED, quarters, saved

ACROSS, DOWN = 240, 160
DRAWN = quarters(ACROSS, DOWN)
PLAIN = saved(DRAWN)
ORIENTATION, MAKER = 0x0112, 0x010F


def as_stored(orientation: int) -> Image.Image:
    """What the camera kept of the quarters when it was held so."""
    turn = AS_STORED[orientation]
    return DRAWN if turn is None else DRAWN.transpose(turn)


def entry(order: str, tag: int, kind: int, count: int, value: bytes) -> bytes:
    return struct.pack(order + "HHI", tag, kind, count) + value.ljust(4, b"\0")[:4]


def exif(orientation: int, order: str = ">", *, kind: int = 3, count: int = 1, next_ifd: int = 0) -> bytes:
    """An Exif block with a maker and an orientation; SHORT (3) is the one kind that is right."""
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8)
    value = struct.pack(order + ("H" if kind == 3 else "I"), orientation)
    maker = SECRET + b"MAKER\0"
    entries = entry(order, MAKER, 2, len(maker), struct.pack(order + "I", 8 + 2 + 24 + 4))
    entries += entry(order, ORIENTATION, kind, count, value)
    return head + struct.pack(order + "H", 2) + entries + struct.pack(order + "I", next_ifd) + maker


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def after_start(jpeg: bytes, *segments: bytes) -> bytes:
    """The segments put in where a JPEG begins."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def app1(block: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + block)


def sized(jpeg: bytes, width: int, height: int) -> bytes:
    """The JPEG with another measure in its frame header."""
    for marker in (b"\xff\xc0", b"\xff\xc2"):
        at = jpeg.find(marker)
        if at > 0:
            return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]
    raise ValueError("no frame header")


def chunk(name: bytes, body: bytes, *, crc: int | None = None) -> bytes:
    check = zlib.crc32(name + body) if crc is None else crc
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def header(width: int, height: int, bits: int = 8, colour: int = 2, *, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))


END = chunk(b"IEND", b"")


def data(raw: bytes) -> bytes:
    return chunk(b"IDAT", zlib.compress(raw, 6))


def png_with(*chunks: bytes, tail: bytes = b"") -> bytes:
    """The quarters as PNG, with more chunks after its header."""
    plain = saved(DRAWN, "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:] + tail


def tiff(
    entries: Sequence[tuple[int, int, int, int]], after: bytes = b"", *, order: str = "<", next_ifd: int = 0
) -> bytes:
    """A TIFF of one directory; each entry is tag, kind, count and value. `after` begins at byte `8 + 6 + 12 n`."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    body = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        packed = struct.pack(order + "H", value) if kind == 3 and count == 1 else struct.pack(order + "I", value)
        body += entry(order, tag, kind, count, packed)
    return head + body + struct.pack(order + "I", next_ifd) + after


def grey_tiff(width: int, height: int, strip: bytes, **changes: Any) -> bytes:
    """Plain grey in one strip, as far as nothing else is asked: `changes` are values by the number of the tag."""
    tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 0, 277: 1, 278: height, 279: len(strip)}
    tags |= {int(name[1:]): value for name, value in changes.items() if name[0] == "t"}
    tags[273] = tags[273] or 8 + 6 + 12 * len(tags)
    entries = [(tag, 4, 1, value) for tag, value in sorted(tags.items())]
    return tiff(entries, strip, next_ifd=changes.get("next_ifd", 0))


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def heic(picture: Image.Image, **options: Any) -> bytes:
    """Written by the quickest preset: it is the container that is tried, not the codec."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    file = BytesIO()
    picture.save(file, "HEIF", quality=60, enc_params={"preset": "ultrafast"}, **options)
    return file.getvalue()


def avif(picture: Image.Image) -> bytes:
    return saved(picture, "AVIF", speed=10)
