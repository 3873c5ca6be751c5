"""A term is a row (§3–§5): owed when a move opens it, met by the move that it waits for, missed when nobody came."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

from domain import counting, workdays
from domain.errors import OutOfTurn
from domain.events import Kind
from domain.model import Event, Message, Term
from domain.moves import Mover, acting
from domain.rulebook import Rulebook
from domain.workdays import Count


class Owed(StrEnum):
    REGISTRATION = "registration"  # 3: the day of arrival, or the next after 17:00
    CLARIFICATION = "clarification"  # 3: until when the author may reply to a question
    DECISION = "decision"  # 3: registration or refusal within two working days
    ACCEPTANCE = "acceptance"  # 4.1: the next working day
    RETURN = "return"  # 4.1: a right, not a duty: it ends in silence
    ANSWER = "answer"  # 5.2: 8 or 14 working days from registration
    REWORK = "rework"  # 4.4: three working days
    FOLLOW_UP = "follow_up"  # 4.3: from the promised date
    INSTRUCTION = "instruction"  # 4.4: the date that the commission named
    PART = "part"  # 4.1: the day that the executor named to a co-executor
    PROMISE = "promise"  # 4.3: the date named in the answer
    RATING = "rating"  # 4.4: calendar days; then the case closes unrated


TRACK_WORKDAYS = {1: 8, 2: 14}  # 5.2
# Their dates were named by people, or to somebody in a letter: no calendar counts them again.
NAMED = (Owed.INSTRUCTION, Owed.PART, Owed.PROMISE, Owed.CLARIFICATION)
ANSWERS = (Owed.ANSWER, Owed.REWORK, Owed.FOLLOW_UP, Owed.INSTRUCTION)  # each is met by an approved answer
DUTIES = (Owed.REGISTRATION, Owed.DECISION, Owed.ACCEPTANCE, *ANSWERS, Owed.PART)
RUNNING = Term.met_at.is_null() & Term.missed_at.is_null() & Term.void_at.is_null()
OPEN = Term.met_at.is_null() & Term.void_at.is_null()


class Opening(NamedTuple):
    """The row of a term that opens, in the order in which `owe` writes it; `due_on` is the last day in the town."""

    message: int
    kind: Owed
    opened_at: datetime
    due_on: date
    runs_out_at: datetime
    workdays: int | None = None
    remind_at: datetime | None = None
    owed_by: int | None = None
    provisional: bool = False
    counting: str | None = None


def count(kind: Owed, book: Rulebook, opened_at: datetime, days: int | None) -> Count:
    """Count one term from the moment that opened it; `days` are working days, for a rating calendar days."""
    match kind:
        case Owed.REGISTRATION:
            return workdays.register_by(book.calendar, opened_at, book.limits.registration_hour)
        case Owed.DECISION:
            return workdays.decide_by(book.calendar, opened_at)
        case Owed.RATING:
            return workdays.in_days(opened_at, days or 0)
        case _:
            return workdays.in_workdays(book.calendar, opened_at, days or 0)


def how(kind: Owed, counted: Count, book: Rulebook) -> str | None:
    """How the last day was found, for the row to keep; plain calendar days need no telling."""
    if kind == Owed.RATING:
        return None
    return counting.written(counted, book.calendar, book.limits.registration_hour)


def owed(
    kind: Owed,
    message: Message,
    book: Rulebook,
    *,
    at: datetime,
    days: int | None = None,
    owed_by: int | None = None,
) -> Opening:
    """The row of a term that opens now; `owe` writes it."""
    counted = count(kind, book, at, days)
    return Opening(
        message=message.id,
        kind=kind,
        opened_at=at,
        workdays=days,
        due_on=counted.due_on,
        runs_out_at=counted.runs_out_at,
        remind_at=at if kind in DUTIES else None,
        owed_by=owed_by,
        provisional=counted.provisional,
        counting=how(kind, counted, book),
    )


def at_the_executor(message: Message, book: Rulebook, executor: int, at: datetime) -> tuple[Opening, Opening]:
    """The two clocks of a message that was sent to an executor: to accept it, or to return it (R11, R12)."""
    return (
        owed(Owed.ACCEPTANCE, message, book, at=at, days=1, owed_by=executor),
        owed(Owed.RETURN, message, book, at=at, days=1, owed_by=executor),
    )


def promised(message: Message, *, on: date, at: datetime, owed_by: int) -> Opening:
    """The date named in an answer: it comes with the first moment of that day, a day off or not (R22)."""
    return Opening(
        message=message.id,
        kind=Owed.PROMISE,
        opened_at=at,
        due_on=on,
        runs_out_at=workdays.start_of(on),
        owed_by=owed_by,
    )


def instructed(message: Message, book: Rulebook, *, on: date, at: datetime, owed_by: int) -> Opening:
    """The date that the commission named to an executor: the answer is late when that day is over (R27)."""
    last = workdays.Count(on, (on,))
    opened_on = workdays.in_town(at).date()
    return Opening(
        message=message.id,
        kind=Owed.INSTRUCTION,
        opened_at=at,
        workdays=max(1, workdays.working_days_between(book.calendar, opened_on, on)),
        due_on=on,
        runs_out_at=last.runs_out_at,
        remind_at=at,
        owed_by=owed_by,
    )


OWED = """
INSERT INTO term (message, kind, opened_at, due_on, runs_out_at, workdays, remind_at, owed_by, provisional, counting)
VALUES
"""
A_TERM = "({}, {}, {}, {}, {}, {}, {}, {}, {}, {})"


async def owe(*terms: Opening) -> None:
    """Write the rows; as words, because Piccolo takes longer to put an INSERT together than to send it."""
    if terms:
        await Term.raw(OWED + ", ".join([A_TERM] * len(terms)), *chain.from_iterable(terms))


async def meet(message: Message, *kinds: Owed, at: datetime) -> None:
    """Settle what was owed, in time or late."""
    await Term.update({Term.met_at: at}).where((Term.message == message.id) & Term.kind.is_in(list(kinds)) & OPEN)


async def cancel(message: Message, *kinds: Owed, at: datetime) -> None:
    """What was owed is owed no longer: another move took its place."""
    await Term.update({Term.void_at: at}).where((Term.message == message.id) & Term.kind.is_in(list(kinds)) & OPEN)


async def meet_each(messages: Sequence[Message], *kinds: Owed, at: datetime) -> None:
    await end_each(messages, kinds, {Term.met_at: at})


async def cancel_each(messages: Sequence[Message], *kinds: Owed, at: datetime) -> None:
    await end_each(messages, kinds, {Term.void_at: at})


async def end_each(messages: Sequence[Message], kinds: Sequence[Owed], how: dict[Any, Any]) -> None:
    if messages:
        theirs = Term.message.is_in([each.id for each in messages]) & Term.kind.is_in(list(kinds))
        await Term.update(how).where(theirs & OPEN)


async def decided_on(message: Message, *, at: datetime) -> None:
    """Registration was decided on, in time or late; a question that waits for its author waits no longer (§3)."""
    await meet(message, Owed.REGISTRATION, Owed.DECISION, at=at)
    await cancel(message, Owed.CLARIFICATION, at=at)


async def hand_on(message: Message, *kinds: Owed, to: int | None) -> None:
    """The same running terms, owed by somebody else from now on: the clock is not wound back (R12).

    What nobody owes lies with the moderators until it is sent on.
    """
    await Term.update({Term.owed_by: to}).where((Term.message == message.id) & Term.kind.is_in(list(kinds)) & OPEN)


async def must_run(message: Message, kind: Owed, *, by: Mover, at: datetime) -> None:
    """Raise OutOfTurn unless this person's term still runs at that moment."""
    mine = (Term.message == message.id) & (Term.kind == kind) & Term.owed_by.is_in(list(acting(by)))
    if not await Term.exists().where(mine & RUNNING & (Term.runs_out_at > at)):
        raise OutOfTurn("The term for this has run out.")


