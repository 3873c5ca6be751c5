"""A published message as everybody sees it (§2, R10): the moderator's text, no author, no original, answers let out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import fates
from domain.fates import Promise
from domain.model import Message, Person
from domain.moves import Status
from domain.rulebook import rulebook
from portal.cards import answers, public_photos
from portal.cards.answers import AnswerCard
from portal.cards.clocks import CountedClock, Reader, answer_term, recounts, terms_of
from portal.cards.files import FileView, paired
from portal.cards.resolved import resolved
from portal.cards.steps import Step, steps
from portal.cards.topics import CategoryName, category_of
from portal.desk.headlines import headline

OTHERS = "SELECT count(DISTINCT author) AS others FROM message WHERE joined_to = {} AND author <> {}"
# How officials pass a case between them is for official use only (§4.1).
PLAINER = {
    Status.HANDED_BACK: Status.REGISTERED,
    Status.IN_REVIEW: Status.IN_WORK,
    Status.SENT_BACK: Status.IN_WORK,
}


@dataclass(frozen=True)
class Publication:
    """`joined_to` is the number of the published case that answers it as well, `others` how many have joined it."""

    number: str
    title: str
    text: str
    address: str
    category: CategoryName
    topic: str
    status: str
    joined_to: str | None
    others: int
    outcome: str | None
    sent_at: datetime
    organisation: str
    photos: Sequence[FileView]
    steps: Sequence[Step]
    clock: CountedClock | None
    answers: Sequence[AnswerCard]
    promises: Sequence[Promise]


async def published(which: Any) -> Message | None:
    """The message that the condition finds, if everybody may read it."""
    topic: Any = Message.topic
    shown = which & Message.published_at.is_not_null()
    return await Message.objects().where(shown & topic.closed.eq(False)).first()


def public_status(status: str) -> Status:
    return PLAINER.get(Status(status), Status(status))


async def card(message: Message, *, at: datetime, language: str) -> Publication:
    topic, category = await category_of(message)
    organisation = await organisation_of(message.executor)
    terms = (await terms_of(message.id))[message.id]
    photos = await public_photos.public_photos(message.id)
    shown = [before_everybody(row) for row in await answers.approved(message.id) if row["published_at"]]
    last = answer_term(terms)
    reader = Reader((await rulebook()).calendar, await recounts(message.id), at, language)
    status = public_status(message.status)
    return Publication(
        number=message.number,
        title=headline(message.public_text),
        text=message.public_text,
        address=message.public_address,
        category=category,
        topic=topic,
        status=status,
        joined_to=await public_case(message),
        others=await others(message),
        outcome=shown[0]["outcome"] if shown and not await resolved(message) else None,
        sent_at=message.sent_at,
        organisation=organisation,
        photos=public_photos.views(message.number, public_photos.of(None, photos), language),
        steps=steps(message, message, status, terms, organisation, language),
        clock=reader.read(last) if last else None,
        answers=[answer_of(message, row, photos, language) for row in shown],
        promises=answers.promises(shown),
    )


async def public_case(message: Message) -> str | None:
    found = await published(Message.id == message.joined_to) if message.joined_to else None
    return found.number if found else None


async def others(message: Message) -> int:
    """How many other people have written of the same matter; who they are is nobody's to know (R10)."""
    (row,) = await Message.raw(OTHERS, message.id, message.author)
    return int(row["others"])


def before_everybody(row: dict[str, Any]) -> dict[str, Any]:
    """What became of its promise is told as far as the answers after it are published."""
    return {**row, "promise": row["promise"] and fates.before_everybody(row["promise"])}


def answer_of(message: Message, row: dict[str, Any], photos: Sequence[dict[str, Any]], language: str) -> AnswerCard:
    """The moderator's copy of it, and the photos that were chosen."""
    theirs = public_photos.of(row["id"], photos)
    views = public_photos.views(message.number, theirs, language)
    own = public_photos.views(message.number, public_photos.of(None, photos), language)
    views = paired(views, {photo["id"]: photo["before"] for photo in theirs}, own)
    return answers.answer({**row, "text": row["public_text"]}, views, to_its_author=False)


async def organisation_of(executor: int | None) -> str:
    """The department and never the official."""
    if executor is None:
        return ""
    department = Person.organisation.name.as_alias("department")
    row = await Person.select(department).where(Person.id == executor).first()
    return (row or {}).get("department") or ""
