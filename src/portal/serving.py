"""How a stored file goes out: a prepared picture to look at, anything else only to be saved (R13)."""

import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from domain.model import Attachment
from portal.pages import not_there
from portal.visit import PortalRequest
from workers import storage
from workers.papers import DOCUMENT
from workers.pictures import MEDIA_TYPE

MEDIA_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "tiff": "image/tiff", "pdf": "application/pdf"}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = "text/csv; charset=utf-8"
# Public photos too are kept by browsers alone: what is taken off the pages must not live on in a proxy.
KEPT = "private, max-age=31536000, immutable"
# A photo of an answer may still be turned or cropped under the same address, so a browser asks whether it was.
ASKED = "private, no-cache"
# Whatever is in the file, a browser that opens it runs nothing and fetches nothing.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


async def prepared(request: PortalRequest, file: Attachment | None, size: str) -> Response[Any]:
    """One of the prepared sizes: re-encoded by us, so that it is a picture or a plain document and nothing else."""
    hash = json.loads(file.sizes).get(size) if file is not None and file.state == "ready" else None
    if file is None or hash is None:
        raise not_there()
    if size == DOCUMENT:
        return await content(hash, MEDIA_TYPES["pdf"], taken_away(f"{PurePath(file.name).stem}.pdf"))
    return await picture(request, hash, KEPT if file.answer is None and file.part is None else ASKED)


async def public(request: PortalRequest, hash: str | None) -> Response[Any]:
    """A public copy, named by the hash that the database allows at this moment; nothing else is ever looked for."""
    if hash is None:
        raise not_there()
    return await picture(request, hash, KEPT)


async def picture(request: PortalRequest, hash: str, kept: str) -> Response[Any]:
    headers = {"Cache-Control": kept, "ETag": f'"{hash}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(None, status_code=304, headers=headers)
    return await content(hash, MEDIA_TYPE, headers)


async def original(file: Attachment) -> Response[Any]:
    """As it came: to be saved and not to be opened in the portal's own name."""
    return await content(file.content_hash, MEDIA_TYPES[file.kind], taken_away(file.name))


async def content(hash: str, media_type: str, headers: dict[str, str]) -> Response[Any]:
    if await storage.written_at(hash) is None:
        raise not_there()
    headers = {**headers, "Content-Security-Policy": SANDBOX, "X-Content-Type-Options": "nosniff"}
    return Stream(storage.stream(hash), media_type=media_type, headers=headers)


def taken_away(name: str) -> dict[str, str]:
    """The headers of what is saved under this name, and kept nowhere on its way."""
    return {"Cache-Control": "private, no-store", "Content-Disposition": disposition(name)}


def disposition(name: str) -> str:
    """The real name for browsers that read UTF-8, a plain one for the rest; nothing of it can end the header."""
    plain = "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "._-" else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
