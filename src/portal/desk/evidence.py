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
from domain.wording import translations
from portal.desk.asking import Asked


@dataclass(frozen=True)
class Doubt:
    """One warning; `alike` is the other picture, and `case` the address of its case unless it is this one."""

    kind: str
    text: str
    alike: UUID | None
    at: datetime | None
    case: str | None


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
    return [in_words(each, message, desk, words) for each in found]


def in_words(each: Evidence, message: Message, desk: str, words: NullTranslations) -> Seen:
    doubts = [doubt(one, message, desk, words) for one in each.warned]
    return Seen(each.photo, each.name, each.taken_at, each.camera, each.metres, each.credentials, doubts)


def doubt(warned: Warned, message: Message, desk: str, words: NullTranslations) -> Doubt:
    text = words.gettext(warned.sentence.msgid) % warned.sentence.values
    alike = warned.alike
    if alike is None:
        return Doubt(warned.kind, text, None, None, None)
    case = f"{desk}/{alike.message}" if alike.message != message.id else None
    return Doubt(warned.kind, text, alike.id, alike.received_at, case)


def in_short(kinds: Sequence[str], words: NullTranslations) -> str:
    return ", ".join(words.gettext(label) for label in (evidence.IN_SHORT[kind] for kind in kinds))


def before_the_reviewer(said: dict[str, Any], words: NullTranslations) -> str:
    """For the journal: which warnings stood on the page when the answer was let out."""
    warned = said.get("warned") or ()
    told = [f"{each['name']} – {in_short(each['kinds'], words)}" for each in warned]
    return words.gettext("warnings about photos: %(warnings)s") % {"warnings": "; ".join(told)} if told else ""
