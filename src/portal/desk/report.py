"""The report of control to take away (R32): the rows of the board with its filters, and nothing of the authors (R10).

The text of a message is left out: people write of themselves in it. Place, topic and officials are enough to act on.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.rulebook import Rulebook
from domain.wording import N_, translations
from domain.workdays import in_town
from portal.desk.control_filters import Filters, Span
from portal.desk.control_lines import Line, late_days, lines

PAGE, PAGES = 1000, 20  # more rows than these nobody reads in one sheet
ON_PAPER = 500
COLUMNS = (
    N_("Number"), N_("Category"), N_("Topic"), N_("Place"), N_("Department"), N_("Executor"), N_("Term"),
    N_("Began on"), N_("Last day"), N_("Working days late"), N_("Reworks"), N_("Reason asked on"), N_("Reason"),
)  # fmt: skip
TITLES = {
    "late": N_("Late now"),
    "today": N_("Due today"),
    "tomorrow": N_("Due tomorrow"),
    "asked": N_("Reason asked"),
}
Row = Sequence[Any]


async def pages(filters: Filters, book: Rulebook, *, at: datetime, language: str) -> AsyncIterator[list[Row]]:
    """The headings, then page after page; the last line says so when the report was cut."""
    words = translations(language)
    yield [[words.gettext(column) for column in COLUMNS]]
    asked, span = replace(filters, after=""), Span.of(book, at)
    for _ in range(PAGES):
        found, older = await lines(asked, span, book, language=language, limit=PAGE)
        yield [row(each) for each in found]
        if not older:
            return
        asked = replace(asked, after=older)
    yield [[words.gettext("Only the first %(count)d rows are here: narrow the report.") % {"count": PAGE * PAGES}]]


async def whole(filters: Filters, book: Rulebook, *, at: datetime, language: str) -> list[Row]:
    return [row async for page in pages(filters, book, at=at, language=language) for row in page]


async def paper(filters: Filters, book: Rulebook, *, at: datetime, language: str) -> dict[str, Any]:
    """The first rows as a page for print, with as many columns as a sheet of paper holds."""
    found, older = await lines(filters, Span.of(book, at), book, language=language, limit=ON_PAPER)
    title = translations(language).gettext(TITLES[filters.when])
    return {"lines": found, "cut": bool(older), "most": ON_PAPER, "title": title, "filters": filters}


def row(line: Line) -> Row:
    return (
        *(line.number, line.category, line.topic, line.address, line.organisation, line.executor, line.clock.label),
        *(day(line.opened_at), f"{line.clock.due_on:%d.%m.%Y}", late_days(line.clock), line.reworks),
        *(day(line.asked_at), line.answer),
    )


def day(moment: datetime | None) -> str | None:
    return f"{in_town(moment):%d.%m.%Y}" if moment else None
