"""TIFF: what scanners and faxes write, scans of several pages, and directories that lead nowhere or everywhere."""

import struct
from collections.abc import Iterator

from PIL import Image
from tests.hostile import SECRET, Hostile, refused, shown, taken
from tests.hostile.making import ACROSS, DOWN, DRAWN, ORIENTATION, as_stored, entry, grey_tiff, tiff
from tests.workers.drawing import quarters, saved

COMPRESSIONS = ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd", "lzma")
FAXES = ("group3", "group4", "tiff_ccitt")
LONG = 4


def files() -> Iterator[Hostile]:
    for orientation in range(1, 9):
        stored = saved(as_stored(orientation), "TIFF", tiffinfo={ORIENTATION: orientation, 270: "SECRET"})
        yield shown(f"turned-{orientation}.tiff", stored, "tiff", size=(ACROSS, DOWN))
    for name in COMPRESSIONS:
        yield shown(f"packed-{name}.tiff", saved(DRAWN, "TIFF", compression=name), "tiff", size=(ACROSS, DOWN))
    for name in FAXES:
        yield taken(f"fax-{name}.tiff", saved(DRAWN.convert("1"), "TIFF", compression=name), "tiff")
    yield from colours()
    yield from pages()
    yield from astray()
    yield from wrong()


def colours() -> Iterator[Hostile]:
    for mode in ("RGB", "RGBA", "CMYK", "P", "YCbCr"):
        yield shown(f"mode-{mode}.tiff", saved(DRAWN.convert(mode), "TIFF"), "tiff")
    for mode in ("1", "L", "LA", "I"):
        yield taken(f"mode-{mode}.tiff", saved(DRAWN.convert(mode), "TIFF"), "tiff")
    yield taken("mode-I16.tiff", saved(Image.linear_gradient("L").convert("I;16"), "TIFF"), "tiff")
    yield taken("mode-I16B.tiff", saved(Image.new("I;16B", (60, 40), 0x4000), "TIFF"), "tiff")
    yield taken("mode-LAB.tiff", saved(Image.new("LAB", (60, 40)), "TIFF"), "tiff")
    yield refused("floating.tiff", saved(Image.new("F", (60, 40)), "TIFF"), "tiff", "unreadable")
    yield shown("large.tiff", saved(quarters(2600, 2000), "TIFF", compression="tiff_lzw"), "tiff", size=(2600, 2000))
    yield shown("big.tiff", saved(DRAWN, "TIFF", big_tiff=True), "tiff")
    yield taken("white-is-zero.tiff", grey_tiff(10, 10, b"\x10" * 100, t262=0), "tiff")
    yield taken("motorola.tiff", motorola(), "tiff")


def motorola() -> bytes:
    tags = [(256, 4), (257, 4), (258, 8), (259, 1), (262, 1), (273, 8 + 6 + 12 * 9), (277, 1), (278, 4), (279, 16)]
    return tiff([(tag, LONG, 1, value) for tag, value in tags], b"\x80" * 16, order=">")


def pages() -> Iterator[Hostile]:
    sheet = quarters(60, 40)
    for count in (2, 3, 50, 100):
        content = saved(DRAWN, "TIFF", save_all=True, append_images=[sheet] * (count - 1))
        yield shown(f"pages-{count}.tiff", content, "tiff", size=(ACROSS, DOWN))
    content = saved(DRAWN, "TIFF", save_all=True, append_images=[sheet] * 100)
    yield refused("pages-101.tiff", content, "tiff", "long")
    yield refused("pages-20000.tiff", chained(20_000), "tiff", "long")
    giant = saved(DRAWN, "TIFF", save_all=True, append_images=[quarters(50, 50)])
    yield refused("second-page-giant.tiff", second_page(giant, 60_000, 60_000), "tiff", "giant")
    yield taken("pages-in-a-ring.tiff", grey_tiff(10, 10, b"\x80" * 100, next_ifd=8), "tiff")


def chained(count: int) -> bytes:
    """Directories of one pixel, each pointing at the next."""
    body, size = b"", 2 + 9 * 12 + 4
    for number in range(count):
        start = 8 + number * size
        tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 4), (277, 1), (278, 1), (279, 1)]
        body += struct.pack("<H", 9) + b"".join(
            entry("<", tag, LONG, 1, struct.pack("<I", value)) for tag, value in tags
        )
        body += struct.pack("<I", start + size if number < count - 1 else 0)
    return b"II*\0" + struct.pack("<I", 8) + body


def second_page(content: bytes, width: int, height: int) -> bytes:
    """The scan with another measure written into its second directory."""
    order = "<" if content[:2] == b"II" else ">"
    first = struct.unpack(order + "I", content[4:8])[0]
    count = struct.unpack(order + "H", content[first : first + 2])[0]
    second = struct.unpack(order + "I", content[first + 2 + 12 * count :][:4])[0]
    entries = struct.unpack(order + "H", content[second : second + 2])[0]
    changed = bytearray(content)
    for at in range(second + 2, second + 2 + 12 * entries, 12):
        tag = struct.unpack(order + "H", content[at : at + 2])[0]
        if tag in (256, 257):
            value = struct.pack(order + "I", width if tag == 256 else height)
            changed[at : at + 12] = entry(order, tag, LONG, 1, value)
    return bytes(changed)


def astray() -> Iterator[Hostile]:
    for name, at in (("nowhere", 0), ("itself", 4), ("beyond", 2**31), ("end", 2**32 - 1)):
        yield refused(f"directory-{name}.tiff", b"II*\0" + struct.pack("<I", at) + b"\0" * 200, "tiff")
    yield refused("directory-of-65535.tiff", b"II*\0" + struct.pack("<IH", 8, 65535) + b"\xff" * 5000, "tiff")
    yield refused("strip-beyond.tiff", grey_tiff(10, 10, b"\x80" * 100, t273=2**31), "tiff")
    yield refused("strip-short.tiff", grey_tiff(400, 400, b"\x80" * 100), "tiff")
    yield refused("counts-of-billions.tiff", tiff([(256, LONG, 2**31, 8), (257, LONG, 2**32 - 1, 8)]), "tiff")
    yield refused("nothing.tiff", tiff([]), "tiff")


def wrong() -> Iterator[Hostile]:
    strip = b"\x80" * 100
    yield refused("nothing-wide.tiff", grey_tiff(0, 10, strip), "tiff")
    yield refused("bits-3.tiff", grey_tiff(10, 10, strip, t258=3), "tiff")
    yield refused("samples-65535.tiff", grey_tiff(10, 10, strip, t277=65535), "tiff")
    yield refused("packed-unknown.tiff", grey_tiff(10, 10, strip, t259=60_000), "tiff")
    yield refused("colours-unknown.tiff", grey_tiff(10, 10, strip, t262=999), "tiff")
    yield refused("lzw-noise.tiff", grey_tiff(10, 10, bytes(range(100)), t259=5), "tiff")
    yield refused("deflate-noise.tiff", grey_tiff(10, 10, bytes(range(100)), t259=8), "tiff")
    yield refused("jpeg-noise.tiff", grey_tiff(10, 10, bytes(range(100)), t259=7), "tiff")
    yield refused("jpeg-short.tiff", saved(DRAWN, "TIFF", compression="jpeg")[:-900], "tiff")
    yield taken("tail.tiff", grey_tiff(10, 10, strip) + SECRET * 3000, "tiff")
