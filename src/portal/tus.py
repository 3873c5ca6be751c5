"""The words of tus 1.0.0, the protocol of uploads that survive a broken line: what its headers say.

The core, and of the extensions creation, creation-with-upload, expiration and termination.
https://tus.io/protocols/resumable-upload
"""

import base64
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from litestar import MediaType, Response
from litestar.exceptions import HTTPException

from domain.model import Upload
from portal.cards.forms import uuid_of
from portal.parsing import file_name
from portal.visit import PortalRequest

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,termination"
PIECE = "application/offset+octet-stream"
DIGITS = 15


def check_version(request: PortalRequest) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise HTTPException(status_code=412, headers={"Tus-Version": VERSION})


def number(request: PortalRequest, header: str) -> int:
    value = request.headers.get(header, "")
    if not value.isascii() or not value.isdigit() or len(value) > DIGITS:
        raise HTTPException(status_code=400)
    return int(value)


def carries_a_piece(request: PortalRequest) -> bool:
    return request.headers.get("content-type", "") == PIECE


def metadata(request: PortalRequest) -> tuple[str, UUID]:
    """The name of the file, whatever its phone has made of it, and the key of its form."""
    values: dict[str, bytes] = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, encoded = pair.strip().partition(" ")
        try:
            values[key] = base64.b64decode(encoded, validate=True)
        except ValueError:  # also of letters that are not ASCII
            raise HTTPException(status_code=400) from None
    form = uuid_of(values.get("key", b"").decode("utf-8", "replace"))
    if form is None:
        raise HTTPException(status_code=400)
    return file_name(values.get("filename", b"").decode("utf-8", "replace")), form


def how_far(upload: Upload) -> dict[str, str]:
    return {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(upload.received),
        "Upload-Length": str(upload.size),
        "Upload-Expires": http_date(upload.expires_at),
        "Cache-Control": "no-store",
    }


def http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def refusal(sentence: str, status: int) -> Response[Any]:
    """In plain words: the page shows them beside the file."""
    return Response(sentence, status_code=status, media_type=MediaType.TEXT, headers={"Tus-Resumable": VERSION})
