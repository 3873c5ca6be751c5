"""Few bytes that want all the memory or all the time."""

import struct
import zlib
from collections.abc import Iterator

from PIL import Image
from tests.hostile import Hostile, refused, shown, taken
from tests.hostile.making import DRAWN, END, PLAIN, after_start, chunk, data, grey_tiff, header, png, segment, sized
from tests.workers.drawing import giants_allowed, quarters, saved


def files() -> Iterator[Hostile]:
    yield from measures()
    yield from scans()
    yield from segments()
    yield from packed()


def measures() -> Iterator[Hostile]:
    """Their measure alone is too much: they are refused before a pixel is made."""
    progressive = saved(DRAWN, progressive=True)
    for width, height in ((65500, 65500), (65500, 2000), (11_000, 10_000)):
        yield refused(f"giant-{width}x{height}.jpg", sized(PLAIN, width, height), "jpeg", "giant")
        yield refused(f"giant-{width}x{height}.png", png(header(width, height), data(b"\0" * 900), END), "png", "giant")
        yield refused(f"giant-{width}x{height}.tiff", grey_tiff(width, height, b"\0" * 900), "tiff", "giant")
        yield refused(f"giant-{width}x{height}-p.jpg", sized(progressive, width, height), "jpeg", "giant")
    yield refused("giant-8000x7000-p.jpg", sized(progressive, 8000, 7000), "jpeg", "giant")
    for side in (2**31 - 1, 2**31, 2**32 - 1):
        yield refused(f"giant-{side}.png", png(header(side, side), data(b"\0" * 900), END), "png", "giant")
    # Their measure is allowed, and then the pixels do not come: a JPEG is grey from there on.
    yield taken("promised-9000x9000.jpg", sized(PLAIN, 9000, 9000), size=(9000, 9000))
    yield taken("promised-7000x7000-p.jpg", sized(progressive, 7000, 7000), size=(7000, 7000))
    yield refused("promised-9000x9000.png", png(header(9000, 9000), data(b"\0" * 900), END), "png")
    yield refused("promised-9000x9000.tiff", grey_tiff(9000, 9000, b"\0" * 900), "tiff")


def scans() -> Iterator[Hostile]:
    content = saved(quarters(64, 64), progressive=True)
    last = content.rindex(b"\xff\xda")
    for count in (101, 1000, 8000):
        many = content[:last] + content[last:-2] * count + content[-2:]
        yield refused(f"scans-{count}.jpg", many, "jpeg", "heavy")
    yield taken("scans-40.jpg", content[:last] + content[last:-2] * 40 + content[-2:], "jpeg")
    hidden = after_start(PLAIN, segment(0xFE, b"\xff\xda\0\x02" * 5000))
    yield shown("scans-in-a-comment.jpg", hidden)


def segments() -> Iterator[Hostile]:
    yield shown("segments-20000.jpg", after_start(PLAIN, *(segment(0xEA, b"") for _ in range(20_000))))
    yield shown("segments-long.jpg", after_start(PLAIN, *(segment(0xEA, b"\0" * 65_533) for _ in range(40))))
    tables = PLAIN[PLAIN.index(b"\xff\xdb") : PLAIN.index(b"\xff\xc0")]
    yield shown("tables-3000.jpg", after_start(PLAIN, tables * 3000))
    frame = PLAIN[PLAIN.index(b"\xff\xc0") : PLAIN.index(b"\xff\xc4")]
    yield refused("frames-two.jpg", PLAIN.replace(frame, frame * 2), "jpeg")
    yield shown(
        "chunks-100000.png", saved(DRAWN, "PNG")[:33] + chunk(b"teSt", b"") * 100_000 + saved(DRAWN, "PNG")[33:], "png"
    )


def packed() -> Iterator[Hostile]:
    """They do unpack, to what one child may hold or not."""
    black = b"\0" * (1 + 9000 // 8) * 9000
    yield taken("unpacked-81-one-bit.png", png(header(9000, 9000, 1, 0), data(black), END), "png", size=(9000, 9000))
    wide = zlib.compressobj(1)
    body = b"".join(wide.compress(b"\0" * (1 + 5000 * 8) * 100) for _ in range(50)) + wide.flush()
    deep = png(header(5000, 5000, 16, 6), chunk(b"IDAT", body), END)
    yield taken("unpacked-25-sixty-four-bits.png", deep, "png", size=(5000, 5000))
    with giants_allowed():
        yield refused(
            "bomb-9900-p.jpg", saved(Image.new("L", (9900, 9900)), progressive=True, quality=1), "jpeg", "giant"
        )
    tail = struct.pack(">I", 2**31 - 1) + b"IDAT"
    yield refused("length-of-gigabytes.png", png(header(100, 100)) + tail, "png")
    lzw = saved(Image.new("L", (9000, 9000)), "TIFF", compression="tiff_lzw")
    yield taken("unpacked-81-lzw.tiff", lzw, "tiff", size=(9000, 9000))
