"""The controller's board (§5.1, R31, R32): what is late, due today and next, whose and of what, and how it went."""

from datetime import datetime
from typing import Any

from domain.rulebook import Rulebook
from domain.workdays import in_town
from portal.desk import control_lines
from portal.desk.charts import chart
from portal.desk.control_filters import Filters, Span
from portal.desk.trends import WEEKS, trends

DECREE_MONTH = 10  # by October the Government has moved the days off of the next year


async def board(book: Rulebook, filters: Filters, *, at: datetime, language: str) -> dict[str, Any]:
    """Everything on the board; seven statements."""
    span = Span.of(book, at)
    rows, older = await control_lines.lines(filters, span, book, language=language)
    organisation = int(filters.organisation) if filters.organisation.isdigit() else None
    of_late = await trends(book, at=at, organisation=organisation)
    return {
        "filters": filters,
        "chosen": await control_lines.chosen(filters, language=language),
        "pressing": await control_lines.pressing(filters, span, language=language),
        "asked": await control_lines.reasons_waited_for(),
        "lines": rows,
        "older": filters.link(after=older) if older else None,
        "trends": of_late,
        "chart": chart(of_late.weeks),
        "weeks": WEEKS,
        "unofficial": unofficial(book, at),
    }


def unofficial(book: Rulebook, at: datetime) -> int | None:
    """The year whose calendar has to be loaded: this one, from October on the next, when it is not official (R35)."""
    today = in_town(at).date()
    years = (today.year, today.year + 1) if today.month >= DECREE_MONTH else (today.year,)
    return next((year for year in years if not book.calendar.is_official(year)), None)
