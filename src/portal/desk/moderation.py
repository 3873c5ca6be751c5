"""The moderator's desk (§3, §4.2): its queues, the hour of registration, the open message and what can be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain import clarifying, leasing, moves
from domain.clarifying import Window
from domain.model import Message, Person, StandardAnswer
from domain.moves import Status
from domain.publicity import proposed, public_place
from domain.terms import Owed
from domain.wording import N_
from domain.workdays import in_town
from portal.desk import cases, collisions, evidence, journal, leases
from portal.desk.answers import AnswerView, File
from portal.desk.asking import Asked, Attempt
from portal.desk.beside import beside
from portal.desk.blocks import Blocks
from portal.desk.cases import Case
from portal.desk.checklist import Item, checklist, prefilled
from portal.desk.counters import counting, shown
from portal.desk.directory import Directory, directory
from portal.desk.evidence import Seen
from portal.desk.hints import Hints, Piece, hints, pieces
from portal.desk.others import Near
from portal.desk.pointing import Pointed, pointed_in
from portal.desk.publication import private
from portal.desk.queues import ANSWERING, Listing, Queue, find, listing
from portal.desk.registration import Cutoff, Terms, cutoff, terms
from portal.forms import Typed

S = Status
REGISTERED = tuple(status for status in Status if status not in (*moves.UNDECIDED, S.REFUSED, S.JOINED))
QUEUES = (
    Queue("new", N_("New"), "inbox", (S.SUBMITTED,), (Owed.REGISTRATION,), "warn", whole=True),
    Queue("questioned", N_("Waiting for the author"), "message-circle", (S.QUESTIONED,), (Owed.CLARIFICATION,)),
    Queue("handed_back", N_("Handed back by executors"), "undo-2", (S.HANDED_BACK,), ANSWERING, "bad"),
    Queue("review", N_("Answers to review"), "message-square-text", (S.IN_REVIEW,), ANSWERING, "review"),
    Queue("sent_back", N_("Answers being mended"), "history", (S.SENT_BACK,), ANSWERING),
    Queue(
        "reworked",
        N_("Reworked three times"),
        "triangle-alert",
        moves.BRING_TO_COMMISSION.sources,
        tone="warn",
        also=f"m.reworks >= {moves.REWORKS_AT_MOST}",
    ),
    Queue("commission", N_("To the commission"), "gavel", (S.COMMISSION,), tone="comm"),
    Queue(
        "at_work",
        N_("With the executors"),
        "wrench",
        (S.REGISTERED, S.IN_WORK, S.REWORK, S.FOLLOW_UP),
        (Owed.ACCEPTANCE, *ANSWERING),
    ),
    Queue("refused", N_("Refused"), "circle-x", (S.REFUSED,)),
    Queue("unpublished", N_("To publish or reject"), "megaphone", REGISTERED, also="m.undecided"),
)
DONE = ("at_work", "refused", "unpublished")  # what has left the desk stands apart

COUNTS = f"""
SELECT {counting(QUEUES)},
       (SELECT count(*) FROM term WHERE kind = 'registration' AND due_on = {{}} AND void_at IS NULL) AS expected,
       (SELECT count(*) FROM term WHERE kind = 'registration' AND due_on = {{}} AND met_at IS NOT NULL) AS settled
