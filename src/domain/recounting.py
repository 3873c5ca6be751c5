"""Running terms are counted again when the calendar or the level of a topic changes, and the journal says so (R34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain import counting
from domain.database import atomic
from domain.events import Kind, record_each
from domain.model import Message, Revision, Term
from domain.moves import Mover
from domain.rulebook import Rulebook, earlier_hours
from domain.terms import DUTIES, NAMED, RUNNING, Owed, count, how
from domain.workdays import Count

CALENDARS = ("calendar_days", "calendar_years")
WRITTEN = """
UPDATE term SET workdays = new.workdays, due_on = new.due_on, runs_out_at = new.runs_out_at, remind_at = new.remind_at,
    provisional = new.provisional, counting = new.counting::jsonb
FROM unnest({}::bigint[], {}::int[], {}::date[], {}::timestamptz[], {}::timestamptz[], {}::boolean[], {}::text[])
    AS new (id, workdays, due_on, runs_out_at, remind_at, provisional, counting)
WHERE term.id = new.id
"""
UNDER_WAY = timedelta(minutes=3)  # no transaction of a move lasts that long, and the sweep comes every minute


class Recounted(StrEnum):
    """Why a running term was counted again, as the journal keeps it."""

    CALENDAR = "calendar"  # the operator corrected the production calendar
    LEVEL = "level"  # the operator gave the topic another fast-track level


COUNTED_BY_DAYS = Term.kind.is_in([kind for kind in Owed if kind not in (*NAMED, Owed.RATING)])


async def recount(book: Rulebook, *, by: Mover, at: datetime) -> int:
    """Count every running term again after the calendar was corrected, and journal each that changed (R34)."""
    return await count_again(COUNTED_BY_DAYS, Recounted.CALENDAR, book, by=by, at=at)


async def recount_late_comers(book: Rulebook, *, at: datetime) -> int:
    """Once more soon after a correction: a move under way then has counted its terms by the calendar before.

    Only what such a move can have opened is held for it: the clock of an additional answer begins with a promised day.
    """
    lately = Revision.directory.is_in(list(CALENDARS)) & (Revision.applied_at > at - UNDER_WAY)
    last = await Revision.objects(Revision.actor).where(lately).order_by(Revision.id, ascending=False).first()
    if last is None:
        return 0
    opened = (Term.opened_at > last.applied_at - UNDER_WAY) | (Term.kind == Owed.FOLLOW_UP)
    return await count_again(COUNTED_BY_DAYS & opened, Recounted.CALENDAR, book, by=last.actor, at=at)


async def change_level(topic: int, days: int, book: Rulebook, *, by: Mover, at: datetime) -> int:
    """Count the running answer terms of a topic by its new level, from their own beginnings (R30, R34)."""
    of_topic = Term.message.is_in(Message.select(Message.id).where(Message.topic == topic))
    return await count_again((Term.kind == Owed.ANSWER) & of_topic, Recounted.LEVEL, book, days=days, by=by, at=at)


async def count_again(
    which: Any, why: Recounted, book: Rulebook, *, days: int | None = None, by: Mover, at: datetime
) -> int:
    """Counted one by one and written all at once: the operator waits for it, and ten thousand terms may run."""
    async with atomic():
        hours = await earlier_hours()
        running = await Term.objects().where(RUNNING & which).order_by(Term.id).lock_rows("UPDATE")
        counted = [again(term, days, book.at_the_beginning(term.opened_at, hours), at=at) for term in running]
        await write([each for each in counted if each.differs])
        moved = [each for each in counted if each.moved]
        told = [(Kind.TERM_RECOUNTED, each.term.message, each.told(why)) for each in moved]
        await record_each(told, by=by, at=at)
    return len(moved)


@dataclass(frozen=True)
class Again:
    """A running term, and how it is counted now."""

    term: Term
    workdays: int | None
    count: Count
    remind_at: datetime | None
    counting: str | None

    @property
    def moved(self) -> bool:
        was = (self.term.due_on, self.term.provisional, self.term.workdays)
        return (self.count.due_on, self.count.provisional, self.workdays) != was

    @property
    def differs(self) -> bool:
        """The same last day may be reached by other days, or for other reasons: nothing to tell, but to explain."""
        return self.moved or not counting.same(self.counting, self.term.counting)

    def told(self, why: Recounted) -> dict[str, Any]:
        data = {"term": self.term.id, "owed": self.term.kind, "was": self.term.due_on, "is": self.count.due_on}
        if self.workdays != self.term.workdays:
            data |= {"workdays_was": self.term.workdays, "workdays": self.workdays}
        return {**data, "why": why}

    def values(self) -> tuple[Any, ...]:
        """As the statement takes them; of a term that stays where it is only how it was counted is new."""
        kept = (self.count.due_on, self.count.runs_out_at, self.remind_at, self.count.provisional)
        term = self.term
        was = (term.due_on, term.runs_out_at, term.remind_at, term.provisional)
        return (term.id, self.workdays, *(kept if self.moved else was), self.counting)


def again(term: Term, days: int | None, book: Rulebook, *, at: datetime) -> Again:
    workdays = days or term.workdays
    counted = count(Owed(term.kind), book, term.opened_at, workdays)
    # The next sweep finds the next step of the ladder: of a day that has moved it is told once more.
    remind_at = at if term.kind in DUTIES else None
    return Again(term, workdays, counted, remind_at, how(Owed(term.kind), counted, book))


async def write(counted: Sequence[Again]) -> None:
    if counted:
        columns = zip(*(each.values() for each in counted), strict=True)
        await Term.raw(WRITTEN, *map(list, columns))
