"""The executor's desk (§4): cases by their clocks, acceptance, "not ours", and the answer with its rules (R11–R20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from domain import attaching
from domain.model import Attachment, Message
from domain.moves import OFFERABLE, UNDECIDED, WRITABLE, Status, acting
from domain.seeing import visible_to
from domain.shares import LIVELY, last_day
from domain.terms import Owed
from domain.wording import N_
from domain.workdays import in_town
from portal.cards.forms import uuid_of, uuids
from portal.desk import cases, collisions, evidence, journal, pairs, parts, remarks
from portal.desk.answers import AnswerView, File
from portal.desk.asking import Asked, Attempt
from portal.desk.cases import Case
from portal.desk.checklist import Item, checklist
from portal.desk.counters import counting, shown
from portal.desk.days import Day, Days
from portal.desk.evidence import Seen
from portal.desk.hand_overs import HandOvers, hand_overs
from portal.desk.parts import PartView, Shares
from portal.desk.pointing import Pointed, names_of_organisations, pointed_in
from portal.desk.queues import ANSWERING, ANY_OF, Queue, find, listing
from portal.forms import Typed

S = Status
ASKED_OF = tuple(each for each in S if each not in (*UNDECIDED, S.REFUSED, S.HANDED_BACK, S.JOINED))
REASON_WAITS = "m.id IN (SELECT message FROM reason_request WHERE answered_at IS NULL)"
QUEUES = (
    Queue(
        "todo",
        N_("To be done"),
        "list-checks",
        (S.REGISTERED, S.IN_WORK, S.SENT_BACK, S.REWORK, S.FOLLOW_UP),
        (Owed.ACCEPTANCE, *ANSWERING),
    ),
    Queue("reasons", N_("Reason asked"), "circle-question-mark", ASKED_OF, tone="bad", also=REASON_WAITS),
    Queue("accept", N_("To accept"), "inbox", (S.REGISTERED,), (Owed.ACCEPTANCE,), "warn"),
    Queue("in_work", N_("In work"), "wrench", (S.IN_WORK,), ANSWERING),
    Queue("sent_back", N_("Answers to mend"), "undo-2", (S.SENT_BACK,), ANSWERING, "warn"),
    Queue("rework", N_("To rework"), "history", (S.REWORK,), ANSWERING, "bad"),
    Queue("follow_up", N_("Additional answers"), "calendar-clock", (S.FOLLOW_UP,), ANSWERING, "warn"),
    Queue("parts", N_("My parts"), "users", LIVELY, (Owed.PART,), "warn", owed=True),
    Queue(
        "offered",
        N_("Offered to me"),
        "user-check",
        OFFERABLE,
        (Owed.ACCEPTANCE, *ANSWERING),
        "warn",
        offered=True,
    ),
    Queue("review", N_("Answer in review"), "message-square-text", (S.IN_REVIEW,), ANSWERING),
    Queue("promised", N_("Planned"), "calendar-check", (S.PROMISED,), (Owed.PROMISE,)),
    Queue("answered", N_("Waiting for a rating"), "star", (S.ANSWERED,), (Owed.RATING,)),
    Queue("closed", N_("Closed"), "archive", (S.CLOSED,)),
)
DONE = ("review", "promised", "answered", "closed")  # here others act, or nobody any more


@dataclass(frozen=True)
class Side:
    queues: list[tuple[Queue, str, str]]
    done: list[tuple[Queue, str, str]]
    current: str
    days: Sequence[Day]


@dataclass(frozen=True)
class Pane:
    case: Case
    attempted: str
    errors: Mapping[str, str]
    acceptance: Typed
    finish: tuple[date, date] | None
    hand_back: Typed
    reason: Typed
    answer: Typed
    uploads: list[File]
    rules: list[Item]
    shares: Shares
    leads: bool
    return_by: date | None
    may_return: bool
    pointed: list[Pointed]
    organisations: list[str]
    bytes_used: int
    bytes_at_most: int
    evidence: list[Seen]
    hand_overs: HandOvers

    @property
    def writable(self) -> bool:
        return self.leads and self.case.message.status in WRITABLE

    @property
    def proofs(self) -> list[tuple[UUID, str]]:
        """The files of the answer, of which one may prove that another organisation was informed (R19)."""
        kept = self.case.answer.files if self.case.answer else []
        return [(file.id, file.name) for file in [*kept, *self.uploads]]

    @property
    def contested(self) -> AnswerView | None:
        """The answer that the citizen did not accept, with the remarks that the rework goes by (R24)."""
        return next((each for each in self.case.earlier if each.choice == "unsolved"), None)


async def side(asked: Asked, current: Queue) -> Side:
    """The counters, and how many of the current queue are due on which days; one statement."""
    mine, days = [id for id in acting(asked.person) if id], Days.of(asked.book, asked.at)
    column, values = days.counting(current, mine) if current.kinds else ("ARRAY[]::int[] AS days", [])
    query = f"SELECT {counting(QUEUES, f'AND m.executor = {ANY_OF}')}, {column}"
    (counts,) = await Message.raw(query, *[mine] * len(QUEUES), *values)
    lines = [(queue, shown(counts[queue.name]), queue.tone if counts[queue.name] else "") for queue in QUEUES]
    return Side(
        queues=[line for line in lines if line[0].name not in DONE],
        done=[line for line in lines if line[0].name in DONE],
        current=current.name,
        days=days.read(counts["days"]),
    )


async def beside(asked: Asked, queue: Queue, after: str = "") -> dict[str, Any]:
    """What stands beside the pane: the list, by days, and the counters."""
    executors = [id for id in acting(asked.person) if id]
    known: dict[str, Any] = {"at": asked.at, "language": asked.language, "executors": executors, "after": after}
    listed = await listing(queue, asked.book, label=Days.of(asked.book, asked.at).label, **known)
    counted = await side(asked, queue)
    return {"list": replace(listed, days=counted.days), "side": counted}


async def pane(asked: Asked, message: Message, attempt: Attempt | None = None) -> Pane:
    case = await cases.case(message, asked.book, by=asked.person, at=asked.at, language=asked.language)
    returned = next((each for each in case.clocks if each.term.kind == Owed.RETURN), None)
    decision = attempt.decision if attempt else ""
    form = attempt.form if attempt else Typed()
    if attempt and attempt.late:
        form = collisions.as_now(form, begun(case) if decision == "answer" else parts.begun(own_part(asked, case)))
    answer = form if decision == "answer" else begun(case)
    received = await uploads(answer) if decision == "answer" else []
    files = case.answer.files if case.answer else []
    leads = message.executor in acting(asked.person)
    limit, today = asked.book.limits.files_bytes, in_town(asked.at).date()
    return Pane(
        case=case,
        attempted=decision,
        errors=attempt.errors if attempt else {},
        acceptance=form if decision == "acceptance" else Typed(),
        finish=(today, await last_day(message, asked.at)) if leads and message.status == S.REGISTERED else None,
        hand_back=form if decision == "hand_back" else Typed(),
        reason=form if decision == "reason" else Typed(),
        answer=answer,
        uploads=received,
        rules=checklist(case.answer, today=today, bytes_at_most=limit, language=asked.language),
        shares=await shares(asked, case, leads, decision, form, attempt),
        leads=leads,
        return_by=returned.term.due_on if returned else None,
        may_return=returned is not None and runs(returned.term, asked.at),
        pointed=pointed_in(answer, today=today, language=asked.language) if leads else [],
        organisations=await names_of_organisations() if leads and message.status in WRITABLE else [],
        bytes_used=sum(file.size for file in [*files, *received]),
        bytes_at_most=limit,
        evidence=await doubted(asked, case) if leads else [],
        hand_overs=await hand_overs(asked, message, leads, attempt),
    )


async def doubted(asked: Asked, case: Case) -> list[Seen]:
    """Before the answer goes, and while it is looked at: an honest mistake can then be mended."""
    lively = case.message.status in LIVELY and case.answer is not None and case.answer.files
    return await evidence.seen(asked, case.message, case.answer.id, "/execution") if lively and case.answer else []


async def shares(asked: Asked, case: Case, leads: bool, decision: str, form: Typed, attempt: Attempt | None) -> Shares:
    """The parts of the case: for its executor whom to name, for a co-executor what they have written."""
    message = case.message
    own = None if leads else own_part(asked, case)
    naming = leads and message.status in (*WRITABLE, S.REGISTERED)
    report = form if decision == "report" else parts.begun(own)
    return Shares(
        all=case.parts,
        own=own,
        lively=parts.lively(message.status, own, message.round),
        candidates=await parts.candidates(asked.person.id, message.executor) if naming else [],
        naming=form if decision == "naming" else Typed(),
        report=report,
        uploads=await uploads(report) if decision == "report" else [],
        errors=attempt.errors if attempt and decision in ("naming", "report") else {},
    )


def own_part(asked: Asked, case: Case) -> PartView | None:
    return parts.own_part(case.parts, acting(asked.person), case.message.round)


def runs(term: Any, at: datetime) -> bool:
    return term.met_at is None and term.void_at is None and at < term.runs_out_at


def begun(case: Case) -> Typed:
    """The answer as it was last saved; its key is new, for the files that will come with it."""
    replies = remarks.begun(case)
    draft = case.answer
    if draft is None:
        return Typed.of(key=uuid4(), **replies)
    kept = ("version", "outcome", "text", "planned_on", "informed", "informed_on", "informed_number", "informed_file")
    said = {name: getattr(draft, name) for name in kept}
    return Typed.of(key=uuid4(), **said, **replies, **pairs.begun(draft.files))


async def uploads(form: Typed) -> list[File]:
    """Files that came with the form when it did not fit: they are kept, and need not be chosen again."""
    key = uuid_of(form.get("key"))
    return [file_of(each) for each in await attaching.received(key, uuids(form.all("uploads")))] if key else []


def file_of(received: Attachment) -> File:
    names = ("id", "name", "kind", "size", "width", "height", "state", "reason", "answer", "rating")
    return File(**{name: getattr(received, name) for name in names}, elsewhere=None, as_is=False)


async def desk(
    asked: Asked, name: str, message: Message | None, *, after: str = "", done: int = 0, attempt: Attempt | None = None
) -> dict[str, Any]:
    """Everything that the page needs; without a case the first of the queue lies open."""
    around = await beside(asked, find(QUEUES, name), after)
    first = around["list"].first
    if message is None and first is not None:
        message = await visible_to(asked.person).where(Message.id == first).first()
    return {
        **around,
        "pane": await pane(asked, message, attempt) if message else None,
        "open": message.id if message else 0,
        "said": await journal.said(done, asked.person.id, asked.language),
    }
