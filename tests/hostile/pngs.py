"""PNG: all its colours and depths, seven passes, films, and chunks that hold more than they say."""

import struct
import zlib
from collections.abc import Iterator

from PIL import Image
from tests.hostile import SECRET, Hostile, refused, shown, taken
from tests.hostile.making import ACROSS, DOWN, DRAWN, END, as_stored, chunk, data, exif, header, png, png_with
from tests.workers.drawing import BLUE, GREEN, RED, WHITE, quarters, saved

FOUR = (RED, GREEN, BLUE, WHITE)
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def files() -> Iterator[Hostile]:
    for orientation in range(1, 9):
        stored = saved(as_stored(orientation), "PNG", exif=exif(orientation))
        yield shown(f"turned-{orientation}.png", stored, "png", size=(ACROSS, DOWN))
    yield from colours()
    yield from depths()
    yield from films()
    yield from chunks()
    yield from wrong()


def colours() -> Iterator[Hostile]:
    for mode in ("RGB", "RGBA", "P"):
        yield shown(f"mode-{mode}.png", saved(DRAWN.convert(mode), "PNG"), "png", size=(ACROSS, DOWN))
    for mode in ("1", "L", "LA", "I;16"):
        picture = DRAWN.convert("L").convert("I").convert(mode) if mode == "I;16" else DRAWN.convert(mode)
        yield taken(f"mode-{mode.replace(';', '')}.png", saved(picture, "PNG"), "png")
    yield shown("hole-in-white.png", saved(with_white_as_hole(), "PNG"), "png")
    yield shown("hole-as-colour.png", saved(DRAWN, "PNG", transparency=WHITE), "png")
    yield shown("hole-in-palette.png", saved(DRAWN.quantize(8), "PNG", transparency=0), "png")
    yield taken("all-hole.png", saved(Image.new("RGBA", (90, 60), (1, 2, 3, 0)), "PNG"), "png")
    yield taken("half-hole-grey.png", saved(Image.new("LA", (90, 60), (0, 128)), "PNG"), "png")
    for shape in ((1, 1), (1, 3000), (3000, 1), (9, 9)):
        yield taken(f"shape-{shape[0]}x{shape[1]}.png", saved(quarters(*shape), "PNG"), "png", size=shape)


