"""The evidence of an answer in words (§4.2, R16, R17): each photo and what speaks against it, for officials alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from typing import Any
from uuid import UUID

from domain import evidence
from domain.evidence import Evidence, Warned
from domain.model import Message
from domain.wording import N_, translations
from portal.desk.asking import Asked

CAPTIONS = {
    "question": N_("In the question"),
    "earlier": N_("In an earlier answer"),
    "twice": N_("Here once more"),
}


@dataclass(frozen=True)
class Doubt:
    """One warning; `alike` is the other picture, `caption` where it stands, `case` the address of another case."""

    text: str
    alike: UUID | None = None
    caption: str = ""
    case: str | None = None


@dataclass(frozen=True)
class Seen:
    """A photo, what its file says of it, and the doubts."""

    photo: UUID
    name: str
    taken_at: datetime | None
    camera: str
    metres: int | None
    credentials: bool
    doubts: Sequence[Doubt]


async def seen(asked: Asked, message: Message, answer: int, desk: str) -> list[Seen]:
    """`desk` is the address under which this person opens cases."""
    limit = asked.book.limits.photo_metres
    found = await evidence.evidence(message, answer, by=asked.person, metres=limit)
    words = translations(asked.language)
    return [in_words(each, desk, words) for each in found]


def in_words(each: Evidence, desk: str, words: NullTranslations) -> Seen:
    doubts = [doubt(one, desk, words) for one in each.warned]
    return Seen(each.photo, each.name, each.taken_at, each.camera, each.metres, each.credentials, doubts)


def doubt(warned: Warned, desk: str, words: NullTranslations) -> Doubt:
    text = words.gettext(warned.sentence.msgid) % warned.sentence.values
    if warned.alike is None:
        return Doubt(text)
    if warned.kind != "case":
        return Doubt(text, warned.alike.id, words.gettext(CAPTIONS[warned.kind]))
    number = f"№ {warned.sentence.values['number']}"
    return Doubt(text, warned.alike.id, number, f"{desk}/{warned.alike.message}")


def in_short(kinds: Sequence[str], words: NullTranslations) -> str:
    return ", ".join(words.gettext(label) for label in (evidence.IN_SHORT[kind] for kind in kinds))


def before_the_reviewer(said: dict[str, Any], words: NullTranslations) -> str:
    """For the journal: which warnings stood on the page when the answer was let out."""
    warned = said.get("warned") or ()
    told = [f"{each['name']} – {in_short(each['kinds'], words)}" for each in warned]
    return words.gettext("warnings about photos: %(warnings)s") % {"warnings": "; ".join(told)} if told else ""
