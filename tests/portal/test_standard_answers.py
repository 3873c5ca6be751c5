"""The moderator's directory: standard answers with their placeholders, days and versions (§2, R09)."""

from datetime import timedelta
from typing import Any

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import location

from domain import keeping
from domain.model import StandardAnswer, StandardAnswerVersion

pytestmark = pytest.mark.usefixtures("database")
SHELF = "/directories/standard_answers"


def row(town: Town, **changes: Any) -> dict[str, Any]:
    answer = {
        "code": "pothole-warranty",
        "topic": str(town.pothole.id),
        "name": "Гарантия",
        "outcome": "impossible",
        "text": "{обращение}\n\nСообщение № {номер}: участок на гарантии.",
        "active": "yes",
        "version": "0",
    }
    return {**answer, **changes}


async def versions() -> list[tuple[int, str, bool]]:
    kept = await StandardAnswerVersion.objects().order_by(StandardAnswerVersion.id)
    return [(each.version, each.text, each.active) for each in kept]


@pytest.mark.rule("R09")
@pytest.mark.parametrize("who", ["marina", "yulia"])
async def test_moderator_and_operator_keep_them_and_every_version_stays(
    who: str, town: Town, browser: Browser, clock: Clock
) -> None:
    await browser.sign_in(getattr(town, who))

    added = location(await browser.post(SHELF, data=row(town)))
    clock.forward(minutes=5)
    form = (await browser.get(added)).text
    version = form.split('name="version" value="')[1].split('"')[0]
    address = added.split("?")[0]
    changed = await browser.post(address, data=row(town, version=version, text="Anew: {номер}."))

    assert changed.status_code == 303
    assert await versions() == [
        (1, "{обращение}\n\nСообщение № {номер}: участок на гарантии.", True),
        (2, "Anew: {номер}.", True),
    ]
    (kept,) = await StandardAnswer.objects()
    assert (kept.version, kept.text) == (2, "Anew: {номер}.")
    assert "Гарантия" in words((await browser.get(SHELF)).text)


@pytest.mark.rule("R09", "R10")
@pytest.mark.parametrize("text", ["Здравствуйте, {имя}!", "Вот: {обращение}", "{обращение}", "Скобка {"])
async def test_a_text_with_a_strange_placeholder_is_not_written_down(text: str, town: Town, browser: Browser) -> None:
    await browser.sign_in(town.marina)

    page = await browser.post(SHELF, data=row(town, text=text))

    assert page.status_code == 422
    assert 'id="f-text-error"' in page.text
    assert text.split("{")[0] in page.text
    assert await StandardAnswer.count() == 0


@pytest.mark.rule("R09")
async def test_what_holds_from_a_later_day_is_not_offered_before(town: Town, browser: Browser, clock: Clock) -> None:
    await browser.sign_in(town.marina)
    message = await stories.submitted(town)
    tomorrow = (MONDAY + timedelta(days=1)).date()

    await browser.post(SHELF, data=row(town, holds_from=tomorrow.isoformat()))
    before = words((await browser.get(f"/moderation/{message.id}")).text)
    clock.forward(days=1)
    await keeping.come_into_force(at=clock.now)
    await browser.sign_in(town.marina)
    after = words((await browser.get(f"/moderation/{message.id}")).text)

    assert "1 типовой ответ" not in before
    assert "1 типовой ответ" in after
    last = await StandardAnswerVersion.objects().order_by(StandardAnswerVersion.id, ascending=False).first()
    assert last is not None
    assert (last.active, last.in_force_from) == (True, tomorrow)


@pytest.mark.rule("R09")
async def test_a_closed_one_is_offered_no_longer(town: Town, browser: Browser) -> None:
    kept = await stories.standard(town)
    await browser.sign_in(town.marina)

    await browser.post(f"{SHELF}/{kept.id}", data=row(town, active="", text=stories.GREETING))

    message = await stories.submitted(town)
    assert "На эту тему нет типового ответа" in words((await browser.get(f"/moderation/{message.id}")).text)
    assert (await versions())[-1][2] is False


@pytest.mark.rule("R10")
@pytest.mark.parametrize("who", ["anna", "pavel", "elena", "konstantin"])
async def test_for_others_there_is_no_such_directory(who: str, town: Town, browser: Browser) -> None:
    kept = await stories.standard(town)
    await browser.sign_in(getattr(town, who))

    for address in (SHELF, f"{SHELF}/new", f"{SHELF}/{kept.id}"):
        assert (await browser.get(address)).status_code == 404
    assert (await browser.post(SHELF, data=row(town))).status_code == 404


async def test_the_moderator_sees_one_shelf_and_the_way_to_it(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.marina)

    index, desk = (await browser.get("/directories")).text, (await browser.get("/moderation")).text

    assert 'href="/directories/standard_answers"' in index
    assert 'href="/directories/standard_answers"' in desk
    assert "/directories/grounds" not in index
    assert (await browser.get("/directories/topics")).status_code == 404
