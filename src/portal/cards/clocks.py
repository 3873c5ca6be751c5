"""Which clocks of a message its author and the public see, and how their last days were counted (R31)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.model import Term
from domain.terms import ANSWERS, Owed
from domain.workdays import Calendar
from portal.clock_days import ExplainedDay
from portal.clocks import ClockView, Timed, clock, explain

# The right to hand a message back is between the executor and the moderator, a part between two executors.
HIDDEN = (Owed.RETURN, Owed.PART)


class CountedClock(NamedTuple):
    view: ClockView
    days: Sequence[ExplainedDay]


async def terms_of(*messages: int) -> dict[int, list[Term]]:
    """The terms of each message in the order of their opening, without those that were called off."""
    terms: dict[int, list[Term]] = defaultdict(list)
    if messages:
        mine = Term.message.is_in(list(messages)) & Term.void_at.is_null()
        for term in await Term.objects().where(mine).order_by(Term.opened_at).order_by(Term.id):
            terms[term.message].append(term)
    return terms


def running(terms: Iterable[Timed]) -> list[Timed]:
    return [term for term in terms if term.met_at is None and term.kind not in HIDDEN]


def answer_term(terms: Sequence[Timed]) -> Timed | None:
    """The term of the answer that is or was owed last."""
    return next((term for term in reversed(terms) if term.kind in ANSWERS), None)


def pressing(terms: Sequence[Timed]) -> Timed | None:
    """The one clock that a row has room for: what runs out first, else how the last answer came."""
    return min(running(terms), key=lambda term: term.runs_out_at, default=answer_term(terms))


def counted(term: Timed, calendar: Calendar, *, at: datetime, language: str) -> CountedClock:
    return CountedClock(clock(term, calendar, at=at, language=language), explain(term, calendar, language=language))


def shown(terms: Sequence[Timed], calendar: Calendar, *, at: datetime, language: str) -> list[CountedClock]:
    """Every clock that runs; when none does, how the last answer came."""
    last = answer_term(terms)
    chosen = running(terms) or ([last] if last else [])
    return [counted(term, calendar, at=at, language=language) for term in chosen]
