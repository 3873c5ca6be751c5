"""What became of a promise (§4.3, R22): a reading of the answers of a case, which no row has to keep up with.

Every statement about answers can ask it: it takes the answer as `an`, its message as `m` and its rating as `r`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    AHEAD = "ahead"  # the date has not come
    DUE = "due"  # it came, and the additional answer is owed
    KEPT = "kept"  # the next answer says: solved
    MOVED = "moved"  # the next answer promises another date
    MISSED = "missed"  # the additional answer did not come in its term, whatever came later
    DROPPED = "dropped"  # the next answer says that it cannot be solved, or the commission ended the case


# Of the ratings of several authors the one by which the case goes on: what is not solved, else the latest.
DECISIVE = """
LEFT JOIN LATERAL (SELECT id, choice, remarks, at FROM rating WHERE answer = an.id
    ORDER BY choice = 'unsolved' DESC, id DESC LIMIT 1) r ON true
"""
# The answer after the promise, and the clock of the additional answer if the date came before that.
AFTERWARDS = """
LEFT JOIN LATERAL (SELECT outcome, planned_on, approved_at, published_at FROM answer
    WHERE message = an.message AND round > an.round AND state = 'approved' ORDER BY round LIMIT 1) nx ON true
LEFT JOIN LATERAL (SELECT id, missed_at FROM term WHERE message = an.message AND kind = 'follow_up'
    AND opened_at >= an.approved_at AND (nx.approved_at IS NULL OR opened_at < nx.approved_at) LIMIT 1) fu ON true
"""
FATE = """
CASE WHEN fu.missed_at IS NOT NULL THEN 'missed'
     WHEN nx.outcome = 'solved' THEN 'kept' WHEN nx.outcome = 'planned' THEN 'moved'
     WHEN nx.outcome = 'impossible' THEN 'dropped'
     WHEN m.status = 'closed' THEN CASE WHEN r.choice = 'solved' THEN 'kept' ELSE 'dropped' END
     WHEN fu.id IS NOT NULL THEN 'due' ELSE 'ahead' END
"""
IS_A_PROMISE = "an.outcome = 'planned' AND an.state = 'approved'"
PROMISE = f"""
CASE WHEN {IS_A_PROMISE} THEN ROW(
    an.planned_on, an.approved_at, {FATE}, nx.planned_on, nx.approved_at, nx.published_at IS NOT NULL) END
"""


@dataclass(frozen=True)
class Promise:
    """A row of PROMISE, in its order: `moved_to` is the date that the next answer named, `next_at` when it came."""

    planned_on: date
    made_at: datetime
    fate: Fate
    moved_to: date | None
    next_at: datetime | None
    next_is_public: bool


def promise(row: Sequence[Any] | None) -> Promise | None:
    return Promise(*row) if row else None


def before_everybody(promise: Promise) -> Promise:
    """What an answer says that is not published is not told by what became of the promise before it (R10)."""
    if promise.next_at is None or promise.next_is_public or promise.fate == Fate.MISSED:
        return promise
    return replace(promise, fate=Fate.AHEAD, moved_to=None, next_at=None)
