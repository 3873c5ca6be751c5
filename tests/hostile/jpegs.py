"""JPEG: every way a camera is held, every dress of the format, and metadata that lies."""

import struct
from collections.abc import Iterator
from typing import Any

from PIL import ImageCms
from tests.hostile import SECRET, Hostile, refused, shown, taken
from tests.hostile.making import ACROSS, DOWN, DRAWN, PLAIN, after_start, app1, as_stored, exif, segment, sized
from tests.workers.drawing import quarters, saved

XMP = b"http://ns.adobe.com/xap/1.0/\0"
MEASURE = (ACROSS, DOWN)
DRESSES: dict[str, dict[str, Any]] = {
    "444": {"subsampling": 0},
    "422": {"subsampling": 1},
    "420": {"subsampling": 2},
    "progressive": {"progressive": True},
    "optimised": {"optimize": True},
    "rgb": {"keep_rgb": True},
    "best": {"quality": 100},
    "bad": {"quality": 5},
    "restarts": {"restart_marker_blocks": 1},
    "restart-rows": {"restart_marker_rows": 1},
    "dpi": {"dpi": (1, 30000)},
    "comment": {"comment": SECRET * 5000},
    "progressive-restarts": {"progressive": True, "restart_marker_blocks": 3},
}


def files() -> Iterator[Hostile]:
    yield from turned()
    yield from lying()
    for name, options in DRESSES.items():
        yield shown(f"dress-{name}.jpg", saved(DRAWN, "JPEG", **options), size=MEASURE)
    yield from colours()
    yield from shapes()
    yield from noted()


def turned() -> Iterator[Hostile]:
    for orientation in range(1, 9):
        stored = saved(as_stored(orientation))
        for name, order in (("intel", "<"), ("motorola", ">")):
            block = exif(orientation, order)
            yield shown(f"turned-{orientation}-{name}.jpg", after_start(stored, app1(block)), size=MEASURE)


def lying() -> Iterator[Hostile]:
    """An orientation that does not exist, or cannot be read, is none."""
    for value in (0, 9, 255, 65535):
        yield shown(f"orientation-{value}.jpg", after_start(PLAIN, app1(exif(value))))
    yield taken("orientation-as-long.jpg", after_start(PLAIN, app1(exif(6, kind=4))))
    yield taken("orientation-as-text.jpg", after_start(PLAIN, app1(exif(6, kind=2))))
    yield taken("orientation-many.jpg", after_start(PLAIN, app1(exif(6, count=60000))))
    yield shown("exif-loop.jpg", after_start(PLAIN, app1(exif(1, next_ifd=8))))
    yield shown("exif-empty.jpg", after_start(PLAIN, app1(b"")))
    yield shown("exif-half.jpg", after_start(PLAIN, app1(exif(6)[:17])))
    yield shown("exif-noise.jpg", after_start(PLAIN, app1(b"II*\0" + b"\xff" * 400)))
    yield shown("exif-far.jpg", after_start(PLAIN, app1(b"MM\0*" + struct.pack(">I", 2**31))))
    stored = saved(as_stored(6))
    yield shown("exif-twice.jpg", after_start(stored, app1(exif(6)), app1(exif(3))))
    many = struct.pack(">H", 5000) + b"\0" * 60000
    yield shown("exif-thousands.jpg", after_start(PLAIN, app1(b"MM\0*" + struct.pack(">I", 8) + many)))
    lying = b'<x:xmpmeta><rdf:Description tiff:Orientation="1" note="SECRETXMP"/></x:xmpmeta>'
    yield shown("xmp-against-exif.jpg", after_start(stored, app1(exif(6)), segment(0xE1, XMP + lying)), size=MEASURE)


def colours() -> Iterator[Hostile]:
    yield shown("cmyk.jpg", saved(DRAWN.convert("CMYK")))
    yield shown("cmyk-progressive.jpg", saved(DRAWN.convert("CMYK"), progressive=True))
    yield taken("grey.jpg", saved(DRAWN.convert("L")))
    yield taken("grey-progressive.jpg", saved(DRAWN.convert("L"), progressive=True))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield shown("profile.jpg", saved(DRAWN, icc_profile=profile))
    yield shown("profile-for-grey.jpg", saved(DRAWN.convert("CMYK"), icc_profile=profile))
    yield shown("profile-broken.jpg", saved(DRAWN, icc_profile=profile[:200] + SECRET * 20))
    yield shown("profile-noise.jpg", saved(DRAWN, icc_profile=bytes(range(256)) * 40))
    yield taken(
        "profile-lab.jpg", saved(DRAWN, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
    )


def shapes() -> Iterator[Hostile]:
    for width, height in ((1, 1), (2, 3), (7, 5), (1, 4000), (4000, 1), (65500, 1), (1, 65500), (17, 8000), (15, 15)):
        yield taken(f"shape-{width}x{height}.jpg", saved(quarters(width, height)), size=(width, height))
    yield shown("shape-odd.jpg", saved(quarters(1921, 1281)), size=(1921, 1281))
    yield shown("shape-large.jpg", saved(quarters(4032, 3024), quality=60), size=(4032, 3024))


def noted() -> Iterator[Hostile]:
    """Where a camera, an editor or an attacker writes; nothing of it may be left."""
    for number in range(0xE2, 0xF0):
        yield shown(f"app{number - 0xE0}.jpg", after_start(PLAIN, segment(number, SECRET * 200)))
    yield shown("jfif-twice.jpg", after_start(PLAIN, segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")))
    yield shown("photoshop.jpg", after_start(PLAIN, segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04" + SECRET * 50)))
    yield shown("xmp-long.jpg", after_start(PLAIN, *(segment(0xE1, XMP + SECRET * 9000) for _ in range(5))))
    yield shown("c2pa.jpg", after_start(PLAIN, segment(0xEB, b"JP\0\1\0\0\0\1" + box_of(b"jumb"))))
    yield shown("comments.jpg", after_start(PLAIN, *(segment(0xFE, SECRET) for _ in range(3000))))
    yield shown("filled.jpg", PLAIN[:2] + b"\xff" * 500 + PLAIN[2:])
    yield shown("tail.jpg", PLAIN + SECRET * 10000)
    yield shown("twice.jpg", PLAIN + saved(quarters(50, 50)))
    yield shown("preview.jpg", after_start(PLAIN, segment(0xE1, b"Exif\0\0" + exif(1) + saved(quarters(60, 40)))))
    yield refused("twelve-bits.jpg", precision(PLAIN, 12), "jpeg")
    yield refused("no-components.jpg", components(PLAIN, 0), "jpeg")
    yield refused("nothing-wide.jpg", sized(PLAIN, 0, DOWN), "jpeg")
    yield refused("nothing-high.jpg", sized(PLAIN, ACROSS, 0), "jpeg")


def box_of(name: bytes) -> bytes:
    return struct.pack(">I", 8 + 60) + name + SECRET * 10


def precision(jpeg: bytes, bits: int) -> bytes:
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 4] + bytes([bits]) + jpeg[at + 5 :]


def components(jpeg: bytes, count: int) -> bytes:
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 9] + bytes([count]) + jpeg[at + 10 :]
