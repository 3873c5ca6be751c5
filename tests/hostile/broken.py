"""Every format cut off at many places, and one byte of its beginning changed at a time."""

from collections.abc import Iterator

from tests.hostile import Hostile, refused, shown
from tests.hostile.making import DRAWN, PLAIN
from tests.workers.drawing import quarters, saved

SHARES = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)


def files() -> Iterator[Hostile]:
    dresses = {
        "plain": ("jpeg", PLAIN),
        "progressive": ("jpeg", saved(DRAWN, progressive=True)),
        "cmyk": ("jpeg", saved(DRAWN.convert("CMYK"))),
        "plain-png": ("png", saved(DRAWN, "PNG")),
        "raw-tiff": ("tiff", saved(DRAWN, "TIFF")),
        "lzw-tiff": ("tiff", saved(quarters(400, 300), "TIFF", compression="tiff_lzw")),
    }
    for name, (kind, content) in dresses.items():
        for share in SHARES:
            yield refused(f"cut-{name}-{share}.{kind}", content[: int(len(content) * share)], kind)
    for length in (3, 4, 11, 20):
        yield refused(f"cut-{length}.jpg", PLAIN[:length], "jpeg")
    yield refused("signature.png", b"\x89PNG\r\n\x1a\n", "png")
    yield refused("signature.tiff", b"II*\0", "tiff")
    yield refused("noise.jpg", b"\xff\xd8\xff" + bytes(range(256)) * 100, "jpeg")
    yield refused("noise.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "png")
    yield refused("noise.tiff", b"MM\0*" + bytes(range(256)) * 100, "tiff")
    yield refused("no-tables.jpg", without(PLAIN, 0xDB), "jpeg")
    # Films of old cameras leave their codes out, and every reader knows them.
    yield shown("no-codes.jpg", without(PLAIN, 0xC4))
    yield refused("no-frame.jpg", without(PLAIN, 0xC0), "jpeg")
    yield refused("no-scan.jpg", PLAIN[: PLAIN.index(b"\xff\xda")] + b"\xff\xd9", "jpeg")


def without(jpeg: bytes, marker: int) -> bytes:
    """The JPEG without one kind of its segments."""
    kept, at = jpeg[:2], 2
    while jpeg[at + 1] != 0xDA:
        size = 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        kept += b"" if jpeg[at + 1] == marker else jpeg[at : at + size]
        at += size
    return kept + jpeg[at:]
