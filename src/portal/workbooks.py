"""Directories as files: a workbook with a sheet for each, or a table of one (CSV). What comes in is guarded first.

Whatever a cell holds is a text, on the way out and on the way in: no spreadsheet takes it for a formula.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from domain.directories.sheets import Sheet
from domain.errors import Sentence, Unfit, say
from domain.wording import N_
from portal.sheets import harmless, without_apostrophe

FILE_AT_MOST = 4 * 2**20
UNPACKED_AT_MOST = 32 * 2**20
PARTS_AT_MOST = 200
SHEETS_AT_MOST, ROWS_AT_MOST, COLUMNS_AT_MOST = 40, 5000, 60
WIDTHS = (12, 60)
NAME = re.compile(r"[a-z_]+")

NO_FILE = N_("Choose a file.")
TOO_LARGE = N_("The file is too large: at most %(mb)d MB.")
UNPACKS_TOO_LARGE = N_("Unpacked the file is too large.")
NO_WORKBOOK = N_("This is no workbook (.xlsx) and no table (.csv) that can be read.")
MACROS = N_("There are macros in the file. Save it as an ordinary workbook (.xlsx).")
TOO_MANY_SHEETS = N_("There are too many sheets in the file: at most %(count)d.")
TOO_MANY_ROWS = N_("There are too many rows on the sheet “%(sheet)s”: at most %(count)d.")
FORMULAS = N_("There is a formula on the sheet “%(sheet)s”, row %(row)d, column %(column)d. Write its value instead.")
EMPTY = N_("There is no table in the file.")


def workbook(sheets: Iterable[Sheet]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for number, row in enumerate((sheet.columns, *(cells for _, cells in sheet.rows)), 1):
            for column, text in enumerate(row, 1):
                cell = page.cell(number, column, text)
                cell.data_type = "s"  # a text that begins with a sign of equality is taken for a formula otherwise
                cell.number_format = "@"
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                cell.font = Font(bold=number == 1)
        fit_columns(page, sheet)
        page.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def fit_columns(page: Any, sheet: Sheet) -> None:
    for number, heading in enumerate(sheet.columns, 1):
        longest = max(len(text) for text in (heading, *(row[number - 1] for _, row in sheet.rows)))
        column = page.column_dimensions[get_column_letter(number)]
        column.width = min(max(longest + 2, WIDTHS[0]), WIDTHS[1])
        column.number_format = "@"  # a row that is added below is text as well


def table(sheet: Sheet) -> bytes:
    """As the spreadsheets of this country open it: semicolons, and a mark that it is UTF-8."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(sheet.columns)
    writer.writerows([harmless(text) for text in cells] for _, cells in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def read(name: str, content: bytes) -> list[Sheet]:
    """The tables of a file that somebody sends; Unfit says what is wrong with it."""
    if not content:
        raise wrong(say(NO_FILE))
    if len(content) > FILE_AT_MOST:
        raise wrong(say(TOO_LARGE, mb=FILE_AT_MOST // 2**20))
    sheets = read_workbook(content) if content.startswith(b"PK") else [read_table(name, content)]
    if not sheets:
        raise wrong(say(EMPTY))
    return sheets


def wrong(sentence: Sentence) -> Unfit:
    return Unfit({"file": sentence})


def read_workbook(content: bytes) -> list[Sheet]:
    guard(content)
    try:
        with closing(load_workbook(BytesIO(content), read_only=True, keep_links=False)) as book:
            if len(book.worksheets) > SHEETS_AT_MOST:
                raise wrong(say(TOO_MANY_SHEETS, count=SHEETS_AT_MOST))
            pages = [read_page(page) for page in book.worksheets]
    except Unfit:
        raise
    except Exception:  # whatever the library stumbles over, the file is what is wrong
        raise wrong(say(NO_WORKBOOK)) from None
    return [page for page in pages if page.columns]


def guard(content: bytes) -> None:
    """Before anything is unpacked: how large it would be, and what it brings along."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
                raise wrong(say(UNPACKS_TOO_LARGE))
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                raise wrong(say(MACROS))
            # A workbook declares no document type; what does is meant to make its reader grow or reach out.
            if any(b"<!DOCTYPE" in archive.read(part) for part in parts):
                raise wrong(say(NO_WORKBOOK))
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise wrong(say(NO_WORKBOOK)) from None


def read_page(page: Any) -> Sheet:
    page.reset_dimensions()  # what the file claims of its size is not believed
    rows = filled(page.title, cells_of(page))
    first = next(rows, None)
    if first is None:
        return Sheet(page.title, [], [])
    return Sheet(page.title, trimmed(first[1]), list(rows))


def cells_of(page: Any) -> Iterator[list[str]]:
    limits = {"max_row": ROWS_AT_MOST + 2, "max_col": COLUMNS_AT_MOST}
    for number, row in enumerate(page.iter_rows(**limits), 1):
        for column, cell in enumerate(row, 1):
            if cell.data_type == "f":
                raise wrong(say(FORMULAS, sheet=page.title, row=number, column=column))
        yield [text_of(cell.value) for cell in row]


def text_of(value: Any) -> str:
    """As people see the cell: a day without its midnight, a whole number without its nought."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def read_table(name: str, content: bytes) -> Sheet:
    """A table of one directory, which is told by the name of the file."""
    if b"\0" in content:
        raise wrong(say(NO_WORKBOOK))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")  # as spreadsheets of this country still save tables
    heading = text.partition("\n")[0]
    delimiter = max(";,\t", key=heading.count)
    found = NAME.match(name.rpartition("/")[2].lower())
    title = found[0] if found else name[:60]
    try:
        table = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        lines = [list(map(without_apostrophe, row)) for row in table]
    except csv.Error:
        raise wrong(say(NO_WORKBOOK)) from None
    rows = filled(title, lines)
    first = next(rows, None)
    return Sheet(title, trimmed(first[1]) if first else [], list(rows))


def filled(title: str, lines: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The rows in which something stands, with their numbers; Unfit for too many of them."""
    for number, cells in enumerate(lines, 1):
        if number > ROWS_AT_MOST + 1:
            raise wrong(say(TOO_MANY_ROWS, sheet=title[:60], count=ROWS_AT_MOST))
        if any(cell.strip() for cell in cells):
            yield number, cells[:COLUMNS_AT_MOST]


def trimmed(cells: Sequence[str]) -> list[str]:
    """The headings without the empty ones behind them."""
    last = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return list(cells[:last])
