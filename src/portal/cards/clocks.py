"""Which clocks of a message its author and the public see, and how their last days were counted (R31)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from domain.events import Kind
from domain.model import Event, Message, Term
from domain.terms import ANSWERS, Owed
from domain.workdays import Calendar
from portal.clocks import ClockView, Timed, clock
from portal.explanations import Explanation, explanation

# The right to hand a message back is between the executor and the moderator, a part between two executors.
HIDDEN = (Owed.RETURN, Owed.PART)


class CountedClock(NamedTuple):
    view: ClockView
    why: Explanation


async def terms_of(*messages: int) -> dict[int, list[Term]]:
    """The terms of each message in the order of their opening, without those that were called off."""
    terms: dict[int, list[Term]] = defaultdict(list)
    if messages:
        mine = Term.message.is_in(list(messages)) & Term.void_at.is_null()
        for term in await Term.objects().where(mine).order_by(Term.opened_at).order_by(Term.id):
            terms[term.message].append(term)
    return terms


async def every_term(message: Message) -> list[Term]:
    """The same of one message with those that were called off, for the page that tells of all.

    Of one that is joined to a case with the clocks of that; the time to rate is each author's own.
    """
    theirs = Term.message == message.id
    if message.joined_to is not None:
        theirs |= (Term.message == message.joined_to) & (Term.kind != Owed.RATING)
    return await Term.objects().where(theirs).order_by(Term.opened_at).order_by(Term.id)


async def recounts(message: int) -> list[dict[str, Any]]:
    """What the journal says of terms that were counted again, for pages that read nothing else of it."""
    theirs = (Event.message == message) & (Event.kind == Kind.TERM_RECOUNTED)
    return await Event.select(Event.kind, Event.at, Event.data).where(theirs).output(load_json=True)


def running(terms: Iterable[Term]) -> list[Term]:
    return [term for term in terms if is_running(term) and term.kind not in HIDDEN]


def is_running(term: Timed) -> bool:
    return term.met_at is None and term.void_at is None


def answer_term(terms: Sequence[Term]) -> Term | None:
    """The term of the answer that is or was owed last."""
    return next((term for term in reversed(terms) if term.kind in ANSWERS and not term.void_at), None)


def pressing(terms: Sequence[Term]) -> Term | None:
    """The one clock that a row has room for: what runs out first, else how the last answer came."""
    return min(running(terms), key=lambda term: term.runs_out_at, default=answer_term(terms))


@dataclass(frozen=True)
class Reader:
    """Reads one term after another: by which calendar, when, for whom, and what the journal says of recounts."""

    calendar: Calendar
    journal: Sequence[Mapping[str, Any]]
    at: datetime
    language: str

    def read(self, term: Term) -> CountedClock:
        view = clock(term, self.calendar, at=self.at, language=self.language)
        return CountedClock(view, explanation(term, self.journal, language=self.language))

    def shown(self, terms: Sequence[Term]) -> list[CountedClock]:
        """Every clock that runs; when none does, how the last answer came."""
        return [self.read(term) for term in chosen(terms)]

    def earlier(self, terms: Sequence[Term]) -> list[CountedClock]:
        """The others that an author may know of, the latest first."""
        now = [term.id for term in chosen(terms)]
        return [self.read(term) for term in reversed(terms) if term.id not in now and term.kind not in HIDDEN]


def chosen(terms: Sequence[Term]) -> list[Term]:
    last = answer_term(terms)
    return running(terms) or ([last] if last else [])
