"""The rating as it is asked for, or as it was given (§4.4): once, in time, with remarks where it is not solved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from domain import attaching
from domain.model import Attachment, Message
from domain.moves import REWORKS_AT_MOST, Status
from domain.rating import goes_to_commission
from domain.rulebook import rulebook
from domain.terms import Owed
from portal.cards.files import FileView, file_view
from portal.cards.forms import uuid_of, uuids
from portal.clocks import Timed
from portal.forms import Typed


@dataclass(frozen=True)
class Done:
    choice: str
    remarks: str | None
    at: datetime


@dataclass(frozen=True)
class RatingView:
    """Either `done`, or a form."""

    done: Done | None = None
    action: str = ""
    key: UUID | None = None
    choice: str = ""
    remarks: str = ""
    uploads: Sequence[FileView] = ()
    errors: dict[str, str] = field(default_factory=dict)
    reworks: int = 0
    reworks_at_most: int = REWORKS_AT_MOST
    to_commission: bool = False
    rework_days: int = 0
    until: date | None = None


def given(row: dict[str, Any]) -> RatingView:
    return RatingView(done=Done(row["choice"], row["remarks"], row["rated_at"]))


def rating_term(case: Message, terms: Iterable[Timed], at: datetime) -> Timed | None:
    """The window in which an author may rate the current answer of the case, while it is open (R23)."""
    if case.status != Status.ANSWERED:
        return None
    windows = (term for term in terms if term.kind == Owed.RATING and term.met_at is None and at < term.runs_out_at)
    return next(windows, None)


async def rating(
    case: Message,
    term: Timed,
    action: str,
    *,
    language: str,
    typed: Typed | None = None,
    bad: Iterable[Attachment] = (),
    errors: dict[str, str] | None = None,
) -> RatingView:
    typed = typed or Typed()
    key = uuid_of(typed.get("key")) or uuid4()
    book = await rulebook()
    files = [*await attaching.received(key, uuids(typed.all("uploads"))), *bad]
    return RatingView(
        action=action,
        key=key,
        choice=typed.get("choice"),
        remarks=typed.get("remarks"),
        uploads=[file_view(file, "/files", language) for file in files],
        errors=errors or {},
        reworks=case.reworks,
        to_commission=goes_to_commission(case, book),
        rework_days=book.limits.rework_workdays,
        until=term.due_on,
    )
