"""A published message as everybody sees it (§2, R10): the moderator's text, no author, no original, answers let out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.model import Attachment, Message, Person
from domain.moves import Status
from domain.publicity import public_place
from domain.rulebook import rulebook
from portal.cards import answers
from portal.cards.answers import AnswerCard
from portal.cards.clocks import answer_term, counted, terms_of
from portal.cards.files import FileView, of_the_message, public_photos
from portal.cards.steps import Step, steps
from portal.cards.topics import CategoryName, category_of
from portal.clock_days import ExplainedDay
from portal.clocks import ClockView
from portal.desk.headlines import headline

# How officials pass a case between them is for official use only (§4.1).
PLAINER = {
    Status.HANDED_BACK: Status.REGISTERED,
    Status.IN_REVIEW: Status.IN_WORK,
    Status.SENT_BACK: Status.IN_WORK,
}


@dataclass(frozen=True)
class Publication:
    number: str
    title: str
    text: str
    address: str
    category: CategoryName
    topic: str
    status: str
    outcome: str | None
    sent_at: datetime
    organisation: str
    photos: Sequence[FileView]
    steps: Sequence[Step]
    clock: ClockView | None
    clock_days: Sequence[ExplainedDay]
    answers: Sequence[AnswerCard]


async def published(number: str) -> Message | None:
    shown = (Message.number == number) & Message.published_at.is_not_null()
    return await Message.objects().where(shown).first()


def public_status(status: str) -> Status:
    return PLAINER.get(Status(status), Status(status))


async def card(message: Message, *, at: datetime, language: str) -> Publication:
    topic, category = await category_of(message)
    organisation = await organisation_of(message.executor)
    terms = (await terms_of(message.id))[message.id]
    files = await Attachment.objects().where(Attachment.message == message.id).order_by(Attachment.received_at)
    shown = [row for row in await answers.approved(message.id) if row["published_at"]]
    last = answer_term(terms)
    clock = last and counted(last, (await rulebook()).calendar, at=at, language=language)
    status = public_status(message.status)
    place = f"/publications/{message.number}/files"
    return Publication(
        number=message.number,
        title=headline(message.public_text),
        text=message.public_text,
        address=public_place(message.address),
        category=category,
        topic=topic,
        status=status,
        outcome=shown[0]["outcome"] if shown else None,
        sent_at=message.sent_at,
        organisation=organisation,
        photos=public_photos(filter(of_the_message, files), place, language),
        steps=steps(message, status, terms, organisation, language),
        clock=clock.view if clock else None,
        clock_days=clock.days if clock else (),
        answers=[answers.answer(row, files_of(row, files, place, language), to_its_author=False) for row in shown],
    )


def files_of(row: dict[str, Any], files: Sequence[Attachment], place: str, language: str) -> list[FileView]:
    return public_photos((file for file in files if file.answer == row["id"]), place, language)


async def organisation_of(executor: int | None) -> str:
    """The department and never the official."""
    if executor is None:
        return ""
    department = Person.organisation.name.as_alias("department")
    row = await Person.select(department).where(Person.id == executor).first()
    return (row or {}).get("department") or ""


async def public_file(message: Message, id: Any) -> Attachment | None:
    """A photo of the message, or of an answer that was published; never a scan, never remarks."""
    shown = Attachment.answer.is_null() | Attachment.answer.published_at.is_not_null()
    mine = (Attachment.id == id) & (Attachment.message == message.id) & Attachment.rating.is_null()
    return await Attachment.objects().where(mine & shown).first()
