"""One case as the staff see it: the matter, its clocks, its files, its answers and its journal (R10, R33)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from domain import authors
from domain.authors import Author
from domain.events import Kind
from domain.fates import Promise
from domain.model import Message, Person
from domain.moves import Role, Status
from domain.rulebook import Rulebook
from domain.terms import Owed
from portal.cards.questions import QuestionView, told
from portal.desk import journal
from portal.desk.answers import ANSWERS, FILES, AnswerView, File, RemarkView, answers, files, to_be_answered
from portal.desk.case_clocks import TERMS, Clock, clock_of
from portal.desk.headlines import covered
from portal.desk.hints import NAMES
from portal.desk.journal import EVENTS, Entry
from portal.desk.others import CASE, JOINED, OF_THE_AUTHOR, Joined, Other, joined, of_the_author
from portal.desk.parts import PART_FILES, PARTS, PartView, parts
from portal.desk.queues import ANSWERING
from portal.desk.reasons import REASONS, Reason, reasons

ROWS = {
    "terms": TERMS,
    "others": OF_THE_AUTHOR,
    "joined": JOINED,
    "joined_to": CASE,
    "files": FILES,
    "answers": ANSWERS,
    "parts": PARTS,
    "part_files": PART_FILES,
    "reasons": REASONS,
    "events": EVENTS.format(message="m.id"),
}
# One statement for the whole case: a question costs the portal more in waiting and waking than PostgreSQL in answering.
WHOLE = f"""
SELECT stood('topics', tp.id, 'name', m.registered_at, tp.name) AS topic,
       stood('topics', tp.id, 'track', m.answered_at, tp.track::text)::int AS track,
       tp.closed, c.name AS category, c.icon,
       e.name AS executor, o.short_name AS organisation, {NAMES.format(message="m.id")} AS names,
       {authors.asked_of("m")},
       {", ".join(f"ARRAY(SELECT one FROM ({rows}) one) AS {name}" for name, rows in ROWS.items())}
FROM message m JOIN topic tp ON tp.id = m.topic JOIN category c ON c.id = tp.category
LEFT JOIN person e ON e.id = m.executor LEFT JOIN organisation o ON o.id = e.organisation
WHERE m.id = {{}}
"""


@dataclass(frozen=True)
class Case:
    message: Message
    title: str
    topic: str
    track: int
    closed: bool
    category: str
    icon: str
    author: Author
    names: list[str]
    executor: str | None
    organisation: str | None
    others: list[Other]
    joined: list[Joined]
    joined_to: tuple[int, str] | None
    clocks: list[Clock]
    files: list[File]
    answers: list[AnswerView]
    parts: list[PartView]
    reasons: list[Reason]
    events: list[dict[str, Any]]
    journal: list[Entry]

    @property
    def text(self) -> str:
        """What the author wrote, as far as it is open."""
        return self.author.veiled(self.message.text)

    @property
    def address(self) -> str:
        return self.author.place(self.message.address)

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
        """None where the commission has ended the case: the last answer is not how it ended."""
        if self.decision and self.decision["data"]["effect"] != "instruct":
            return None
        return next((each.outcome for each in self.answers if each.state == "approved"), None)

    @property
    def earlier(self) -> list[AnswerView]:
        return [each for each in self.answers if each.round != self.message.round]

    @property
    def to_be_answered(self) -> list[RemarkView]:
        """The remarks that the answer of this round goes through, line by line (R24)."""
        return to_be_answered(self.earlier)

    @property
    def promises(self) -> list[Promise]:
        """The dates that its answers named, oldest first: each later one is a shift (R22)."""
        return [each.promise for each in reversed(self.answers) if each.promise]

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
    def decision(self) -> dict[str, Any] | None:
        """What the commission decided last (R27), with the day that it named as such."""
        event = self.last(Kind.DECIDED)
        due_on = event and event["data"]["due_on"]
        return event and {**event, "due_on": date.fromisoformat(due_on) if due_on else None}

    @property
    def instruction(self) -> dict[str, Any] | None:
        """What the commission told the executor to do, while it is still to be done."""
        running = any(
            each.term.kind == Owed.INSTRUCTION and not (each.term.met_at or each.term.void_at) for each in self.clocks
        )
        return self.decision if running and self.message.status != Status.COMMISSION else None

    @property
    def reason_asked(self) -> Reason | None:
        """What the executor is asked and has not answered yet (R32); while the message is joined it rests."""
        waiting = [each for each in self.reasons if each.answer is None]
        return waiting[0] if waiting and self.message.status != Status.JOINED else None

    @property
    def is_late(self) -> bool:
        """Whether a duty of the case has run out and is still unmet."""
        return any(each.view.late and not (each.term.met_at or each.term.void_at) for each in self.clocks)

    @property
    def without_parts(self) -> str | None:
        """Why the answer that waits to be looked at goes without parts that are still open (R11)."""
        sent = self.last(Kind.SENT_FOR_REVIEW)
        return sent["data"].get("without_parts") if sent else None

    @property
    def questions(self) -> list[QuestionView]:
        """What the moderator asked before registration, and what the author added (§3)."""
        asked = told(self.events)
        return [replace(each, reply=each.reply and self.author.veiled(each.reply)) for each in asked]

    @property
    def insists(self) -> list[str]:
        """The words that were pointed out, and that the executor has confirmed (R18, R19)."""
        sent = self.last(Kind.SENT_FOR_REVIEW)
        return sent["data"].get("insists", []) if sent else []

    @property
    def sendings(self) -> list[dict[str, Any]]:
        """What the message said at each earlier sending, the latest first (R08)."""
        corrected = [event for event in self.events if event["kind"] == Kind.CORRECTED]
        return [
            {"nth": event["data"]["sending"] - 1, **self.seen(event["data"]["was"])} for event in reversed(corrected)
        ]

    def seen(self, was: dict[str, Any]) -> dict[str, Any]:
        return {**was, "text": self.author.veiled(was["text"]), "address": self.author.place(was["address"])}


PRESSING: dict[Status, tuple[Owed, ...]] = {
    Status.SUBMITTED: (Owed.REGISTRATION,),
    Status.QUESTIONED: (Owed.CLARIFICATION,),
    Status.REFUSED: (Owed.DECISION,),
    Status.JOINED: (),
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


async def case(message: Message, book: Rulebook, *, by: Person, at: datetime, language: str) -> Case:
    """Read the whole case, as far as this official sees of its author (R10)."""
    asking = authors.asking(by, at)  # of the author, and of those of the joined messages
    (whole,) = await Message.raw(WHOLE, *asking, *asking, message.id)
    author = authors.seen(whole.pop("author"), by)
    names = [*whole.pop("names"), *author.words_in(message.text)]
    rows = {name: whole.pop(name) for name in ROWS}
    received, events = files(rows["files"]), journal.happened(rows["events"])
    return Case(
        message=message,
        author=author,
        names=names,
        title=covered(message.text, names),
        others=of_the_author(rows["others"]),
        joined=joined(rows["joined"], by),
        joined_to=next(iter(rows["joined_to"]), None),
        clocks=[clock_of(row, events, book, at=at, language=language) for row in rows["terms"]],
        files=[file for file in received if file.answer is None and file.rating is None],
        answers=answers(rows["answers"], received, author),
        parts=parts(rows["parts"], rows["part_files"], book, at=at, language=language),
        reasons=reasons(rows["reasons"]),
        events=events,
        journal=journal.journal(events, language=language, executor=by.role == Role.EXECUTOR, veiled=author.voiced),
        **whole,
    )
