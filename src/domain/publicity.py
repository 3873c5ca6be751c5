"""What may stand before everybody (§4.1): the moderator's copy of a message whose author agreed, on an open topic."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.errors import Unfit, say
from domain.model import Attachment, Message, Topic
from domain.personal import Found, found, standing

PUBLIC_TEXT_AT_MOST = 6000
PUBLIC_ADDRESS_AT_MOST = 300


def made_public(
    message: Message, topic: Topic, text: str | None, *, at: datetime, place: str | None = None
) -> dict[Any, Any]:
    """The columns that publication sets; raises Unfit when the message may not be published (R28).

    Without a text nothing is. Without a `place` of the moderator's it is the author's address without the flat.
    """
    if text is None:
        return {}
    if not message.consent:
        raise Unfit({"publish": say("The author did not agree to publication.")})
    if topic.closed:
        raise Unfit({"publish": say("Messages on this topic are never published.")})
    place = public_place(message.address) if place is None else place.strip()
    if len(place) > PUBLIC_ADDRESS_AT_MOST:
        raise Unfit({"public_address": say("The address is too long. Shorten it.")})
    copy = {"public_text": copied(text), "public_address": place}
    return {**copy, "published_at": at, "rejection": None}


def copied(text: str) -> str:
    """The text of a public copy; raises Unfit when there is none, or too much of it."""
    if not text.strip():
        raise Unfit({"public_text": say("Write the text that everybody will read.")})
    if len(text) > PUBLIC_TEXT_AT_MOST:
        longer = say("The text is longer than %(count)d characters. Shorten it.", count=PUBLIC_TEXT_AT_MOST)
        raise Unfit({"public_text": longer})
    return text.strip()


async def show(message: Message, photos: Iterable[UUID], *, answer: int | None = None) -> list[UUID]:
    """Inside the publishing transaction: these photos of the message, or of its answer, stand beside the text."""
    chosen = list(dict.fromkeys(photos))
    if not chosen:
        return []
    place = Attachment.answer.is_null() if answer is None else Attachment.answer == answer
    theirs = (Attachment.message == message.id) & place & Attachment.rating.is_null() & (Attachment.kind != "pdf")
    values: dict[Any, Any] = {"shown": True, "rejection": None}
    fitting = theirs & Attachment.id.is_in(chosen) & (Attachment.state != "refused")
    done = await Attachment.update(values).where(fitting).returning(Attachment.id)
    if len(done) != len(chosen):
        raise Unfit({"photos": say("Choose among the photos of this message.")})
    return chosen


# Wider than what is looked for in a text: in an address nothing is counted, and every «кв N» is a flat.
FLAT = re.compile(
    r"[,;\s]{0,9}(?<![а-яёa-z])(?:(?:кв|квартир\w{1,2}|комн|комнат\w|flat|apt)(?![а-яёa-z])\.?\s{0,9}(?:№|N|номер)?\s{0,9}"
    r"\d+[а-яёa-z]{0,2}(?:\s?[-‐‑–—/]\s?\d+[а-яёa-z]{0,2}|\s[а-г](?=[,;]|$))?(?:\s?(?:,|\bи)\s?\d+(?!\s?\w))*"
    r"|\d+\s?-?\s?(?:я|й|ая|ой|ю|ую|ей)\s(?:квартир|комнат)\w{0,2})",
    re.IGNORECASE,
)


def public_place(address: str) -> str:
    """The address without the flat: where the matter is, and not where somebody lives (R10)."""
    return FLAT.sub("", address).strip()


def proposed(text: str, names: Iterable[str] = ()) -> str:
    """What a moderator begins with: the text, and words in the place of what looks private and of these names.

    In the language of the town, as the copy is part of the record and the same for every reader.
    """
    return replaced(text, found(text, standing(text, names)))


def replaced(text: str, pieces: Sequence[Found]) -> str:
    """The text with words in the place of these pieces of it."""
    for piece in reversed(pieces):
        text = f"{text[: piece.start]}{piece.instead}{text[piece.end :]}"
    return text
