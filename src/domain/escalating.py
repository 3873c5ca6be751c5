"""The ladder of escalation (§5.1, R31): who is told of a term that ends or has ended; each step once, in working hours.

A term carries the moment when its next step comes (`remind_at`). One that has just begun, or was counted again,
carries that very moment, and the next sweep finds its step: so the verbs need to know nothing of the ladder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from domain import workdays
from domain.database import atomic
from domain.events import Kind, record_each
from domain.model import Escalation, EscalationStep, Term
from domain.rulebook import Rulebook, rulebook
from domain.taking import SYSTEM
from domain.terms import DUTIES, OPEN, Owed


class Whom(StrEnum):
    EXECUTOR = "executor"  # whoever owes: the executor, of what nobody has taken yet the moderators
    HEAD = "head"  # of their organisation
    CONTROLLER = "controller"
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Rung:
    id: int
    workdays: int
    whom: Whom
    kind: str

    def is_of(self, owed: str) -> bool:
        """A part is between two executors: nobody above them hears of it."""
        return self.kind in ("", owed) and (owed != Owed.PART or self.whom == Whom.EXECUTOR)


DUE = """
SELECT id, message, kind, due_on, runs_out_at, remind_at, owed_by FROM term
WHERE remind_at <= {} AND met_at IS NULL AND void_at IS NULL
ORDER BY remind_at, id LIMIT {} FOR UPDATE SKIP LOCKED
"""
NEXT = """
UPDATE term SET remind_at = next.at FROM unnest({}::bigint[], {}::timestamptz[]) next (id, at) WHERE term.id = next.id
"""
TOLD = """
INSERT INTO escalation_step (term, rung, due_on, told_at)
SELECT term, rung, due_on, {} FROM unnest({}::bigint[], {}::bigint[], {}::date[]) step (term, rung, due_on)
ON CONFLICT DO NOTHING RETURNING term, rung
"""


def is_open(book: Rulebook, at: datetime) -> bool:
    """Whether letters about terms may go now: in the working hours of a working day."""
    here = workdays.in_town(at)
    in_hours = book.limits.letters_from <= here.hour < book.limits.letters_until
    return in_hours and book.calendar.is_workday(here.date())


def moment(rung: Rung, due_on: date, book: Rulebook) -> datetime:
    """When the step comes: as the office opens; for a last day that is a day off, on the working day that follows."""
    if rung.workdays > 0:
        day = workdays.in_workdays(book.calendar, workdays.start_of(due_on), rung.workdays).due_on
    elif rung.workdays < 0:
        day = workdays.workday_before(book.calendar, due_on, -rung.workdays)
    else:
        day = workdays.first_workday(book.calendar, due_on)[0]
    return datetime.combine(day, time(book.limits.letters_from), workdays.TOWN)


async def rungs() -> list[Rung]:
    rows = await Escalation.objects().where(Escalation.active.eq(True)).order_by(Escalation.workdays, Escalation.id)
    return [Rung(row.id, row.workdays, Whom(row.whom), row.kind) for row in rows]


async def escalate(*, at: datetime, limit: int = 500) -> int:
    """Take every step that has come, each once, however many sweeps run (R31). Returns how many terms were looked at.

    Out of hours nothing is told: a step that fell there waits for the office to open.
    """
    book = await rulebook()
    if not is_open(book, at):
        return 0
    ladder = await rungs()
    async with atomic():
        due = await Term.raw(DUE, at, limit)
        if due:
            await climb(due, ladder, book, at=at)
    return len(due)


async def climb(due: Sequence[dict[str, Any]], ladder: Sequence[Rung], book: Rulebook, *, at: datetime) -> None:
    steps: list[tuple[int, int, date]] = []
    ahead: list[datetime | None] = []
    for term in due:
        moments = {rung.id: moment(rung, term["due_on"], book) for rung in ladder if rung.is_of(term["kind"])}
        steps += [(term["id"], rung, term["due_on"]) for rung, on in moments.items() if term["remind_at"] <= on <= at]
        ahead.append(min((on for on in moments.values() if on > at), default=None))
    await Term.raw(NEXT, [term["id"] for term in due], ahead)
    if steps:
        told = await EscalationStep.raw(TOLD, at, *map(list, zip(*steps, strict=True)))
        await tell(due, {(row["term"], row["rung"]) for row in told}, ladder, at=at)


async def tell(
    due: Sequence[dict[str, Any]], told: set[tuple[int, int]], ladder: Sequence[Rung], *, at: datetime
) -> None:
    """One line of the journal a term, however many steps it took at once after a long silence."""
    lines = []
    for term in due:
        # What nobody has taken yet has no head over it: the controller is told in their place.
        head = Whom.CONTROLLER if term["owed_by"] is None else Whom.HEAD
        steps = [rung.whom for rung in ladder if (term["id"], rung.id) in told]
        if whom := list(dict.fromkeys(head if each == Whom.HEAD else each for each in steps)):
            kind = Kind.TERM_ESCALATED if term["runs_out_at"] <= at else Kind.TERM_REMINDER
            said = {"term": term["id"], "owed": term["kind"], "due_on": term["due_on"], "owed_by": term["owed_by"]}
            lines.append((kind, term["message"], {**said, "whom": whom}))
    await record_each(lines, by=SYSTEM, at=at)


async def look_again(*, at: datetime) -> None:
    """The ladder or its hours have changed: the next sweep finds the next step of every open term."""
    await Term.update({Term.remind_at: at}).where(OPEN & Term.kind.is_in(list(DUTIES)))