"""


@dataclass(frozen=True)
class Side:
    queues: list[tuple[Queue, str, str]]
    done: list[tuple[Queue, str, str]]
    current: str
    cutoff: Cutoff


@dataclass(frozen=True)
class Pane:
    """What the pane shows of the open message; `forms` hold what stands in the fields of each decision."""

    case: Case
    directory: Directory | None
    forms: dict[str, Typed]
    errors: Mapping[str, str]
    attempted: str
    terms: Terms | None
    reply_by: Window | None
    standards: list[StandardAnswer]
    rules: list[Item]
    pointed: list[Pointed]
    blocks: Blocks
    evidence: list[Seen]
    hints: Hints | None
    pieces: list[Piece]
    private: list[str]
    near: list[Near]


async def side(asked: Asked, current: Queue) -> Side:
    today = in_town(asked.at).date()
    (counts,) = await Message.raw(COUNTS, today, today)
    asks = asked.book.limits.clarifying  # switched off, nothing of it is seen
    known = [queue for queue in QUEUES if queue.name != "questioned" or asks or counts[queue.name]]
    lines = [(queue, shown(counts[queue.name]), queue.tone if counts[queue.name] else "") for queue in known]
    return Side(
        queues=[line for line in lines if line[0].name not in DONE],
        done=[line for line in lines if line[0].name in DONE],
        current=current.name,
        cutoff=cutoff(asked, counts["expected"], counts["settled"]),
    )


async def rows(asked: Asked, queue: Queue, after: str = "", opened: int = 0) -> Listing:
    """With who has which of them open, and who has the message that is `opened`, wherever it stands."""
    found = await listing(queue, asked.book, at=asked.at, language=asked.language, after=after)
    return replace(found, held=await leasing.holders([*found.ids, opened], at=asked.at))


def lies_open(listed: Listing, person: Person) -> int | None:
    """By itself it is the first that nobody else has open, and if others have them all, the first."""
    held = listed.held or {}
    return next((id for id in listed.ids if id not in held or held[id].person == person.id), listed.first)


async def pane(asked: Asked, message: Message, attempt: Attempt | None = None) -> Pane:
    case = await cases.case(message, asked.book, by=asked.person, at=asked.at, language=asked.language)
    needed = message.status in (*moves.UNDECIDED, S.HANDED_BACK)
    today = in_town(asked.at).date()
    lists = await directory(today) if needed else None
    checked = rules(asked, case)
    waits = message.status in moves.UNDECIDED
    hinted = await hints(message, case.author) if waits else None
    forms = begun(case, lists, checked, read=hinted is not None)
    if attempt:
        begins = forms[attempt.decision]
        forms[attempt.decision] = collisions.as_now(attempt.form, begins) if attempt.late else attempt.form
    topic = number_in(forms["registration"], "topic") or message.topic
    found = await beside(message, topic if waits else None, at=asked.at, veiled=case.author.veiled)
    return Pane(
        case=case,
        directory=lists,
        forms=forms,
        errors=attempt.errors if attempt else {},
        attempted=attempt.decision if attempt else "",
        terms=terms(asked, lists, topic, number_in(forms["registration"], "territory")) if lists else None,
        reply_by=await clarifying.reply_by(message, asked.book, at=asked.at),
        standards=found.standards,
        rules=checked,
        pointed=pointed_in(forms["registration"], today=today, language=asked.language),
        blocks=found.blocks,
        hints=hinted,
        pieces=pieces(message.text, case.names, case.author, asked.language) if waits else [],
        private=private(forms["review"].get("public_text"), case.author, case.names),
        evidence=await evidence.seen(asked, message, case.answer.id, "/moderation") if checked and case.answer else [],
        near=found.near,
    )


def begun(case: Case, lists: Directory | None, rules: Sequence[Item], *, read: bool) -> dict[str, Typed]:
    """What stands in the forms before anybody has typed: what the citizen chose and wrote, without names.

    Until a worker has `read` the text, names may stand in the copy, and it is not proposed to be published.
    """
    may_publish = case.message.consent and not case.closed
    return {
        "registration": Typed.of(
            topic=case.message.topic,
            territory=lists.territory_of(case.message.address) if lists else None,
            **copy_of(case.message.text, case.files, case.names),
            public_address=public_place(case.message.address),
            publish="yes" if may_publish and read else None,
        ),
        "refusal": Typed(),
        "question": Typed(),
        "rerouting": Typed(),
        "joining": Typed(),
        "detaching": Typed(),
        "review": Typed.of(
            publish="yes" if case.message.published_at else None,
            **prefilled(rules),
            **(reviewed(case.answer, case.names) if case.answer else {}),
        ),
        "commission": Typed(),
        "block": Typed(),
    }


def reviewed(answer: AnswerView, names: Sequence[str]) -> dict[str, Any]:
    return {"version": answer.version, **copy_of(answer.text, answer.files, names)}


def copy_of(text: str, files: Sequence[File], names: Sequence[str]) -> dict[str, Any]:
    """What is proposed to everybody: the text without what looks private, and the photos that can be looked at."""
    return {"public_text": proposed(text, names), "photos": [file.id for file in files if file.url]}


def number_in(form: Typed, name: str) -> int | None:
    value = form.get(name)
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def rules(asked: Asked, case: Case) -> list[Item]:
    if case.message.status != S.IN_REVIEW:
        return []
    today = in_town(asked.at).date()
    limit = asked.book.limits.files_bytes
    return checklist(case.answer, today=today, bytes_at_most=limit, language=asked.language)


async def desk(
    asked: Asked, name: str, message: Message | None, *, after: str = "", done: int = 0, attempt: Attempt | None = None
) -> dict[str, Any]:
    """Everything that the page needs; without a message the first of the queue that is free lies open."""
    queue = find(QUEUES, name)
    listed = await rows(asked, queue, after, message.id if message else 0)
    if message is None and (first := lies_open(listed, asked.person)) is not None:
        message = await Message.objects().get(Message.id == first)
    held = listed.held or {}
    return {
        "side": await side(asked, queue),
        "list": listed,
        "pane": await pane(asked, message, attempt) if message else None,
        "open": message.id if message else 0,
        "opening": leases.begun(message, held.get(message.id), asked.person) if message else None,
        "said": await journal.said(done, asked.person.id, asked.language),
    }
