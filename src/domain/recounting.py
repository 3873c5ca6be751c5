"""Running terms are counted again when the calendar or the level of a topic changes, and the journal says so (R34)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain import counting
from domain.database import atomic
from domain.events import Kind, as_json
from domain.model import Event, Message, Revision, Term
from domain.moves import Mover
from domain.rulebook import Rulebook, earlier_hours
from domain.terms import DUTIES, NAMED, RUNNING, Owed, count, how

CALENDARS = ("calendar_days", "calendar_years")
UNDER_WAY = timedelta(minutes=3)  # no transaction of a move lasts that long, and the sweep comes every minute


class Recounted(StrEnum):
    """Why a running term was counted again, as the journal keeps it."""

    CALENDAR = "calendar"  # the operator corrected the production calendar
    LEVEL = "level"  # the operator gave the topic another fast-track level


async def recount(book: Rulebook, *, by: Mover, at: datetime) -> int:
    """Count every running term again after the calendar was corrected, and journal each that changed (R34)."""
    counted_by_days = Term.kind.is_in([kind for kind in Owed if kind not in (*NAMED, Owed.RATING)])
    return await count_again(counted_by_days, Recounted.CALENDAR, book, by=by, at=at)


async def recount_late_comers(book: Rulebook, *, at: datetime) -> int:
    """Once more soon after a correction: a move under way then has counted its terms by the calendar before."""
    lately = Revision.directory.is_in(list(CALENDARS)) & (Revision.applied_at > at - UNDER_WAY)
    last = await Revision.objects(Revision.actor).where(lately).order_by(Revision.id, ascending=False).first()
    return await recount(book, by=last.actor, at=at) if last else 0


async def change_level(topic: int, days: int, book: Rulebook, *, by: Mover, at: datetime) -> int:
    """Count the running answer terms of a topic by its new level, from their own beginnings (R30, R34)."""
    of_topic = Term.message.is_in(Message.select(Message.id).where(Message.topic == topic))
    return await count_again((Term.kind == Owed.ANSWER) & of_topic, Recounted.LEVEL, book, days=days, by=by, at=at)


async def count_again(
    which: Any, why: Recounted, book: Rulebook, *, days: int | None = None, by: Mover, at: datetime
) -> int:
    changed = 0
    async with atomic():
        hours = await earlier_hours()
        for term in await Term.objects().where(RUNNING & which).lock_rows("UPDATE"):
            theirs = book.at_the_beginning(term.opened_at, hours)
            changed += await recount_one(term, days or term.workdays, why, theirs, by=by, at=at)
    return changed


async def recount_one(term: Term, days: int | None, why: Recounted, book: Rulebook, *, by: Mover, at: datetime) -> bool:
    counted = count(Owed(term.kind), book, term.opened_at, days)
    kept = how(Owed(term.kind), counted, book)
    if (counted.due_on, counted.provisional, days) == (term.due_on, term.provisional, term.workdays):
        # The same last day may be reached by other days, or for other reasons: nothing to tell, but to explain.
        if not counting.same(kept, term.counting):
            await Term.update({Term.counting: kept}).where(Term.id == term.id)
        return False
    data = {"term": term.id, "owed": term.kind, "was": term.due_on, "is": counted.due_on, "why": why}
    if days != term.workdays:
        data |= {"workdays_was": term.workdays, "workdays": days}
    await Term.update(
        {
            Term.workdays: days,
            Term.due_on: counted.due_on,
            Term.runs_out_at: counted.runs_out_at,
            # The next sweep finds the next step of the ladder: of a day that has moved it is told once more.
            Term.remind_at: at if term.kind in DUTIES else None,
            Term.provisional: counted.provisional,
            Term.counting: kept,
        }
    ).where(Term.id == term.id)
    await Event.insert(Event(kind=Kind.TERM_RECOUNTED, message=term.message, actor=by.id, at=at, data=as_json(data)))
    return True
