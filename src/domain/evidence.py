"""What speaks against the photos of an answer (§4.2, R16, R17): told as reasons to look, and never a refusal.

A camera's clock may be wrong, its place may be off by a street, and a photo may look like another by chance: so a
person judges, and the journal keeps what they were told. None of it is for citizens, and of another case nobody is
told who may not see it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

from domain.errors import Sentence, say
from domain.lookalikes import Alike, lookalikes
from domain.model import Attachment, Message, Person
from domain.seeing import visible_to
from domain.wording import N_
from domain.workdays import TOWN, in_town

CAMERAS = range(1990, 2101)  # years that a camera can name; others no calendar of ours could turn into an hour
CLOCKS_DIFFER = timedelta(minutes=10)  # that of a camera from ours
EARTH_METRES = 6_371_000
CASES_AT_MOST = 3  # of those that have the same picture
SAME = {
    "question": N_("The same picture as in the question."),
    "earlier": N_("The same picture as in an earlier answer to this message."),
    "twice": N_("The same picture stands in this answer twice."),
    "case": N_("The same picture as in message № %(number)s."),
}
NEARLY = {
    "question": N_("Nearly the same picture as in the question."),
    "earlier": N_("Nearly the same picture as in an earlier answer to this message."),
    "twice": N_("Nearly the same picture stands in this answer twice."),
    "case": N_("Nearly the same picture as in message № %(number)s."),
}
EARLY = N_("Taken on %(taken)s, before the message was sent (%(sent)s).")
FUTURE = N_("Taken on %(taken)s, which is later than it arrived: the camera's clock is wrong, or the date was changed.")
FAR = N_("Taken %(metres)d m away from the place of the message; phones err by tens of metres.")
EDITED = N_("Saved by a program that changes pictures: %(names)s.")
GENERATED = N_("The file itself says that a model has made the picture.")
# The kinds in a word or two, for the journal.
IN_SHORT = {
    "question": N_("as in the question"),
    "earlier": N_("as in an earlier answer"),
    "twice": N_("twice in the answer"),
    "case": N_("as in another case"),
    "early": N_("taken before the message"),
    "future": N_("taken in the future"),
    "far": N_("taken far away"),
    "edited": N_("traces of an editor"),
    "generated": N_("made by a model"),
}
PHOTOS = """
SELECT id, name, print, traces, received_at FROM attachment
WHERE answer = {} AND kind <> 'pdf' AND state = 'ready' ORDER BY received_at, id
"""


@dataclass(frozen=True)
class Warned:
    """One reason to look, and the other picture where there is one."""

    kind: str
    sentence: Sentence
    alike: Alike | None = None


@dataclass(frozen=True)
class Evidence:
    """Of one photo: what the camera wrote down, and what speaks against it. `metres` is from the message's place."""

    photo: UUID
    name: str
    taken_at: datetime | None
    camera: str
    metres: int | None
    credentials: bool
    warned: Sequence[Warned]


async def evidence(message: Message, answer: int, *, by: Person, metres: int) -> list[Evidence]:
    """Of every photo of the answer, as far as this person may know; `metres` is how far away is too far."""
    photos = await Attachment.raw(PHOTOS, answer)
    if not photos:
        return []
    alike = await lookalikes({photo["id"]: photo["print"] for photo in photos}, answer)
    numbers = await numbers_of({each.message for each in alike} - {message.id}, by)
    return [of(photo, message, answer, alike, numbers, metres) for photo in photos]


async def numbers_of(messages: set[int], by: Person) -> dict[int, str]:
    """Of the messages that this person may see; one that is not registered yet has none."""
    found = await visible_to(by).where(Message.id.is_in(list(messages))) if messages else []
    return {each.id: each.number or "–" for each in found}


def of(
    photo: dict[str, Any], message: Message, answer: int, alike: Sequence[Alike], numbers: dict[int, str], limit: int
) -> Evidence:
    said = json.loads(photo["traces"])
    taken_at, away = moment(said.get("taken_at")), distance(said, message)
    mine = [each for each in alike if each.photo == photo["id"]]
    warned = [*pictures(mine, message, answer, numbers), *times(taken_at, message, photo["received_at"])]
    if away is not None and away - said.get("within", 0) > limit:
        warned.append(Warned("far", say(FAR, metres=away)))
    if names := said.get("editors"):
        warned.append(Warned("edited", say(EDITED, names=", ".join(names))))
    if said.get("generated"):
        warned.append(Warned("generated", say(GENERATED)))
    camera, signed = said.get("camera", ""), bool(said.get("credentials"))
    return Evidence(photo["id"], photo["name"], taken_at, camera, away, signed, warned)


def pictures(alike: Sequence[Alike], message: Message, answer: int, numbers: dict[int, str]) -> list[Warned]:
    """Those of the case itself first, then other cases, the nearest of each."""
    own = [each for each in alike if each.message == message.id]
    others = list({each.message: each for each in reversed(alike) if each.message in numbers}.values())[::-1]
    return [told(each, message, answer, numbers) for each in [*own, *others[:CASES_AT_MOST]]]


def told(alike: Alike, message: Message, answer: int, numbers: dict[int, str]) -> Warned:
    if alike.message != message.id:
        kind = "case"
    elif alike.answer is None:
        kind = "question"
    else:
        kind = "twice" if alike.answer == answer else "earlier"
    sentence = (NEARLY if alike.distance else SAME)[kind]
    return Warned(kind, say(sentence, number=numbers[alike.message]) if kind == "case" else say(sentence), alike)


def times(taken_at: datetime | None, message: Message, received_at: datetime) -> list[Warned]:
    """No time at all is no warning: many programs leave it out, and so do all messengers."""
    if taken_at is None:
        return []
    taken = shown(taken_at)
    if taken_at > received_at + CLOCKS_DIFFER:
        return [Warned("future", say(FUTURE, taken=taken))]
    if taken_at < message.sent_at - CLOCKS_DIFFER:
        return [Warned("early", say(EARLY, taken=taken, sent=shown(message.sent_at)))]
    return []


def moment(written: str | None) -> datetime | None:
    """Without an offset it is taken for the hour of the town; a day that no calendar has is no day."""
    try:
        told = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    if told is None or told.year not in CAMERAS:
        return None
    return told if told.tzinfo else told.replace(tzinfo=TOWN)


def shown(moment: datetime) -> str:
    return f"{in_town(moment):%d.%m.%Y %H:%M}"


def distance(said: dict[str, Any], message: Message) -> int | None:
    """In metres, along the surface of the earth."""
    latitude: Any = message.latitude
    if latitude is None or "latitude" not in said:
        return None
    north, there = radians(latitude), radians(said["latitude"])
    east = radians(said["longitude"] - message.longitude)
    half = sin((there - north) / 2) ** 2 + cos(north) * cos(there) * sin(east / 2) ** 2
    return round(2 * EARTH_METRES * asin(sqrt(min(1.0, half))))


def in_short(found: Sequence[Evidence]) -> dict[str, Any]:
    """For the journal: which warnings about which photo the person had before them; no other case is named."""
    suspect = [each for each in found if each.warned]
    warned = [{"name": each.name, "kinds": sorted({one.kind for one in each.warned})} for each in suspect]
    return {"warned": warned} if warned else {}
