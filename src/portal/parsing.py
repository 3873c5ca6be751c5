"""What came in the body of a request, read strictly: UTF-8 and nothing else, so much and no more."""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser

from domain.rulebook import rulebook
from domain.wording import N_
from workers.inspecting import HEAD_BYTES

PARTS = 40
IN_MEMORY = 2**16  # of each file; forty people may be sending
FIELDS_BYTES = 256 * 2**10
NAME_LETTERS = 200

UTF8 = (None, "utf-8", "utf8", "us-ascii")
BOUNDARY = re.compile(r"[ -~]{1,70}")
UNREADABLE = N_("The request could not be read.")

# By name, each with one value or more; the shape in which Litestar keeps a form, to close its files in the end.
Parts = dict[str, Any]


async def parse(request: Request) -> Parts:
    """Every name with its values; anything but UTF-8 is refused, a kind of body that is no form has no fields."""
    kind, options = request.content_type
    if options.get("charset", "utf-8").lower() not in UTF8:
        raise ClientException(UNREADABLE)
    try:
        if kind == RequestEncodingType.MULTI_PART:
            return await _multipart(request, options.get("boundary", ""))
        if kind == RequestEncodingType.URL_ENCODED:
            return _urlencoded(await request.body())
    except InternalServerException:
        # Litestar calls it a fault of ours when somebody hangs up in the middle of sending.
        raise ClientException(UNREADABLE) from None
    return {}


def _urlencoded(body: bytes) -> Parts:
    pairs = [pair.partition(b"=") for pair in body.split(b"&") if pair]
    if len(pairs) > PARTS:
        raise RequestEntityTooLarge
    parts: Parts = {}
    for name, _, value in pairs:
        parts.setdefault(_unquoted(name), []).append(_unquoted(value))
    return parts


def _unquoted(raw: bytes) -> str:
    return text(unquote_to_bytes(raw.replace(b"+", b" ")))


def text(raw: bytes) -> str:
    """UTF-8 to the letter (so no lone surrogates), no NUL, one kind of line end."""
    try:
        decoded = raw.decode()
    except UnicodeDecodeError:
        raise ClientException(UNREADABLE) from None
    if "\0" in decoded:
        raise ClientException(UNREADABLE)
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


async def _multipart(request: Request, boundary: str) -> Parts:
    if not BOUNDARY.fullmatch(boundary):
        raise ClientException(UNREADABLE)
    reader = _PartsReader()
    try:
        with PushMultipartParser(boundary.encode(), max_segment_count=PARTS) as parser:
            async for chunk in request.stream():
                if parser.closed:
                    break
                for piece in parser.parse(chunk):
                    await reader.take(piece)
    except ParserLimitReached:
        await reader.close()
        raise RequestEntityTooLarge from None
    except MultipartError:
        await reader.close()
        raise ClientException(UNREADABLE) from None
    except OSError:
        # There is no room for a file: whoever typed the words before it is shown them all the same.
        await reader.close()
        state: Any = request._connection_state
        state.form = reader.words()
        raise
    except BaseException:
        await reader.close()
        raise
    return reader.parts


class ComingFile(UploadFile):
    """Counted while it comes: what is over the limit is read away, and of what is there the head is enough."""

    __slots__ = ("at_most", "came")

    def __init__(self, content_type: str, filename: str, at_most: int) -> None:
        super().__init__(content_type, filename, max_spool_size=IN_MEMORY)
        self.at_most = at_most
        self.came = 0

    async def write(self, data: bytes | bytearray) -> int:
        self.came += len(data)
        if self.came <= self.at_most:
            return await super().write(data)
        if self.came - len(data) <= self.at_most:
            await sync_to_thread(self.file.truncate, HEAD_BYTES)
        return len(data)


class _PartsReader:
    """Puts the pieces of a multipart stream together: fields in memory up to a limit, files on disk."""

    def __init__(self) -> None:
        self.parts: Parts = {}
        self.name = ""
        self.open: bytearray | UploadFile = bytearray()
        self.left = FIELDS_BYTES

    async def take(self, piece: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(piece, MultipartSegment):
            await self._begin(piece)
        elif piece is None:
            await self._end()
        elif isinstance(self.open, UploadFile):
            await self.open.write(bytes(piece))
        else:
            self.left -= len(piece)
            if self.left < 0:
                raise RequestEntityTooLarge
            self.open.extend(piece)

    async def _begin(self, segment: MultipartSegment) -> None:
        if segment.charset and segment.charset.lower() not in UTF8:
            raise ClientException(UNREADABLE)
        self.name = text(segment.name.encode("utf-8", "surrogatepass"))
        self.open = bytearray()
        if segment.filename:
            at_most = (await rulebook()).limits.files_bytes
            kind = segment.content_type or "application/octet-stream"
            self.open = ComingFile(kind, file_name(segment.filename), at_most)

    async def _end(self) -> None:
        value: str | UploadFile
        if isinstance(self.open, UploadFile):
            await self.open.seek(0)
            value = self.open
        else:
            value = text(bytes(self.open))
        self.parts.setdefault(self.name, []).append(value)
        self.open = bytearray()

    def words(self) -> Parts:
        return {name: [each for each in values if isinstance(each, str)] for name, values in self.parts.items()}

    async def close(self) -> None:
        kept = [value for values in self.parts.values() for value in values]
        for value in [*kept, self.open]:
            if isinstance(value, UploadFile):
                await value.close()


def file_name(given: str) -> str:
    """The last part of whatever path the browser told, printable: it is shown to people and sent in headers."""
    last = re.split(r"[/\\]", given)[-1]
    name = "".join(letter for letter in last if letter.isprintable()).strip()
    return name[-NAME_LETTERS:] or "file"
