"""What phones write: two pictures in one JPEG, a film behind it, and HEIC with all that its container may hold."""

import struct
from collections.abc import Iterator

from tests.hostile import SECRET, Hostile, refused, shown, taken, turned_away
from tests.hostile.making import (
    ACROSS,
    DOWN,
    DRAWN,
    PLAIN,
    after_start,
    as_stored,
    avif,
    box,
    exif,
    heic,
    segment,
)
from tests.workers.drawing import quarters, saved

SMALL = quarters(60, 40)


def files() -> Iterator[Hostile]:
    yield from in_pairs()
    yield from turned()
    yield from dressed()
    yield from broken()


def in_pairs() -> Iterator[Hostile]:
    two = saved(DRAWN, "MPO", save_all=True, append_images=[SMALL])
    yield shown("two-pictures.jpg", two, size=(ACROSS, DOWN))
    yield shown("three-pictures.mpo", saved(DRAWN, "MPO", save_all=True, append_images=[SMALL, SMALL]))
    yield shown("second-cut-off.jpg", two[: len(two) - 300])
    yield shown("second-gone.jpg", two[: two.rindex(b"\xff\xd8")])
    held = saved(as_stored(6), "MPO", save_all=True, append_images=[SMALL], exif=exif_block(6))
    yield shown("two-pictures-held.jpg", held, size=(ACROSS, DOWN))
    yield shown("index-noise.jpg", after_start(PLAIN, segment(0xE2, b"MPF\0" + bytes(range(200)))))
    yield shown("index-loop.jpg", after_start(PLAIN, segment(0xE2, b"MPF\0II*\0\x08\0\0\0\0\0\x08\0\0\0")))
    film = box(b"ftyp", b"mp42\0\0\0\0mp42isom") + box(b"mdat", SECRET * 20_000)
    yield shown("film-behind.jpg", PLAIN + film)
    yield shown("depth-behind.jpg", PLAIN + saved(SMALL.convert("L")) + SECRET * 10)


def exif_block(orientation: int) -> bytes:
    return b"Exif\0\0" + exif(orientation)


def turned() -> Iterator[Hostile]:
    """The container turns the picture, and Exif says so once more: it is turned once."""
    for orientation in range(1, 9):
        content = heic(as_stored(orientation), exif=exif(orientation))
        yield shown(f"turned-{orientation}.heic", content, "heic", size=(ACROSS, DOWN))
    # Exif alone turns nothing in this container: here only the word of the camera is left, of 6 it says 8.
    plain = heic(DRAWN, exif=exif(1))
    lying = plain.replace(exif(1), exif(8))
    assert lying != plain
    yield shown("exif-alone.heic", lying, "heic", size=(ACROSS, DOWN))


def dressed() -> Iterator[Hostile]:
    plain = heic(DRAWN)
    for name, mode in (("alpha", "RGBA"), ("colour", "RGB")):
        yield shown(f"{name}.heic", heic(DRAWN.convert(mode)), "heic")
    yield taken("grey.heic", heic(DRAWN.convert("L")), "heic")
    yield taken("all-hole.heic", heic(quarters(64, 64).convert("RGBA").point(lambda value: 0)), "heic")
    yield shown("tiles.heic", heic(quarters(600, 400), tile_size=128), "heic", size=(600, 400))
    yield shown("several.heic", heic(DRAWN, save_all=True, append_images=[SMALL, SMALL]), "heic", size=(ACROSS, DOWN))
    yield shown("second-is-first.heic", heic(SMALL, save_all=True, append_images=[DRAWN], primary_index=1), "heic")
    yield shown("noted.heic", heic(DRAWN, exif=exif(1), xmp=b"<x:xmpmeta>SECRETXMP</x:xmpmeta>"), "heic")
    yield shown("tail.heic", plain + SECRET * 1000, "heic")
    yield shown("free.heic", plain + box(b"free", SECRET * 1000), "heic")
    yield shown("odd.heic", heic(quarters(241, 161)), "heic", size=(241, 161))
    yield shown("brand-mif1.heic", plain.replace(b"ftypheic", b"ftypmif1", 1), "heic")
    yield shown("named-as-jpeg.jpeg", plain, "heic")
    yield shown("turned-as-jpeg.heif.jpg", heic(as_stored(6), exif=exif(6)), "heic")


def broken() -> Iterator[Hostile]:
    plain = heic(DRAWN)
    for part in (16, 40, 200, len(plain) // 2, len(plain) - 200):
        yield refused(f"cut-{part}.heic", plain[:part], "heic")
    yield refused("measure-60000.heic", measured(plain, 60_000, 60_000), "heic", "giant")
    for width, height in ((2**31, 2), (2**32 - 1, 2**32 - 1)):
        yield refused(f"measure-{width}.heic", measured(plain, width, height), "heic")
    yield refused("measure-0.heic", measured(plain, 0, 0), "heic")
    yield refused("brand-alone.heic", box(b"ftyp", b"heic\0\0\0\0mif1heic"), "heic")
    yield refused("film.heic", box(b"ftyp", b"msf1\0\0\0\0hevcmsf1") + box(b"moov", b"\0" * 200), "heic")
    yield refused("box-of-nothing.heic", plain[:28] + struct.pack(">I", 0) + plain[32:40], "heic")
    yield refused("boxes-in-boxes.heic", box(b"ftyp", b"heic\0\0\0\0mif1") + deep(2000), "heic")
    yield turned_away("photo.avif", avif(DRAWN))
    yield turned_away("avif.heic", avif(DRAWN))
    yield refused("avif-as-mif1.heic", avif(DRAWN).replace(b"ftypavif", b"ftypmif1", 1), "heic")
    yield turned_away("film.mp4", box(b"ftyp", b"isom\0\0\0\0mp42") + box(b"mdat", b"\0" * 500))
    yield turned_away("raw.cr3", box(b"ftyp", b"crx \0\0\0\0isom") + b"\0" * 500)


def measured(content: bytes, width: int, height: int) -> bytes:
    at = content.index(b"ispe") + 8
    return content[:at] + struct.pack(">II", width, height) + content[at + 8 :]


def deep(levels: int) -> bytes:
    inner = b""
    for _ in range(levels):
        inner = box(b"meta", b"\0\0\0\0" + inner)
    return inner
