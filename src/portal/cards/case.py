"""A message as its author sees it (§3–§4.4): where it stands, its clocks, its answers, what can be done now (R31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.events import Kind
from domain.fates import Promise
from domain.joined import case_of
from domain.model import Attachment, Ground, Message, Term
from domain.moves import Status
from domain.rulebook import rulebook
from domain.workdays import in_town
from portal.cards import answers, feedback, questions, story
from portal.cards.answers import AnswerCard
from portal.cards.clocks import CountedClock, Reader, every_term
from portal.cards.feedback import RatingView
from portal.cards.files import FileView, file_view, of_the_message, paired
from portal.cards.publication import organisation_of
from portal.cards.published import Published, published
from portal.cards.questions import QuestionView, ReplyForm
from portal.cards.steps import Step, steps
from portal.cards.story import Entry
from portal.cards.topics import CategoryName, category_of
from portal.desk.headlines import headline

# As they stood when they were named.
GROUNDS = """
SELECT stood('grounds', id, 'name', {}, name) AS name, stood('grounds', id, 'hint', {}, hint) AS hint
FROM ground WHERE code = ANY({}) ORDER BY id
"""


@dataclass(frozen=True)
class Named:
    """A ground of the moderation rules, and what usually helps."""

    name: str
    hint: str


@dataclass(frozen=True)
class Refusal:
    grounds: Sequence[Named]
    reason: str
    proposal: str
    at: datetime
    may_correct: bool


@dataclass(frozen=True)
class Decision:
    """What the commission decided last, and whose department has to act by when, if somebody has."""

    name: str
    text: str
    at: datetime
    held_on: date
    organisation: str | None
    due_on: date | None


@dataclass(frozen=True)
class Case:
    id: int
    number: str | None
    case: int
    joined_to: str | None
    title: str
    status: str
    outcome: str | None
    text: str
    address: str
    category: CategoryName
    topic: str
    sent_at: datetime
    publication: Published
    photos: Sequence[FileView]
    steps: Sequence[Step]
    clocks: Sequence[CountedClock]
    earlier_clocks: Sequence[CountedClock]
    refusal: Refusal | None
    questions: Sequence[QuestionView]
    decision: Decision | None
    answers: Sequence[AnswerCard]
    promises: Sequence[Promise]
    reworks: int
    rating: RatingView | None
    openings: Sequence[date]
    journal: Sequence[Entry]


async def card(
    message: Message,
    *,
    at: datetime,
    language: str,
    rating: RatingView | None = None,
    reply: ReplyForm | None = None,
) -> Case:
    """`rating` and `reply` are forms that did not fit, instead of empty ones."""
    topic, category = await category_of(message)
    case = await case_of(message)
    every = await every_term(message)
    terms = [term for term in every if not term.void_at]
    files = await files_for_author(message, case)
    rounds = await answers.approved(case.id, message.author)
    happened = await story.events(message)
    organisation = await organisation_of(case.executor)
    reader = Reader((await rulebook()).calendar, happened, at, language)
    status, decision = Status(case.status), decided(happened)
    # By the commission, unless it gave an instruction: then the outcome of the last answer is not how the case ended.
    ended = status == Status.CLOSED and decision is not None and decision.due_on is None
    rating = rating or await to_rate(message, case, terms, at, language)
    return Case(
        id=message.id,
        number=message.number,
        case=case.id,
        joined_to=case.number if message.joined_to else None,
        title=headline(message.text),
        status=status,
        outcome=rounds[0]["outcome"] if rounds and not ended else None,
        text=message.text,
        address=message.address,
        category=category,
        topic=topic,
        sent_at=message.sent_at,
        publication=await published(message),
        photos=[file_view(file, "/files", language) for file in files if of_the_message(file)],
        steps=steps(message, case, status, terms, organisation, language),
        clocks=reader.shown(every),
        earlier_clocks=reader.earlier(every),
        refusal=await refusal(happened) if status == Status.REFUSED else None,
        questions=await questions.of_the_message(message, happened, at=at, language=language, given=reply),
        decision=decision,
        answers=[answers.answer(row, files_of(row, files, language), to_its_author=True) for row in rounds],
        promises=answers.promises(rounds),
        reworks=case.reworks,
        rating=rating or rated(rounds),
        openings=openings(happened),
        journal=story.story(happened, language, reader=message.author),
    )


def openings(happened: Sequence[dict[str, Any]]) -> list[date]:
    """The days on which officials opened the author's name and contacts, oldest first."""
    return sorted({in_town(row["at"]).date() for row in happened if row["kind"] == Kind.AUTHOR_OPENED})


async def files_for_author(message: Message, case: Message) -> list[Attachment]:
    """Their own, and those of the answers; photos of another author of the case are not theirs to see (R10)."""
    of_answers = (Attachment.message == case.id) & Attachment.answer.is_not_null()
    theirs = (Attachment.message == message.id) | of_answers
    return await Attachment.objects().where(theirs).order_by(Attachment.received_at)


async def to_rate(
    message: Message, case: Message, terms: Sequence[Term], at: datetime, language: str
) -> RatingView | None:
    """An empty form while the answer may be rated."""
    window = feedback.rating_term(case, terms, at)
    place = f"/messages/{message.id}/rating"
    return await feedback.rating(case, window, place, language=language) if window else None


def files_of(row: dict[str, Any], files: Sequence[Attachment], language: str) -> list[FileView]:
    theirs = [file for file in files if file.answer == row["id"]]
    own = [file_view(file, "/files", language) for file in files if of_the_message(file)]
    befores = {file.id: file.before for file in theirs}
    return paired([file_view(file, "/files", language) for file in theirs], befores, own)


def rated(rounds: Sequence[dict[str, Any]]) -> RatingView | None:
    return feedback.given(rounds[0]) if rounds and rounds[0]["choice"] else None


def decided(happened: Sequence[dict[str, Any]]) -> Decision | None:
    last = next((row for row in happened if row["kind"] == Kind.DECIDED), None)
    if last is None:
        return None
    said = last["data"]
    return Decision(
        name=said["decision"],
        text=said["text"],
        at=last["at"],
        held_on=date.fromisoformat(said["held_on"]),
        organisation=last["receiver"],
        due_on=date.fromisoformat(said["due_on"]) if said["due_on"] else None,
    )


async def refusal(happened: Sequence[dict[str, Any]]) -> Refusal:
    """The last notice of refusal, as the journal holds it (R08)."""
    last = next(row for row in happened if row["kind"] == Kind.REFUSED)
    data = last["data"]
    grounds = [Named(**row) for row in await Ground.raw(GROUNDS, last["at"], last["at"], data["grounds"])]
    return Refusal(grounds, data["reason"], data["proposal"], last["at"], may_correct=True)
