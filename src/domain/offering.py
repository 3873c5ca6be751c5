"""What a topic asks of a message (§2): that its season runs, and that a photo comes along where one is needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.errors import Sentence, say
from domain.model import Attachment, Message, Topic
from domain.workdays import in_town

SCAN = "pdf"  # a document may come along, but nobody sees on it what is wrong in the street
NEEDS = "SELECT season_from, season_to, photo_required FROM topic WHERE id = {} AND active"


@dataclass(frozen=True)
class Brought:
    """What a message brings for its topic. Whoever corrects keeps the `topic` that was in season when they wrote."""

    photos: int
    topic: int | None = None


def in_season(first: str | None, last: str | None, day: date) -> bool:
    """Days are MM-DD; a season may wrap the year. A topic without one is offered the whole year."""
    if first is None or last is None:
        return True
    today = f"{day:%m-%d}"
    return first <= today <= last if first <= last else today >= first or today <= last


async def wrong_topic(id: int, brought: Brought, *, at: datetime) -> dict[str, Sentence]:
    """What the topic refuses or misses, by the field of the form that can mend it."""
    found = await Topic.raw(NEEDS, id)
    if not found:
        return {"topic": say("Choose a topic from the list.")}
    first, last = found[0]["season_from"], found[0]["season_to"]
    if id != brought.topic and not in_season(first, last, in_town(at).date()):
        season = {"first": day_and_month(first), "last": day_and_month(last)}
        return {"topic": say("This topic is taken from %(first)s to %(last)s. Choose another one now.", **season)}
    if found[0]["photo_required"] and not brought.photos:
        return {"files": say("This topic needs a photo: add at least one.")}
    return {}


def day_and_month(written: str) -> str:
    return f"{written[3:]}.{written[:2]}"


def photos_among(files: Iterable[Attachment]) -> int:
    return sum(file.kind != SCAN for file in files)


async def photos_kept(message: Message, dropped: Iterable[UUID]) -> int:
    """How many photos of its author's own a message still has when it goes without the `dropped` files."""
    own = (Attachment.message == message.id) & Attachment.answer.is_null() & Attachment.rating.is_null()
    seen = own & (Attachment.kind != SCAN) & (Attachment.state != "refused")
    gone = list(dropped)
    return await Attachment.count().where(seen & Attachment.id.not_in(gone) if gone else seen)
