"""One case as the staff see it: the matter, its clocks, its files, its answers and its journal (R10, R33)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.events import Kind
from domain.model import Message, Term
from domain.moves import Status
from domain.rulebook import Rulebook
from domain.terms import Owed
from portal.clock_days import ExplainedDay
from portal.clocks import ClockView, clock, explain
from portal.desk import journal
from portal.desk.answers import AnswerView, File, answers, files
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
    received = await files(message)
    if events is None:
        events = await journal.events(message.id)
    happened = [event for event in events if event["message"] == message.id]
    return Case(
        message=message,
        title=headline(message.text),
        clocks=await clocks(message, book, at=at, language=language),
        files=[file for file in received if file.answer is None and file.rating is None],
        answers=await answers(message, received),
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
