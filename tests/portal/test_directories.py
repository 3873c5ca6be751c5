"""The operator's desk: directories as tables and forms, nothing typed is lost, to everybody else it is not there."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from tests.people import Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import location
from tests.stories import registered

from domain import keeping
from domain.directories import ALL, reading
from domain.directories.grounds import GROUNDS
from domain.model import Category, Ground, Person, Setting

pytestmark = pytest.mark.usefixtures("database")


def ground(**changes: Any) -> dict[str, Any]:
    return {"name": "Rude words", "hint": "Leave them out.", "active": "yes", "version": "0", **changes}


async def test_only_the_operator_has_directories(town: Town, browser: Browser) -> None:
    row = town.grounds["G01"].id
    for person in (town.anna, town.marina, town.pavel, town.elena, town.konstantin):
        await browser.sign_in(person)
        # The moderator has the shelf of standard answers.
        index = () if person is town.marina else ("/directories",)
        for address in (*index, "/directories/grounds", f"/directories/grounds/{row}"):
            assert (await browser.get(address)).status_code == 404
        assert (await browser.post(f"/directories/grounds/{row}", data=ground())).status_code == 404

    assert (await Ground.objects().get(Ground.id == row)).name == town.grounds["G01"].name


@pytest.mark.parametrize("name", [each.name for each in ALL])
async def test_every_directory_has_its_table_and_its_forms(town: Town, browser: Browser, name: str) -> None:
    await browser.sign_in(town.yulia)

    for address in (f"/directories/{name}", f"/directories/{name}/new"):
        assert (await browser.get(address)).status_code == 200, address


@pytest.mark.rule("R31")
async def test_the_operator_reads_who_has_left_without_a_deputy_and_enters_one(town: Town, browser: Browser) -> None:
    await registered(town)
    await Person.update({Person.active: False}).where(Person.id == town.pavel.id)
    told = f"Без заместителя после ухода: {town.pavel.name}."
    days = {"first_day": "2026-03-02", "last_day": "2026-12-31", "active": "yes"}

    await browser.sign_in(town.marina)
    seen = [told in words((await browser.get("/directories")).text)]
    await browser.sign_in(town.yulia)
    seen.append(told in words((await browser.get("/directories")).text))
    offered = (await browser.get("/directories/absences/new")).text
    people = {"person": str(town.pavel.id), "deputy": str(town.sergey.id)}
    await browser.post("/directories/absences", data={**people, **days})
    seen.append(told in words((await browser.get("/directories")).text))

    assert seen == [False, True, False]
    assert offered.count(town.pavel.name) == 1


async def test_what_is_not_there_is_not_there(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    for address in ("/directories/nowhere", "/directories/grounds/999999", "/directories/grounds/999999/withdrawal"):
        assert (await browser.get(address)).status_code in (404, 405)
    assert (await browser.post("/directories/grounds/999999", data=ground())).status_code == 404


async def test_a_row_is_changed_and_its_page_tells_the_history(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    address = f"/directories/grounds/{town.grounds['G01'].id}"

    after = location(await browser.post(address, data=ground()))

    page = (await browser.get(after)).text
    assert "Rude words" in words(page)
    assert f"<del>{html.escape(town.grounds['G01'].name)}</del>" in page
    assert town.yulia.name in words(page)


async def test_a_new_row_is_written(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    after = location(await browser.post("/directories/grounds", data=ground(code="G90")))

    assert "G90" in (await browser.get(after)).text
    assert "G90" in (await browser.get("/directories/grounds")).text


async def test_what_does_not_fit_comes_back_as_it_was_typed(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    answer = await browser.post(
        "/directories/grounds", data=ground(code="с пробелом", name="", hint="Мой текст", holds_from="завтра")
    )

    assert answer.status_code == 422
    for kept in ("с пробелом", "Мой текст"):
        assert kept in answer.text
    for field in ("code", "name", "holds_from"):
        assert f'id="f-{field}-error"' in answer.text
    assert not await Ground.exists().where(Ground.hint == "Мой текст")


async def test_the_second_of_two_operators_is_told_and_keeps_every_word(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    address = f"/directories/grounds/{town.grounds['G01'].id}"
    await browser.post(address, data=ground(name="The first"))

    late = await browser.post(address, data=ground(name="The second"), headers=HTMX)

    assert late.status_code == 409
    assert "<html" not in late.text
    assert town.yulia.name in late.text
    assert 'value="The second"' in late.text
    assert "The first" in late.text
    assert (await Ground.objects().get(Ground.id == town.grounds["G01"].id)).name == "The first"


async def test_pressing_again_after_having_seen_it_holds(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    address = f"/directories/grounds/{town.grounds['G01'].id}"
    await browser.post(address, data=ground(name="The first"))
    late = await browser.post(address, data=ground(name="The second"))
    version = late.text.split('name="version" value="')[1].split('"')[0]

    await browser.post(address, data=ground(name="The second", version=version))

    assert (await Ground.objects().get(Ground.id == town.grounds["G01"].id)).name == "The second"


async def test_a_change_for_a_later_day_waits_and_can_be_withdrawn(town: Town, browser: Browser, clock: Clock) -> None:
    await browser.sign_in(town.yulia)
    row = town.grounds["G01"].id
    await browser.post(f"/directories/grounds/{row}", data=ground(holds_from="2026-03-09"))
    page = (await browser.get(f"/directories/grounds/{row}")).text
    assert "Будет действовать с" in words(page)
    revision = page.split('name="revision" value="')[1].split('"')[0]

    location(await browser.post(f"/directories/grounds/{row}/withdrawal", data={"revision": revision}))

    await keeping.come_into_force(at=clock.now + timedelta(days=8))
    assert (await Ground.objects().get(Ground.id == row)).name == town.grounds["G01"].name


async def test_a_closed_row_is_offered_no_longer_and_stays_in_the_table(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)
    row = town.grounds["G01"]
    changed = ground(name=row.name, hint=row.hint)
    del changed["active"]

    location(await browser.post(f"/directories/grounds/{row.id}", data=changed))

    assert f'id="row-{row.id}" data-closed' in (await browser.get("/directories/grounds")).text


async def test_a_row_is_found_by_a_word(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    found = (await browser.get("/directories/grounds?q=экстренная", headers=HTMX)).text

    assert "G16" in found
    assert "G01" not in found
    assert "<html" not in found


async def test_history_stands_under_the_name_of_its_directory_alone(town: Town) -> None:
    await keeping.keep(GROUNDS, {"name": "X"}, row=town.grounds["G01"].id, by=town.yulia, at=Clock().now)

    assert await reading.version_of(ALL[0], town.grounds["G01"].id) == 0


async def test_topics_stand_under_the_names_of_their_categories(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    page = (await browser.get("/directories/topics")).text
    found = (await browser.get("/directories/topics?q=дороги", headers=HTMX)).text

    heads = re.findall(r'<th scope="rowgroup"[^>]*>([^<]+)</th>', page)
    assert len(heads) == len(set(heads)) == await Category.count()
    under = page.split(f">{heads[0]}</th>")[1].split('scope="rowgroup"')[0]
    assert town.pothole.name in under
    assert heads[1] not in found
    assert town.pothole.name in found


async def test_what_is_never_changed_is_told_in_words(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.yulia)

    page = (await browser.get(f"/directories/limits/{(await Setting.objects().first()).id}")).text

    assert "Действует да" in words(page)
