"""The terms of a case with their clocks, and how the last day of each was counted (R31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.rulebook import Rulebook
from portal.clocks import ClockView, clock
from portal.explanations import Explanation, explanation

# A question about the message `m`, which cases.py asks with its own.
TERMS = """
SELECT t.id, t.kind, t.opened_at, t.workdays, t.due_on, t.runs_out_at, t.met_at, t.missed_at, t.void_at, t.provisional,
       t.counting::text
FROM term t WHERE t.message = m.id AND t.part IS NULL ORDER BY t.opened_at DESC, t.id DESC
"""


@dataclass(frozen=True)
class TermLine:
    """A row of TERMS, in its order."""

    id: int
    kind: str
    opened_at: datetime
    workdays: int | None
    due_on: date
    runs_out_at: datetime
    met_at: datetime | None
    missed_at: datetime | None
    void_at: datetime | None
    provisional: bool
    counting: str | None


@dataclass(frozen=True)
class Clock:
    """A term beside its reading; `why` tells how its last day was counted."""

    term: TermLine
    view: ClockView
    why: Explanation


def clock_of(row: Sequence[Any], events: list[dict[str, Any]], book: Rulebook, *, at: datetime, language: str) -> Clock:
    term = TermLine(*row)
    view = clock(term, book.calendar, at=at, language=language)
    return Clock(term, view, explanation(term, events, language=language))
