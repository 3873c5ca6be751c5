"""Names that want to leave their folder, end a header, run something, or look like another name."""

from collections.abc import Iterator

from tests.hostile import Hostile, shown
from tests.hostile.making import PLAIN

NAMES = (
    "../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\photo.jpg", "..", ".", "...", "/",
    "\\", "~root", "photo.jpg\0.exe", "\0", "photo\r\nSet-Cookie: a=b.jpg", "photo\n.jpg", "photo\t.jpg",
    "photo\x1b[31m.jpg", "\x7f.jpg", "photo\u202egpj.exe", "\u202e\u202d\u2066.jpg", "\ufeffphoto.jpg",
    "\u200b.jpg", "pho\u00adto.jpg", "ﬁle.jpg", "x" * 4096 + ".jpg", "я" * 2048 + ".jpg",
    "a\u0301" * 500 + ".jpg", "-rf", "--json", "$(id).jpg", "`id`.jpg", "; ls.jpg", "|id", "&& id",
    "photo.jpg;type=text/html", '"quoted".jpg', "'quoted'.jpg",
    '"><script>alert(1)</script>.jpg',
    "{{7*7}}.jpg", "%(name)s.jpg", "%00.jpg", "%2e%2e%2f.jpg", "CON",
    "NUL.jpg", "photo.jpg.", "photo.jpg ", " photo.jpg", "фото №1 — «яма».jpg", "📷.jpg", "ẞ.JPG", "İ.jpg",
    "=cmd|' /C calc'!A0.jpg", "photo.jpg:stream", "?.jpg", "*.jpg", "robots.txt", ".htaccess", "index.html",
    "photo\u2028.jpg", "photo\ud800.jpg",
)  # fmt: skip


def files() -> Iterator[Hostile]:
    for name in NAMES:
        yield shown(name, PLAIN)
