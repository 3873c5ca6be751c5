"""One case as the staff see it: the matter, its clocks, its files, its answers and its journal (R10, R33)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.events import Kind
from domain.model import Answer, Attachment, Message, Term
from domain.moves import Status
from domain.rulebook import Rulebook
from domain.terms import Owed
from portal.clock_days import ExplainedDay
from portal.clocks import ClockView, clock, explain
from portal.desk import journal
from portal.desk.headlines import headline
from portal.desk.journal import Entry, Row
from portal.desk.queues import ANSWERING

FACTS = """
SELECT tp.name AS topic, tp.track, tp.closed, c.name AS category, c.icon, a.name AS author, a.is_organisation,
       e.name AS executor, o.short_name AS organisation,
       (SELECT json_agg(other ORDER BY other.id DESC)::text FROM (
           SELECT id, number, status, left(text, 200) AS text FROM message
           WHERE author = m.author AND id <> m.id ORDER BY id DESC LIMIT 5) other) AS others
FROM message m JOIN topic tp ON tp.id = m.topic JOIN category c ON c.id = tp.category JOIN person a ON a.id = m.author
LEFT JOIN person e ON e.id = m.executor LEFT JOIN organisation o ON o.id = e.organisation
WHERE m.id = {}
"""
ANSWERS = """
SELECT an.id, an.round, an.state, an.outcome, an.text, an.planned_on, an.version, an.rules, an.remark,
       an.sent_for_review_at, an.approved_at, au.name AS author, rv.name AS reviewer,
       r.id AS rating, r.choice, r.remarks, r.at AS rated_at
FROM answer an JOIN person au ON au.id = an.author LEFT JOIN person rv ON rv.id = an.reviewer
LEFT JOIN rating r ON r.answer = an.id WHERE an.message = {} ORDER BY an.round DESC
"""
# Beside each file of an answer: the number of another message that it answers already (R16).
FILES = """
SELECT f.id, f.name, f.kind, f.size, f.width, f.height, f.state, f.reason, f.answer, f.rating,
       (SELECT om.number FROM attachment o JOIN answer oa ON oa.id = o.answer JOIN message om ON om.id = oa.message
        WHERE o.content_hash = f.content_hash AND f.answer IS NOT NULL AND om.id <> f.message AND oa.state <> 'draft'
        LIMIT 1) AS elsewhere
