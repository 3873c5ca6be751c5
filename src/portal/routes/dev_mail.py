"""The letters that development caught instead of sending (mounted in development only)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from litestar import MediaType, Response, get
from litestar.params import FromPath

from portal.pages import not_there, page
from portal.security.headers import AS_IN_MAIL
from portal.visit import PortalRequest

NEWEST = 100


@dataclass(frozen=True)
class Letter:
    id: str
    at: datetime
    content: EmailMessage

    @property
    def to(self) -> str:
        """As it was written: read as addresses, Python 3.11 leaves a space where a long name was folded."""
        return str(make_header(decode_header(dict(self.content.raw_items()).get("To", ""))))

    @property
    def subject(self) -> str:
        return str(self.content["Subject"] or "")

    @property
    def text(self) -> str:
        return self.body("plain")

    @property
    def html(self) -> str | None:
        return f"/dev/mail/{self.id}/html" if self.body("html") else None

    def body(self, kind: str) -> str:
        part = self.content.get_body((kind,))
        return str(part.get_content()) if part else ""


@get("/dev/mail", sync_to_thread=True)
def index(request: PortalRequest) -> Response[Any]:
    return page(request, "dev/letters.html", {"letters": [read(path) for path in caught(request)[:NEWEST]]})


@get("/dev/mail/{letter_id:str}", sync_to_thread=True)
def show(request: PortalRequest, letter_id: FromPath[str]) -> Response[Any]:
    return page(request, "dev/letter.html", {"letter": find(request, letter_id)})


@get("/dev/mail/{letter_id:str}/html", sync_to_thread=True)
def show_html(request: PortalRequest, letter_id: FromPath[str]) -> Response[str]:
    return Response(find(request, letter_id).body("html"), media_type=MediaType.HTML, headers=AS_IN_MAIL)


def caught(request: PortalRequest) -> list[Path]:
    """Newest first; looked up by listing, so that no name from an address is ever a path."""
    mailbox = request.app.state.settings.mailbox
    paths = mailbox.glob("*/*") if mailbox else ()  # a Maildir: new/ and cur/
    return sorted(paths, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def find(request: PortalRequest, letter_id: str) -> Letter:
    for path in caught(request):
        if path.name == letter_id:
            return read(path)
    raise not_there()


def read(path: Path) -> Letter:
    content = message_from_bytes(path.read_bytes(), policy=policy.default)
    return Letter(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC), content)
