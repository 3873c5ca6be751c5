"""The operator takes all directories away as a file and brings them back; no file does harm (§2)."""

import csv
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from tests.people import Town
from tests.portal.conftest import Browser
from tests.portal.desks import words
from tests.portal.errands import at_home, location

from domain import keeping
from domain.directories import ALL
from domain.directories.grounds import GROUNDS
from domain.model import Ground, Intake, Revision
from portal import workbooks
from portal.door import Door

pytestmark = pytest.mark.usefixtures("database")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def book(**sheets: list[list[Any]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


CHANGED = [["code", "name"], ["G01", "Из файла"]]


async def sent(browser: Browser, content: bytes, name: str = "all.xlsx", **form: str) -> Any:
    return await browser.post("/directories/import", data=form, files=[("file", (name, content, XLSX))])


async def name_of(code: str) -> str:
    found = await Ground.objects().get(Ground.code == code)
    assert found
    return found.name


async def test_the_whole_goes_round_and_nothing_changes(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    taken = (await browser.get("/directories/export")).content

    page = await browser.get(location(await sent(browser, taken)))

    assert len(load_workbook(BytesIO(taken)).sheetnames) == len(ALL)
    assert "записывать нечего" in words(page.text)
    assert await Revision.count() == 0


async def test_a_file_is_looked_at_and_then_written_down_once(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    was = town.grounds["G01"].name

    plan = location(await sent(browser, book(grounds=CHANGED)))
    page = (await browser.get(plan)).text
    untouched = await name_of("G01")
    done = await browser.post(plan)
    again = await browser.post(plan)

    assert f"{was} → Из файла" in words(page)
    assert untouched == was
    assert location(done) == plan
    assert await name_of("G01") == "Из файла"
    assert again.status_code == 409
    assert await Revision.count() == 1


async def test_faults_stand_with_sheet_row_and_column_and_nothing_can_be_written(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    plan = location(await sent(browser, book(grounds=[["code", "name"], ["G01", ""], ["G02", "Хорошее"]])))

    page = (await browser.get(plan)).text
    pressed = await browser.post(plan)

    assert "grounds 2 name Заполните" in words(page)
    assert "Записать всё" not in words(page)
    assert pressed.status_code == 409
    assert await Revision.count() == 0


async def test_who_looked_before_the_other_wrote_looks_again(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    plan = location(await sent(browser, book(grounds=CHANGED)))
    await keeping.keep(GROUNDS, {"name": "Рукой"}, row=town.grounds["G01"].id, by=town.gleb, at=(await intake()).at)

    pressed = await browser.post(plan)
    after_looking = await browser.post(plan)

    assert pressed.status_code == 409
    assert "Рукой → Из файла" in words(pressed.text)
    assert location(after_looking) == plan
    assert await name_of("G01") == "Из файла"


async def intake() -> Intake:
    (one,) = await Intake.objects()
    return one


async def test_nobody_else_sees_or_confirms_what_one_has_brought(town: Town, browser: Browser, portal: Door) -> None:
    await browser.sign_in(town.yulia)
    plan = location(await sent(browser, book(grounds=CHANGED)))

    for other in (town.gleb, town.marina, town.pavel, town.anna):
        visitor = await at_home(portal, other)
        assert (await visitor.get(plan)).status_code == 404
        assert (await visitor.post(plan)).status_code == 404
    for address in ("/directories/export", "/directories/import", "/directories/grounds/export"):
        assert (await (await at_home(portal, town.pavel)).get(address)).status_code == 404

    assert await name_of("G01") == town.grounds["G01"].name


async def test_a_moderator_takes_away_their_own_shelf_alone(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.marina)

    taken = (await browser.get("/directories/export")).content

    assert load_workbook(BytesIO(taken)).sheetnames == ["Типовые ответы"]
    assert (await browser.get("/directories/grounds/export")).status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+7 900", "-", "@SUM(A1)", "'=1", "'", "'слово", 'a\nb; "c"'])
async def test_no_cell_is_a_formula_and_every_text_comes_back_as_it_was(
    town: Town, browser: Browser, text: str
) -> None:
    await browser.sign_in(town.yulia)
    await Ground.update({Ground.name: "N", Ground.hint: text}).where(Ground.code == "G01")

    whole = (await browser.get("/directories/export")).content
    table = (await browser.get("/directories/grounds/export")).content

    cells = [cell for page in load_workbook(BytesIO(whole)) for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert text in [cell.value for cell in cells]
    for row in csv.reader(StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";"):
        assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell]
    for name, content in (("all.xlsx", whole), ("grounds (1).csv", table)):
        page = await browser.get(location(await sent(browser, content, name)))
        assert "записывать нечего" in words(page.text), name


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    out = BytesIO(book(grounds=CHANGED))
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def mangled(old: bytes, new: bytes) -> bytes:
    """A workbook whose sheet says something else."""
    out = BytesIO()
    with ZipFile(BytesIO(book(grounds=CHANGED))) as source, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for part in source.namelist():
            content = source.read(part)
            archive.writestr(part, content.replace(old, new) if "sheet1" in part else content)
    return out.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Выберите файл"),
        (b"PK\x03\x04 no workbook", "не книга"),
        (b"\x00\x01\x02", "не книга"),
        (zipped(nothing=b"x"), "не книга"),
        (zipped(bomb=b"\0" * (workbooks.UNPACKED_AT_MOST + 1)), "слишком большой"),
        (zipped(**{f"part{n}": b"" for n in range(workbooks.PARTS_AT_MOST + 1)}), "слишком большой"),
        (with_part("xl/vbaProject.bin", b"macro"), "макросы"),
        (with_part("xl/evil.xml", ENTITIES), "не книга"),
        (mangled(b"<sheetData>", b"<sheetData><row>"), "не книга"),
        (mangled(b'r="A2"', b'r="A9999999999"'), ""),
        (book(grounds=[["code", "name"], ["G01", "=1+1"]]), "формула"),
        (book(grounds=[["code"], *[["G01"]] * (workbooks.ROWS_AT_MOST + 1)]), "слишком много строк"),
        (book(grounds=[[]]), "нет таблицы"),
        (book(**{f"sheet{n}": [["code"]] for n in range(workbooks.SHEETS_AT_MOST + 1)}), "слишком много листов"),
    ],
)
async def test_a_hostile_file_is_refused_in_words(town: Town, browser: Browser, content: bytes, told: str) -> None:
    await browser.sign_in(town.yulia)

    answer = await sent(browser, content)

    if told:
        assert answer.status_code == 422, answer.headers
        assert told in words(answer.text)
        assert await Intake.count() == 0
    assert answer.status_code < 500
    assert await Revision.count() == 0


async def test_a_file_too_large_is_refused(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    little = await sent(browser, b"x" * (workbooks.FILE_AT_MOST + 1))
    much = await sent(browser, b"x" * (workbooks.FILE_AT_MOST + 2**21))

    assert (little.status_code, much.status_code) == (422, 413)


async def test_dates_and_numbers_are_read_as_people_see_them(town: Town, browser: Browser) -> None:
    from datetime import datetime

    await browser.sign_in(town.yulia)
    rows: list[list[Any]] = [["day", "working", "reason"], [datetime(2026, 3, 10), True, "Перенос"]]
    years: list[list[Any]] = [["year", "basis"], [2027.0, "Постановление"]]

    page = await browser.get(location(await sent(browser, book(calendar_days=rows, calendar_years=years))))

    assert "2026-03-10" in words(page.text)
    assert "2 строки изменятся" in words(page.text)


async def test_a_day_that_has_passed_is_refused_with_the_form(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    answer = await sent(browser, book(grounds=CHANGED), holds_from="2026-03-01")

    assert answer.status_code == 422
    assert 'id="f-holds_from-error"' in answer.text
