"""Photos as everybody sees them (§4.1, R10): the public copies, under addresses that change with what is on them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from domain.model import Attachment
from domain.wording import translations
from portal.cards.files import FileView

# `print` is the beginning of the content's name: a photo that was covered since is another file at another address.
OF_MESSAGE = """
SELECT id, answer, before, left(public_sizes->>'large', 16) AS print FROM attachment
WHERE message = {} AND public_sizes IS NOT NULL ORDER BY received_at, id
"""
# Everything that must hold for a photo to go out, asked at once of the rows as they stand now (R28).
CONTENT = """
SELECT f.public_sizes->>{} AS hash FROM attachment f JOIN message m ON m.id = f.message
JOIN topic tp ON tp.id = m.topic LEFT JOIN answer an ON an.id = f.answer
WHERE f.id = {} AND m.number = {} AND left(f.public_sizes->>'large', 16) = {}
AND m.published_at IS NOT NULL AND NOT tp.closed AND (f.answer IS NULL OR an.published_at IS NOT NULL)
"""

Row = dict[str, Any]


async def public_photos(message: int) -> list[Row]:
    rows: list[Row] = await Attachment.raw(OF_MESSAGE, message)
    return rows


async def public_content(number: str, id: UUID, print: str, size: str) -> str | None:
    """The hash of what everybody may fetch under this address now."""
    rows = await Attachment.raw(CONTENT, size, id, number, print)
    return rows[0]["hash"] if rows else None


def public_url(number: str | None, id: UUID, print: str, size: str) -> str:
    return f"/publications/{number}/files/{id}/{print}/{size}"


def views(number: str | None, photos: Sequence[Row], language: str) -> list[FileView]:
    """Under names of ours: a file's own name may be somebody's."""
    words = translations(language)
    return [view(number, row, words.gettext("Photo %(number)s") % {"number": n}) for n, row in enumerate(photos, 1)]


def view(number: str | None, row: Row, name: str) -> FileView:
    small, large = (public_url(number, row["id"], row["print"], size) for size in ("small", "large"))
    return FileView(id=row["id"], name=name, size=0, state="ready", reason=None, url=small, full=large)


def of(answer: int | None, photos: Iterable[Row]) -> list[Row]:
    """Of one answer, or of the message itself."""
    return [row for row in photos if row["answer"] == answer]
