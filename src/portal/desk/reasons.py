"""Why a case was late, as the staff see it (§5.1, R32): what was asked by whom, and what the executor said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

# A question about the message `m`, asked with the whole case; the columns stand in the order of the fields below.
REASONS = """
SELECT t.kind, t.due_on, r.question, a.name, r.asked_at, r.answer, x.name, r.answered_at
FROM reason_request r JOIN term t ON t.id = r.term JOIN person a ON a.id = r.asked_by
LEFT JOIN person x ON x.id = r.answered_by WHERE r.message = m.id ORDER BY r.id DESC
"""


@dataclass(frozen=True)
class Reason:
    """`answer` is none while the executor has not said it."""

    kind: str
    due_on: date
    question: str
    asked_by: str
    asked_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


def reasons(rows: Sequence[Sequence[Any]]) -> list[Reason]:
    """The latest first."""
    return [Reason(*row) for row in rows]
