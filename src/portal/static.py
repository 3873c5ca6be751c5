"""Style sheets, scripts, fonts and icons: from memory, under names that change with their content."""

import mimetypes
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath
from posixpath import normpath
from time import monotonic
from typing import Any

from litestar.types import Receive, Scope, Send

FOLDER = Path(__file__).parents[2] / "static"
PREFIX = "/static/"
FOR_EVER = b"public, max-age=31536000, immutable"
ASK_AGAIN = b"no-cache"
URL_IN_CSS = re.compile(r"""url\((["']?)(?!data:|#|/)([^"')#?]+)""")
ONE_RANGE = re.compile(rb"bytes=([0-9]{0,15})-([0-9]{0,15})")
KINDS = {".woff2": "font/woff2", ".js": "text/javascript", ".json": "application/json", ".md": "text/plain"}


@dataclass(frozen=True)
class File:
    name: str
    content: bytes

    @cached_property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()[:12]

    @cached_property
    def hashed_name(self) -> str:
        path = PurePosixPath(self.name)
        return str(path.with_name(f"{path.stem}.{self.digest}{path.suffix}"))

    @cached_property
    def etag(self) -> bytes:
        return f'"{self.digest}"'.encode()

    @cached_property
    def kind(self) -> bytes:
        suffix = PurePosixPath(self.name).suffix
        kind = KINDS.get(suffix) or mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith(("json", "xml"))
        return (f"{kind}; charset=utf-8" if text else kind).encode()


# A worker that lies in a folder may answer for all pages only if the server says so.
WHOLE_SITE = {"js/service-worker.js": (b"service-worker-allowed", b"/")}
LOOK_SECONDS = 0.3  # how long a watched file may be shown as it was


class Static:
    """Litestar's own files know no 304 and no ranges, and run through every layer of the application."""

    def __init__(self, folder: Path = FOLDER, *, watch: bool = False) -> None:
        self.folder = folder
        self.watch = watch
        self.looked = 0.0
        self._read()

    @property
    def version(self) -> str:
        """Of all files together: a page that names them is another page when one of them is another."""
        return sha256("".join(sorted(self.hashed)).encode()).hexdigest()

    def asset(self, path: str) -> str:
        """The address of a file under its hashed name; an unknown one is a mistake, told when a page is rendered."""
        self._look_again()
        return PREFIX + self.files[path].hashed_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._look_again()
        request: Any = scope
        name = request["path"].removeprefix(PREFIX)
        file = self.hashed.get(name) or self.files.get(name)
        if request["method"] not in ("GET", "HEAD"):
            await _send(send, 405, [(b"allow", b"GET, HEAD")], b"")
        elif file is None:
            await _send(send, 404, [(b"content-type", b"text/plain")], b"not found")
        else:
            await _answer(file, request, send, FOR_EVER if name in self.hashed else ASK_AGAIN)

    def _read(self) -> None:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        self.seen = [(path, path.stat().st_mtime_ns) for path in paths]
        files = [File(path.relative_to(self.folder).as_posix(), path.read_bytes()) for path in paths]
        self.files = {file.name: file for file in files}
        # Style sheets last: they name other files, and have to name them as they are served.
        for file in files:
            if file.name.endswith(".css"):
                self.files[file.name] = File(file.name, self._with_hashed_names(file))
        self.hashed = {file.hashed_name: file for file in self.files.values()}

    def _with_hashed_names(self, sheet: File) -> bytes:
        def hashed(match: re.Match[str]) -> str:
            target = normpath(str(PurePosixPath(sheet.name).parent / match[2]))
            found = self.files.get(target)
            return f"url({match[1]}{PREFIX}{found.hashed_name}" if found else match[0]

        return URL_IN_CSS.sub(hashed, sheet.content.decode()).encode()

    def _look_again(self) -> None:
        """While somebody works on the styles, a reload shows it; a page names a hundred files, one look is enough."""
        if not self.watch or monotonic() - self.looked < LOOK_SECONDS:
            return
        self.looked = monotonic()
        if any(not path.exists() or path.stat().st_mtime_ns != at for path, at in self.seen):
            self._read()


async def _answer(file: File, request: Any, send: Send, keep: bytes) -> None:
    asked = dict(request["headers"])
    headers = [
        (b"content-type", file.kind),
        (b"etag", file.etag),
        (b"cache-control", keep),
        (b"accept-ranges", b"bytes"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if file.name in WHOLE_SITE:
        headers.append(WHOLE_SITE[file.name])
    if file.etag in asked.get(b"if-none-match", b""):
        await _send(send, 304, headers, b"")
        return
    content, status = file.content, 200
    if request["method"] == "GET" and asked.get(b"if-range", file.etag) == file.etag:
        content, status = _part(file, asked.get(b"range", b""), headers)
    await _send(send, status, headers, content, body=request["method"] == "GET")


def _part(file: File, wanted: bytes, headers: list[tuple[bytes, bytes]]) -> tuple[bytes, int]:
    """One range; of several, or of one that makes no sense, the whole file is a right answer too."""
    match = ONE_RANGE.fullmatch(wanted)
    size = len(file.content)
    if not match or match.groups() == (b"", b""):
        return file.content, 200
    first = int(match[1]) if match[1] else max(size - int(match[2]), 0)
    last = min(int(match[2]), size - 1) if match[1] and match[2] else size - 1
    if first > last:
        headers.append((b"content-range", f"bytes */{size}".encode()))
        return b"", 416
    headers.append((b"content-range", f"bytes {first}-{last}/{size}".encode()))
    return file.content[first : last + 1], 206


async def _send(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], content: bytes, *, body: bool = True
) -> None:
    if status != 304:
        headers = [*headers, (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content if body else b"", "more_body": False})