MISSED = """
WITH due AS (
    SELECT id FROM term WHERE runs_out_at <= {} AND met_at IS NULL AND missed_at IS NULL AND void_at IS NULL
    AND kind IN ('registration','decision','acceptance','answer','rework','follow_up','instruction','part')
    ORDER BY runs_out_at, id LIMIT {} FOR UPDATE SKIP LOCKED
), late AS (
    UPDATE term SET missed_at = {} FROM due WHERE term.id = due.id
    RETURNING term.id, message, kind, due_on, owed_by
)
INSERT INTO event (kind, message, at, data)
SELECT {}, message, {}, jsonb_build_object('term', id, 'owed', kind, 'due_on', due_on, 'owed_by', owed_by) FROM late
RETURNING id
"""


async def miss_due(*, at: datetime, limit: int = 500) -> int:
    """Find duties that have run out and record each once, however many sweeps run (R31). Returns how many."""
    return len(await Event.raw(MISSED, at, limit, at, Kind.TERM_MISSED, at))


RETURNED = """
UPDATE term SET void_at = {} WHERE id IN (
    SELECT id FROM term WHERE kind = 'return' AND runs_out_at <= {} AND met_at IS NULL AND missed_at IS NULL
    AND void_at IS NULL ORDER BY runs_out_at, id LIMIT {} FOR UPDATE SKIP LOCKED
) RETURNING id
"""


async def end_returns(*, at: datetime, limit: int = 500) -> int:
    """The right to hand a message back ends in silence: acceptance, owed until the same moment, tells of it.

    Returns how many rights have ended.
    """
    return len(await Term.raw(RETURNED, at, at, limit))


RUN_OUT = """
SELECT message FROM term WHERE kind = {} AND runs_out_at <= {} AND met_at IS NULL AND missed_at IS NULL
AND void_at IS NULL AND message > {} ORDER BY message LIMIT {}
"""


async def run_out(kind: Owed, *, at: datetime, after: int = 0, limit: int = 500) -> list[int]:
    """Messages whose running term of this kind has run out, in the order of their ids, from behind `after`."""
    return [row["message"] for row in await Term.raw(RUN_OUT, kind, at, after, limit)]


async def have_run_out(messages: Sequence[Message], kind: Owed, *, at: datetime) -> list[Message]:
    """Asked again under the lock of the messages: since the sweep found one, its term may have become another one."""
    if not messages:
        return []
    theirs = Term.message.is_in([each.id for each in messages]) & (Term.kind == kind)
    rows = await Term.select(Term.message).where(theirs & RUNNING & (Term.runs_out_at <= at))
    due = {row["message"] for row in rows}
    return [each for each in messages if each.id in due]
