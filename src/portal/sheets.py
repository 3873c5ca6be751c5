"""Tables that leave the portal as files: no cell of them is a formula, whoever has written what stands in it."""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# So a text begins that a spreadsheet takes for a formula; the apostrophe is ours.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
BOM = "\ufeff"  # by it Excel knows the letters


def safe(value: Any) -> Any:
    """Numbers as they are; a text that would be reckoned begins with an apostrophe, and so is one."""
    if value is None or isinstance(value, int):
        return value
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", str(value)))


def harmless(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def without_apostrophe(text: str) -> str:
    """As it was before it was made harmless."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


async def as_csv(pages: AsyncIterator[Sequence[Sequence[Any]]]) -> AsyncIterator[str]:
    """Page by page, as they come: a long report is never whole in memory."""
    yield BOM
    async for page in pages:
        written = io.StringIO()
        csv.writer(written, delimiter=";", lineterminator="\r\n").writerows([map(safe, row) for row in page])
        yield written.getvalue()


def as_xlsx(rows: Iterable[Sequence[Any]], *, title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([safe(value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
