"""What says that it is something else, and what is two things at once."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from tests.hostile import SECRET, Hostile, refused, shown, turned_away
from tests.hostile.making import DRAWN, PLAIN, after_start, app1, chunk, exif, png_with, segment
from tests.workers.drawing import quarters, saved

SCRIPT = b"<script>alert('SECRET')</script>"
PHP = b"<?php system($_GET['SECRET']); ?>"
HTML = b"<!doctype html><title>SECRET</title>" + SCRIPT


def files() -> Iterator[Hostile]:
    yield from other_kinds()
    yield from other_names()
    yield from doubles()


def other_kinds() -> Iterator[Hostile]:
    """Everything that the portal does not take is turned away, whatever it is called."""
    for kind in ("GIF", "BMP", "WEBP", "ICO", "PPM", "TGA", "JPEG2000", "PCX", "DIB", "SGI", "ICNS", "EPS"):
        content = saved(quarters(64, 64), kind)
        yield turned_away(f"other-{kind.lower()}.jpg", content)
        yield turned_away(f"other.{kind.lower()}", content)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    films = b"\x1aE\xdf\xa3" + b"\0" * 90
    kinds = {
        "svg": svg, "html": HTML, "php": PHP, "js": b"alert(1)", "txt": "Яма".encode(), "xml": b"<?xml version='1.0'?>",
        "exe": b"MZ" + b"\0" * 200, "elf": b"\x7fELF" + b"\0" * 60, "sh": b"#!/bin/sh\nrm -rf /", "zip": zipped(),
        "docx": zipped("[Content_Types].xml"), "psd": b"8BPS\0\1" + b"\0" * 60, "mkv": films, "jxl": b"\xff\x0a\0\0",
        "rar": b"Rar!\x1a\x07\0", "gz": b"\x1f\x8b\x08" + b"\0" * 30, "ps": b"%!PS-Adobe-3.0", "mp3": b"ID3\0\0",
        "one-byte": b"\xff", "two-bytes": b"\xff\xd8", "spaces": b" " * 5000, "zeros": b"\0" * 5000,
    }  # fmt: skip
    for name, content in kinds.items():
        yield turned_away(f"kind-{name}.png", content)
    yield turned_away("empty.jpg", b"")
    yield turned_away("space-before.jpg", b" " + PLAIN)
    yield turned_away("line-before.png", b"\n" + saved(DRAWN, "PNG"))
    yield turned_away("mark-before.jpg", b"\xef\xbb\xbf" + PLAIN)
    yield turned_away("html-before.jpg", HTML + PLAIN)
    yield turned_away("newlines-changed.png", saved(DRAWN, "PNG").replace(b"\r\n", b"\n"))
    yield turned_away("base64.jpg", b"data:image/jpeg;base64,/9j/4AAQSkZJRg==")


def zipped(name: str = "photo.jpg") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, PLAIN)
    return file.getvalue()


def other_names() -> Iterator[Hostile]:
    """The content says what it is."""
    for name in (
        "jpeg.png",
        "jpeg.tiff",
        "jpeg.heic",
        "jpeg.pdf",
        "jpeg.exe",
        "jpeg.html",
        "jpeg",
        "jpeg.jpg.php",
        "JPEG.JPG",
    ):
        yield shown(f"is-{name}", PLAIN)
    for name in ("png.jpg", "png.gif", "png.pdf"):
        yield shown(f"is-{name}", saved(DRAWN, "PNG"), "png")
    for name in ("tiff.jpg", "tiff.png", "tiff.dng"):
        yield shown(f"is-{name}", saved(DRAWN, "TIFF"), "tiff")
    yield refused("gif-behind-a-signature.jpg", b"\xff\xd8\xff" + saved(DRAWN, "GIF"), "jpeg")
    yield refused("gif-behind-a-signature.png", b"\x89PNG\r\n\x1a\n" + saved(DRAWN, "GIF"), "png")


def doubles() -> Iterator[Hostile]:
    """A picture, and something else to whoever reads it otherwise: only the picture is left."""
    yield shown("html-in-comment.jpg", after_start(PLAIN, segment(0xFE, HTML)))
    yield shown("html-in-jfif.jpg", after_start(PLAIN, segment(0xE0, b"*/=1;" + SCRIPT)))
    yield shown(
        "html-in-exif.jpg",
        after_start(PLAIN, app1(exif(1).replace(b"SECRETMAKER\0", b"SECRET<b>\0\0\0\0")[:60] + HTML)),
    )
    yield shown("html-behind.jpg", PLAIN + HTML)
    yield shown("php-in-comment.jpg", after_start(PLAIN, segment(0xFE, PHP)))
    yield shown("php-behind.jpg", PLAIN + PHP)
    yield shown("zip-behind.jpg", PLAIN + zipped())
    yield shown("pdf-behind.jpg", PLAIN + b"%PDF-1.7\n" + SECRET)
    yield shown("pdf-in-comment.jpg", after_start(PLAIN, segment(0xFE, b"%PDF-1.7\n1 0 obj<</JS(SECRET)>>")))
    yield shown(
        "script-as-length.jpg", after_start(PLAIN, b"\xff\xfe\x2f\x2a" + b"*/=alert('SECRET')/*".ljust(0x2F28, b" "))
    )
    yield shown("eicar-behind.jpg", PLAIN + b"X5O!P%@AP[4" + SECRET)
    yield shown("html-in-text.png", png_with(chunk(b"tEXt", b"Title\0" + HTML)), "png")
    yield shown("php-in-text.png", png_with(chunk(b"tEXt", b"Comment\0" + PHP)), "png")
    yield shown("html-behind.png", png_with(tail=HTML), "png")
    yield shown("html-in-tags.tiff", saved(DRAWN, "TIFF", tiffinfo={270: HTML.decode(), 305: PHP.decode()}), "tiff")
    yield shown("html-behind.tiff", saved(DRAWN, "TIFF") + HTML, "tiff")
