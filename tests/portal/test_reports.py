"""The report that the controller takes away: what stands on the board, as text no program reckons with (R32, R10)."""

import csv
import io

import pytest
from openpyxl import load_workbook
from tests.people import Town
from tests.portal.conftest import Browser, Clock
from tests.portal.test_control import THURSDAY
from tests.stories import registered

from domain import controlling
from domain.model import Message, Organisation, Person
from portal.desk import report

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.rule("R32")]
EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil";"x")')


async def taken(browser: Browser, kind: str, query: str = "") -> list[list[str | None]]:
    answer = await browser.get(f"/control/report.{kind}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    if kind == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        return [list(row) for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    return [[value if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_report_holds_the_rows_of_the_board(town: Town, browser: Browser, clock: Clock, kind: str) -> None:
    message = await registered(town)
    await controlling.ask_reason(message, by=town.elena, at=THURSDAY)
    await controlling.give_reason(message, "No asphalt.", by=town.pavel, at=THURSDAY)
    clock.now = THURSDAY
    await browser.sign_in(town.elena)

    heads, row = await taken(browser, kind)

    assert heads[:3] == ["Номер", "Категория", "Тема"]
    assert row[0] == message.number
    assert row[3:7] == ["Mira 41", "Дорожный отдел", town.pavel.name, "Срок принятия"]
    assert row[7:] == ["02.03.2026", "03.03.2026", "6", "0", "12.03.2026", "No asphalt."]
    assert await taken(browser, kind, f"?organisation={town.sergey.organisation}") == [heads]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("evil", EVIL)
async def test_no_cell_is_a_formula_whoever_has_written_it(
    town: Town, browser: Browser, clock: Clock, kind: str, evil: str
) -> None:
    message = await registered(town)
    await controlling.ask_reason(message, by=town.elena, at=THURSDAY)
    await controlling.give_reason(message, f"{evil}", by=town.pavel, at=THURSDAY)
    await Message.update({Message.address: evil}).where(Message.id == message.id)
    await Person.update({Person.name: evil}).where(Person.id == town.pavel.id)
    await Organisation.update({Organisation.short_name: evil}).where(Organisation.id == town.pavel.organisation)
    clock.now = THURSDAY
    await browser.sign_in(town.elena)

    _, row = await taken(browser, kind)

    texts = [cell for cell in row if cell]
    assert [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert [cell[0] for cell in row[3:6] if cell] == ["'"] * 3


@pytest.mark.rule("R10")
@pytest.mark.parametrize("address", ["/control/report", "/control/report.csv"])
async def test_of_the_author_it_says_nothing(town: Town, browser: Browser, clock: Clock, address: str) -> None:
    message = await registered(town)
    await Message.update({Message.address: "Mira 41, кв. 7"}).where(Message.id == message.id)
    clock.now = THURSDAY
    await browser.sign_in(town.elena)

    text = (await browser.get(address)).text

    assert "Mira 41" in text
    assert "кв. 7" not in text
    assert town.anna.name not in text
    assert "A deep hole" not in text


@pytest.mark.parametrize("address", ["/control/report", "/control/report.csv", "/control/report.xlsx"])
async def test_it_is_for_oversight_alone(town: Town, browser: Browser, address: str) -> None:
    for nobody in (town.anna, town.marina, town.pavel):
        await browser.sign_in(nobody)
        assert (await browser.get(address)).status_code == 404


async def test_a_long_report_comes_in_pages_and_says_where_it_was_cut(
    town: Town, browser: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        await registered(town)
    clock.now = THURSDAY
    await browser.sign_in(town.elena)
    monkeypatch.setattr(report, "PAGE", 2)
    whole = await taken(browser, "csv")
    monkeypatch.setattr(report, "PAGES", 2)

    cut = await taken(browser, "csv")

    assert (len(whole), len({row[0] for row in whole})) == (6, 6)
    assert (len(cut), cut[-1]) == (6, ["Здесь только первые строки (4): сузьте отбор."])
