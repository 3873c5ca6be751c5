"""What became of a promise, before everybody whom it concerns, and in the register of the controller (§4.3)."""

from datetime import date, datetime

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words
from tests.stories import HOUR

from domain import answering, executing, moderating, terms
from domain.answering import Written
from domain.model import Message
from domain.workdays import TOWN
from portal.desk import promises
from portal.desk.promises import Filters
from portal.door import Door

TENTH, TWENTIETH = date(2026, 3, 10), date(2026, 3, 20)
CAME = datetime(2026, 3, 10, 10, tzinfo=TOWN)
OVER = datetime(2026, 3, 14, 10, tzinfo=TOWN)


def planned(day: date) -> Written:
    return Written(outcome="planned", text=f"New asphalt, {day}.", planned_on=day)


async def came_due(town: Town, *, public: bool = False) -> Message:
    message = await stories.submitted(town)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, public_text="A hole." if public else None)
    await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR)
    await stories.answer(town, message, at=MONDAY + 4 * HOUR, written=planned(TENTH))
    await stories.approve(town, message, at=MONDAY + 5 * HOUR, publish=public)
    await answering.follow_up(message.id, at=CAME)
    return await stories.fresh(message)


async def moved(town: Town, *, public: bool = False, publish: bool = False) -> Message:
    message = await came_due(town, public=public)
    await stories.answer(town, message, at=CAME, written=planned(TWENTIETH))
    await stories.approve(town, message, at=CAME + HOUR, publish=publish)
    return message


async def register(query: str = "") -> list[tuple[str, str, int]]:
    """Date, fate and shifts of each row, as the address asks for them."""
    filters = Filters.asked(dict(each.split("=") for each in query.split("&") if each))
    shown = await promises.register(filters, at=CAME)
    return [(f"{row.promise.planned_on}", row.promise.fate, row.shifts) for row in shown["rows"]]


@pytest.mark.rule("R22")
async def test_the_author_and_the_desks_read_the_history_of_shifts_oldest_first(town: Town, portal: Door) -> None:
    message = await moved(town)
    places = {"anna": "messages", "pavel": "execution", "marina": "moderation", "elena": "control"}

    for name, place in places.items():
        browser = await Browser(portal).sign_in(getattr(town, name))
        page = words((await browser.get(f"/{place}/{message.id}")).text)
        history = page[page.index("Что обещано") :]
        assert "Срок переносили 1 раз" in history, name
        assert "Обещано к 10 марта 2026 перенесено на 20 марта 2026" in history.replace(" г.", ""), name
        assert history.index("перенесено на") < history.index("срок ещё впереди"), name


@pytest.mark.rule("R22")
async def test_an_answer_after_a_promise_is_called_additional(town: Town, browser: Browser) -> None:
    message = await moved(town)
    await browser.sign_in(town.anna)

    page = words((await browser.get(f"/messages/{message.id}")).text)

    assert "Дополнительный ответ Запланировано" in page
    assert "Ответ после доработки" not in page


@pytest.mark.rule("R10", "R22")
@pytest.mark.parametrize(("publish", "told"), [(True, "перенесено на 20 марта"), (False, "срок ещё впереди")])
async def test_everybody_reads_of_it_as_far_as_the_answers_are_published(
    town: Town, browser: Browser, publish: bool, told: str
) -> None:
    message = await moved(town, public=True, publish=publish)

    page = words((await browser.get(f"/publications/{message.number}")).text)

    assert "Обещано к 10 марта" in page
    assert told in page
    assert ("20 марта" in page) == publish


@pytest.mark.rule("R22")
async def test_the_executor_finds_the_promise_quoted_in_the_form(town: Town, browser: Browser, clock: Clock) -> None:
    message = await came_due(town)
    clock.now = CAME
    await browser.sign_in(town.pavel)

    page = (await browser.get(f"/execution/{message.id}?queue=follow_up")).text

    assert "&gt; New asphalt, 2026-03-10." in page
    assert "П. 4.3: подготовьте дополнительный ответ" in words(page)
    assert 'value="solved" checked' not in page


@pytest.mark.rule("R22", "R32")
async def test_the_register_holds_every_promise_with_its_fate_and_counts_its_shifts(town: Town) -> None:
    await moved(town)
    await came_due(town)

    assert await register() == [("2026-03-20", "ahead", 1), ("2026-03-10", "due", 0), ("2026-03-10", "moved", 1)]
    assert await register("fate=moved") == [("2026-03-10", "moved", 1)]
    assert await register(f"organisation={town.sergey.organisation}") == []


@pytest.mark.rule("R22", "R32")
async def test_a_department_answers_for_what_it_missed(town: Town) -> None:
    await came_due(town)
    await terms.miss_due(at=OVER)

    shown = await promises.register(Filters(), at=OVER)

    assert [(each.id, each.fates) for each in shown["departments"]] == [(town.pavel.organisation, {"missed": 1})]
    assert shown["counts"]["missed"] == 1


@pytest.mark.rule("R32")
async def test_the_register_goes_by_key_so_that_no_row_comes_twice(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "ROWS", 1)
    await moved(town)

    first = await promises.register(Filters(), at=CAME)
    older = first["older"].split("?")[1]

    assert [row.promise.planned_on for row in first["rows"]] == [TWENTIETH]
    assert (await register(older))[0][0] == "2026-03-10"


@pytest.mark.parametrize("query", ["fate=lost", "after=2026-02-31_1", "after=x", "organisation=x"])
async def test_what_is_no_filter_narrows_nothing(town: Town, query: str) -> None:
    await came_due(town)

    assert len(await register(query)) == 1


@pytest.mark.rule("R32")
async def test_only_who_oversees_has_the_register(town: Town, portal: Door) -> None:
    await came_due(town)

    for name, status in {"elena": 200, "konstantin": 200, "pavel": 404, "marina": 404, "anna": 404}.items():
        browser = await Browser(portal).sign_in(getattr(town, name))
        answer = await browser.get("/control/promises?fate=due")
        assert answer.status_code == status, name
        assert ("Реестр обещаний" in words(answer.text)) == (status == 200)