def with_white_as_hole() -> Image.Image:
    """Where the picture is transparent it is black below, and becomes white."""
    picture = DRAWN.convert("RGBA")
    picture.paste((0, 0, 0, 0), (ACROSS // 2, DOWN // 2, ACROSS, DOWN))
    return picture


def depths() -> Iterator[Hostile]:
    """Two bytes a colour, and several colours a byte: by hand, for no library writes them all."""
    yield shown("sixteen-bits.png", png(header(ACROSS, DOWN, 16), data(wide()), END), "png")
    yield shown("sixteen-bits-hole.png", png(header(ACROSS, DOWN, 16, 6), data(wide(65535)), END), "png")
    palette = chunk(b"PLTE", bytes(part for colour in FOUR for part in colour))
    for bits in (1, 2, 4, 8):
        raw = b"".join(b"\0" + packed([FOUR.index(each) % 2**bits for each in row], bits) for row in rows())
        coloured = png(header(ACROSS, DOWN, bits, 3), palette if bits > 1 else two_colours(), data(raw), END)
        yield (shown if bits > 1 else taken)(f"palette-{bits}.png", coloured, "png")
        if bits > 1:
            holes = png(header(ACROSS, DOWN, bits, 3), palette, chunk(b"tRNS", b"\xff\xff\xff\0"), data(raw), END)
            yield shown(f"palette-{bits}-hole.png", holes, "png")
        yield taken(f"grey-{bits}.png", png(header(ACROSS, DOWN, bits, 0), data(raw), END), "png")
    yield shown("seven-passes.png", png(header(ACROSS, DOWN, interlaced=1), data(interlaced()), END), "png")


def rows() -> list[list[tuple[int, int, int]]]:
    upper = [RED] * (ACROSS // 2) + [GREEN] * (ACROSS // 2)
    lower = [BLUE] * (ACROSS // 2) + [WHITE] * (ACROSS // 2)
    return [upper] * (DOWN // 2) + [lower] * (DOWN // 2)


def wide(*alpha: int) -> bytes:
    lines = (
        [struct.pack(f">{3 + len(alpha)}H", *(part * 257 for part in each), *alpha) for each in row] for row in rows()
    )
    return b"".join(b"\0" + b"".join(line) for line in lines)


def two_colours() -> bytes:
    return chunk(b"PLTE", bytes((*RED, *GREEN)))


def packed(values: list[int], bits: int) -> bytes:
    per = 8 // bits
    groups = (values[at : at + per] for at in range(0, len(values), per))
    return bytes(sum(value << (8 - bits * (place + 1)) for place, value in enumerate(group)) for group in groups)


def interlaced() -> bytes:
    lines = rows()
    raw = b""
    for left, top, right, down in PASSES:
        for line in lines[top::down]:
            raw += b"\0" + bytes(part for colour in line[left::right] for part in colour)
    return raw


def films() -> Iterator[Hostile]:
    other = [quarters(ACROSS, DOWN).rotate(90), quarters(ACROSS, DOWN).rotate(180)]
    yield shown("film.png", saved(DRAWN, "PNG", save_all=True, append_images=other, duration=100), "png")
    yield shown(
        "film-with-cover.png", saved(DRAWN, "PNG", save_all=True, append_images=other, default_image=True), "png"
    )
    yield taken("film-of-millions.png", png_with(chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))), "png")


def chunks() -> Iterator[Hostile]:
    for name in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP", b"tIME", b"pHYs", b"gAMA", b"cHRM", b"sRGB", b"sPLT"):
        body = bodies().get(name, b"Comment\0" + SECRET * 20)
        yield shown(f"chunk-{name.decode()}.png", png_with(chunk(name, body)), "png")
    yield shown("chunk-private.png", png_with(chunk(b"prVt", SECRET * 500)), "png")
    yield shown("chunks-thousands.png", png_with(*(chunk(b"teSt", SECRET) for _ in range(5000))), "png")
    yield shown("tail.png", png_with(tail=SECRET * 5000), "png")
    yield shown("tail-zip.png", png_with(tail=b"PK\x03\x04" + SECRET * 50), "png")
    split = zlib.compress(b"".join(b"\0" + bytes(part for each in row for part in each) for row in rows()))
    pieces = (chunk(b"IDAT", split[at : at + 7]) for at in range(0, len(split), 7))
    yield shown("data-in-crumbs.png", png(header(ACROSS, DOWN), *pieces, END), "png")
    bomb = b"Comment\0\0" + zlib.compress(b"\0" * 8_000_000, 1)
    yield refused("text-bomb.png", png_with(chunk(b"zTXt", bomb)), "png")
    yield refused("profile-bomb.png", png_with(chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"\0" * 8_000_000, 1))), "png")


def bodies() -> dict[bytes, bytes]:
    return {
        b"iTXt": b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>SECRETXMP</x:xmpmeta>",
        b"zTXt": b"Comment\0\0" + zlib.compress(SECRET * 100),
        b"eXIf": exif(1),
        b"iCCP": b"icc\0\0" + zlib.compress(b"no profile" + SECRET),
        b"tIME": struct.pack(">HBBBBB", 2026, 13, 32, 25, 61, 61),
        b"pHYs": struct.pack(">IIB", 2**31, 0, 9),
        b"gAMA": struct.pack(">I", 0),
        b"cHRM": struct.pack(">8I", *[2**31] * 8),
        b"sRGB": b"\xff",
    }


def wrong() -> Iterator[Hostile]:
    plain = saved(DRAWN, "PNG")
    yield refused("header-alone.png", png(header(ACROSS, DOWN)), "png")
    yield refused("no-data.png", png(header(ACROSS, DOWN), END), "png")
    yield refused("no-header.png", png(data(b"\0" * 100), END), "png")
    yield refused("nothing-wide.png", png(header(0, DOWN), data(b"\0" * 100), END), "png")
    yield taken("no-palette.png", png(header(8, 8, 8, 3), data(b"\0" * 72), END), "png")
    yield refused("colour-5.png", png(header(8, 8, 8, 5), data(b"\0" * 300), END), "png")
    yield refused("bits-3.png", png(header(8, 8, 3, 0), data(b"\0" * 300), END), "png")
    yield refused("filter-9.png", png(header(8, 8, 8, 0), data(b"\x09" * 72), END), "png")
    yield refused("header-crc.png", plain[:29] + b"\0\0\0\0" + plain[33:], "png")
    yield refused("data-noise.png", png(header(8, 8), chunk(b"IDAT", bytes(range(200))), END), "png")
    yield refused("data-short.png", png(header(200, 200), data(b"\0" * 900), END), "png")
    yield refused("length-beyond.png", plain[:33] + struct.pack(">I", 2**31 - 1) + plain[37:], "png", "heavy")
    yield taken("data-long.png", png(header(8, 8, 8, 0), data(b"\0" * 90_000), END), "png")
