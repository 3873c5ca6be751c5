"""What of a case stands before everybody, item by item, as the moderator decides on it (§2, §4.1, R10, R28)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.areas import Area
from domain.authors import Author, author_of
from domain.directories.reading import named_then
from domain.errors import OutOfTurn
from domain.model import Attachment, Message, Person
from domain.personal import found, standing
from domain.publicity import proposed, public_place
from portal.desk.headlines import covered
from portal.desk.hints import NAMES
from portal.forms import Typed

GROUND = named_then("rejection_grounds", "g", "r.at")
ITEMS = f"""
SELECT NULL::bigint AS answer, 0 AS round, m.text, m.public_text, m.published_at, m.registered_at AS since,
       {GROUND} AS ground, r.words, r.at
FROM message m LEFT JOIN rejection r ON r.id = m.rejection LEFT JOIN rejection_ground g ON g.id = r.ground
WHERE m.id = {{}}
UNION ALL
SELECT an.id, an.round, an.text, an.public_text, an.published_at, an.approved_at, {GROUND}, r.words, r.at
FROM answer an LEFT JOIN rejection r ON r.id = an.rejection LEFT JOIN rejection_ground g ON g.id = r.ground
WHERE an.message = {{}} AND an.state = 'approved' ORDER BY round
"""
PHOTOS = f"""
SELECT f.id, f.answer, f.name, f.state, f.shown, f.public_sizes IS NOT NULL AS public, f.covers::text AS covers,
       {GROUND} AS ground, r.words, r.at
FROM attachment f LEFT JOIN rejection r ON r.id = f.rejection LEFT JOIN rejection_ground g ON g.id = r.ground
WHERE f.message = {{}} AND f.rating IS NULL AND f.kind <> 'pdf' AND f.state <> 'refused' ORDER BY f.received_at, f.id
"""
FACTS = f"""
SELECT tp.name AS topic, tp.closed, {NAMES.format(message="m.id")} AS names
FROM message m JOIN topic tp ON tp.id = m.topic WHERE m.id = {{}}
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class Rejected:
    ground: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Photo:
    """`public` says that everybody gets it now; one that is `shown` and not public is still being covered."""

    id: UUID
    answer: int | None
    name: str
    ready: bool
    shown: bool
    public: bool
    areas: Sequence[Area]
    rejected: Rejected | None
    chosen: bool

    @property
    def url(self) -> str:
        return f"/files/{self.id}/medium"


@dataclass(frozen=True)
class Item:
    """The message or one of its answers: what was written, and the copy as it stands in the field."""

    answer: int | None
    round: int
    original: str
    text: str
    published_at: datetime | None
    rejected: Rejected | None
    photos: Sequence[Photo]
    private: Sequence[str]

    @property
    def state(self) -> str:
        return "shown" if self.published_at else "rejected" if self.rejected else "waits"


@dataclass(frozen=True)
class Sheet:
    """The page of one item, and beside it how the others stand. `address` is the place for everybody."""

    message: Message
    title: str
    topic: str
    item: Item
    items: Sequence[Item]
    barrier: str
    address: str
    original_address: str
    errors: Mapping[str, str] = field(default_factory=dict)


async def sheet(
    message: Message,
    answer: int | None,
    *,
    by: Person,
    at: datetime,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
) -> Sheet | None:
    """`typed` is a form that did not fit; no such item is no page."""
    (facts,) = await Message.raw(FACTS, message.id)
    author = await author_of(message.id, by=by, at=at)
    rows = await Message.raw(ITEMS, message.id, message.id)
    photos = [photo(row, typed) for row in await Attachment.raw(PHOTOS, message.id)]
    items = [item(row, photos, author, facts["names"], typed if row["answer"] == answer else None) for row in rows]
    opened = next((each for each in items if each.answer == answer), None)
    if opened is None:
        return None
    place = public_place(message.address) if message.public_address is None else message.public_address
    return Sheet(
        message=message,
        title=covered(message.text, [*facts["names"], *author.words_in(message.text)]),
        topic=facts["topic"],
        item=opened,
        items=items,
        barrier=barrier(message, opened, closed=facts["closed"]),
        address=typed.get("public_address") if typed else place,
        original_address=author.place(message.address),
        errors=errors or {},
    )


def barrier(message: Message, item: Item, *, closed: bool) -> str:
    """Why nothing here can be published, in one word; the verbs say the same to whoever asks them by hand."""
    if not message.consent:
        return "consent"
    if closed:
        return "closed"
    if not message.number:
        return "early"
    return "message" if item.answer and not message.published_at else ""


def item(row: Row, photos: Sequence[Photo], author: Author, names: Sequence[str], typed: Typed | None) -> Item:
    without = [*names, *author.words_in(row["text"])]
    text = typed.get("public_text") if typed else row["public_text"] or proposed(row["text"], without)
    return Item(
        answer=row["answer"],
        round=row["round"],
        original=row["text"] if row["answer"] else author.veiled(row["text"]),
        text=text,
        published_at=row["published_at"],
        rejected=rejected(row),
        photos=[photo for photo in photos if photo.answer == row["answer"]],
        private=private(text, author, names),
    )


def private(text: str, author: Author, names: Sequence[str]) -> list[str]:
    """What still looks private in the copy; for the eye of the moderator, who decides."""
    pieces = [text[piece.start : piece.end] for piece in found(text, standing(text, names))]
    return list(dict.fromkeys([*pieces, *author.named_in(text)]))


def rejected(row: Row) -> Rejected | None:
    return Rejected(row["ground"], row["words"], row["at"]) if row["ground"] else None


def photo(row: Row, typed: Typed | None) -> Photo:
    """Before anybody has chosen, a photo that may be shown is proposed."""
    ready = row["state"] == "ready"
    chosen = typed.has("photos", row["id"]) if typed else ready and not row["ground"]
    return Photo(
        id=row["id"],
        answer=row["answer"],
        name=row["name"],
        ready=ready,
        shown=row["shown"],
        public=row["public"],
        areas=[Area(*area) for area in json.loads(row["covers"])],
        rejected=rejected(row),
        chosen=chosen,
    )


async def photo_of(message: Message, id: UUID) -> Photo | None:
    return next((photo(row, None) for row in await Attachment.raw(PHOTOS, message.id) if row["id"] == id), None)


async def photo_to_cover(message: Message, id: UUID) -> Photo | None:
    """None for no photo of this message; OutOfTurn while there is nothing to draw on."""
    found = await photo_of(message, id)
    if found is not None and not found.ready:
        raise OutOfTurn("Only a photo that is ready can be covered.")
    return found
