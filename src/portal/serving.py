"""How a stored file goes out: a prepared picture to look at, anything else only to be saved (R13).

Whole or a part of it, and piece by piece: no file is ever in memory as a whole, nor does a slow reader hold one up.
"""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Stream

from domain.model import Attachment
from portal import ranges
from portal.pages import not_there
from portal.ranges import OutOfRange
from portal.visit import PortalRequest
from workers import storage
from workers.papers import DOCUMENT
from workers.pictures import MEDIA_TYPE

log = logging.getLogger(__name__)

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "pdf": "application/pdf",
}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = "text/csv; charset=utf-8"
# A public photo never changes under its address, which holds the name of its content: whoever has it may keep it.
FOR_EVER = "public, max-age=31536000, immutable"
# Whoever may see a private one is asked anew each time, and it may have been turned or cropped meanwhile.
ASKED = "private, no-cache"
NEVER_KEPT = {"Cache-Control": "no-store"}
# Whatever is in the file, a browser that opens it runs nothing and fetches nothing.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
# A large file on a slow line takes its time.
DOWNLOAD_TIME = {"seconds": 3600}


async def prepared(request: PortalRequest, file: Attachment | None, size: str) -> Response[Any]:
    """One of the prepared sizes: re-encoded by us, so that it is a picture or a plain document and nothing else."""
    hash = json.loads(file.sizes).get(size) if file is not None and file.state == "ready" else None
    if file is None or hash is None:
        raise not_there()
    if size == DOCUMENT:
        return await content(request, hash, MEDIA_TYPES["pdf"], taken_away(f"{PurePath(file.name).stem}.pdf"))
    return await content(request, hash, MEDIA_TYPE, {"Cache-Control": ASKED})


async def public(request: PortalRequest, hash: str | None) -> Response[Any]:
    """A public copy, named by the hash that the database allows at this moment; nothing else is ever looked for."""
    if hash is None:
        # What is taken back may come again: nobody on the way keeps the word that it is not there.
        raise NotFoundException(headers=NEVER_KEPT)
    return await content(request, hash, MEDIA_TYPE, {"Cache-Control": FOR_EVER})


async def original(request: PortalRequest, file: Attachment) -> Response[Any]:
    """As it came: to be saved and not to be opened in the portal's own name."""
    return await content(request, file.content_hash, MEDIA_TYPES[file.kind], taken_away(file.name))


async def content(request: PortalRequest, hash: str, media_type: str, headers: dict[str, str]) -> Response[Any]:
    """Nothing where the browser has it, else the part that it asks for, else the whole file, whose sum is checked."""
    tag = f'"{hash}"'
    headers = {**headers, "ETag": tag, "Accept-Ranges": "bytes"}
    if ranges.held(request.headers.get("if-none-match"), tag):
        return Response(None, status_code=304, headers=headers)
    headers |= {"Content-Security-Policy": SANDBOX, "X-Content-Type-Options": "nosniff"}
    try:
        size = await storage.size_of(hash)
        same = ranges.still(request.headers.get("if-range"), tag)
        part = ranges.asked(request.headers.get("range"), size) if same else None
    except FileNotFoundError:
        raise lost(hash) from None
    except OutOfRange:
        outside = {**headers, **NEVER_KEPT, "Content-Range": f"bytes */{size}"}
        return Response(b"", media_type=media_type, status_code=416, headers=outside)
    if part is None:
        whole = storage.checked(hash, storage.span(hash, 0, size))
        return sent(request, whole, media_type, {**headers, "Content-Length": str(size)})
    told = {"Content-Range": part.of(size), "Content-Length": str(part.end - part.start)}
    return sent(request, storage.span(hash, part.start, part.end), media_type, {**headers, **told}, status=206)


def sent(
    request: PortalRequest, pieces: AsyncIterator[bytes], media_type: str, headers: dict[str, str], status: int = 200
) -> Response[Any]:
    """Of a file that is only asked about (HEAD) nothing is read."""
    if request.visit.only_asks:
        return Response(b"", media_type=media_type, headers=headers, status_code=status)
    return Stream(pieces, media_type=media_type, headers=headers, status_code=status)


def lost(hash: str) -> HTTPException:
    """A row speaks of a file that is not in the store: the fault is ours, and it is written down."""
    log.error("the file %s is not in the store, though a row speaks of it", hash)
    return NotFoundException(headers=NEVER_KEPT)


def taken_away(name: str) -> dict[str, str]:
    """The headers of what is saved under this name, and kept nowhere on its way."""
    return {"Cache-Control": "private, no-store", "Content-Disposition": disposition(name)}


def disposition(name: str) -> str:
    """The real name for browsers that read UTF-8, a plain one for the rest; nothing of it can end the header."""
    plain = "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "._-" else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