FROM attachment f WHERE f.message = {} ORDER BY f.received_at, f.id
"""


@dataclass(frozen=True)
class File:
    id: UUID
    name: str
    kind: str
    size: int
    width: int | None
    height: int | None
    state: str
    reason: str | None
    answer: int | None
    rating: int | None
    elsewhere: str | None

    @property
    def url(self) -> str | None:
        """Scans have no smaller sizes: they are opened as they are."""
        return f"/files/{self.id}/small" if self.state == "ready" and self.kind != "pdf" else None

    @property
    def full(self) -> str:
        return f"/files/{self.id}/{'original' if self.kind == 'pdf' else 'large'}"


@dataclass(frozen=True)
class AnswerView:
    """One round: the answer with its files, and the rating that it got with the files of the remarks."""

    id: int
    round: int
    state: str
    outcome: str | None
    text: str
    planned_on: date | None
    version: int
    rules: list[str]
    remark: str | None
    sent_for_review_at: datetime | None
    approved_at: datetime | None
    author: str
    reviewer: str | None
    rating: int | None
    choice: str | None
    remarks: str | None
    rated_at: datetime | None
    files: list[File]
    rating_files: list[File]


@dataclass(frozen=True)
class Clock:
    """A term beside its reading; `days` tells how its last day was counted."""

    term: Term
    view: ClockView
    days: tuple[ExplainedDay, ...]


@dataclass(frozen=True)
class Other:
    id: int
    number: str | None
    status: str
    title: str


@dataclass(frozen=True)
class Case:
    message: Message
    title: str
    topic: str
    track: int
    closed: bool
    category: str
    icon: str
    author: str
    is_organisation: bool
    executor: str | None
    organisation: str | None
    others: list[Other]
    clocks: list[Clock]
    files: list[File]
    answers: list[AnswerView]
    events: list[dict[str, Any]]
    journal: list[Entry]

    @property
    def clock(self) -> Clock | None:
        """The one that presses now; of a finished case the last one of its answer."""
        kinds = PRESSING.get(Status(self.message.status), ())
        running = [each for each in self.clocks if each.term.kind in kinds and each.term.void_at is None]
        return next((each for each in running if each.term.met_at is None), running[0] if running else None)

    @property
    def answer(self) -> AnswerView | None:
        """The answer of this round, if there is one yet (R15)."""
        return next((each for each in self.answers if each.round == self.message.round), None)

    @property
    def outcome(self) -> str | None:
        return next((each.outcome for each in self.answers if each.state == "approved"), None)

    @property
    def earlier(self) -> list[AnswerView]:
        return [each for each in self.answers if each.round != self.message.round]

    def last(self, kind: Kind) -> dict[str, Any] | None:
        """What was said at the last event of this kind."""
        return next((event for event in reversed(self.events) if event["kind"] == kind), None)

    @property
    def handed_back(self) -> dict[str, Any] | None:
        return self.last(Kind.HANDED_BACK)

    @property
    def accepted(self) -> dict[str, Any] | None:
        return self.last(Kind.ACCEPTED)

    @property
    def sendings(self) -> list[dict[str, Any]]:
        """What the message said at each earlier sending, the latest first (R08)."""
        corrected = [event for event in self.events if event["kind"] == Kind.CORRECTED]
        return [{"nth": event["data"]["sending"] - 1, **event["data"]["was"]} for event in reversed(corrected)]


PRESSING: dict[Status, tuple[Owed, ...]] = {
    Status.SUBMITTED: (Owed.REGISTRATION,),
    Status.REFUSED: (Owed.DECISION,),
    Status.REGISTERED: (Owed.ACCEPTANCE,),
    Status.HANDED_BACK: ANSWERING,
    Status.IN_WORK: ANSWERING,
    Status.IN_REVIEW: ANSWERING,
    Status.SENT_BACK: ANSWERING,
    Status.REWORK: ANSWERING,
    Status.FOLLOW_UP: ANSWERING,
    Status.ANSWERED: ANSWERING,
    Status.PROMISED: (Owed.PROMISE,),
    Status.COMMISSION: ANSWERING,
    Status.CLOSED: ANSWERING,
}


async def case(
    message: Message,
    book: Rulebook,
    events: Sequence[Row] | None = None,
    *,
    at: datetime,
    language: str,
    names: bool = True,
) -> Case:
    """Read the whole case, `events` where nobody has yet. `names` false hides the citizen's in the journal (R10)."""
    (facts,) = await Message.raw(FACTS, message.id)
    facts["others"] = [other_of(each) for each in json.loads(facts["others"] or "[]")]
    files = [File(**row) for row in await Attachment.raw(FILES, message.id)]
    if events is None:
        events = await journal.events(message.id)
    happened = [event for event in events if event["message"] == message.id]
    return Case(
        message=message,
        title=headline(message.text),
        clocks=await clocks(message, book, at=at, language=language),
        files=[file for file in files if file.answer is None and file.rating is None],
        answers=await answers(message, files),
        events=happened,
        journal=journal.journal(happened, language=language, names=names),
        **facts,
    )


def other_of(each: dict[str, Any]) -> Other:
    return Other(each["id"], each["number"], each["status"], headline(each["text"]))


async def clocks(message: Message, book: Rulebook, *, at: datetime, language: str) -> list[Clock]:
    """Every term of the message, the latest opened first."""
    terms = await Term.objects().where(Term.message == message.id).order_by(Term.opened_at, Term.id, ascending=False)
    return [
        Clock(
            term,
            clock(term, book.calendar, at=at, language=language),
            explain(term, book.calendar, language=language),
        )
        for term in terms
    ]


async def answers(message: Message, files: Sequence[File]) -> list[AnswerView]:
    return [
        AnswerView(
            files=[file for file in files if file.answer == row["id"]],
            rating_files=[file for file in files if file.rating is not None and file.rating == row["rating"]],
            **row,
        )
        for row in await Answer.raw(ANSWERS, message.id)
    ]
