"""The rating in the cabinet: once, in time, with remarks where it is not solved; the fourth time to the commission."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import at_home, location, photo, uploads
from tests.stories import HOUR

from domain.model import Attachment, Message, Rating, Setting
from portal.door import Door

FORM = 'action="/messages/{id}/rating"'


@pytest.fixture
async def anna(portal: Door, town: Town) -> Browser:
    return await at_home(portal, town.anna)


def chosen(choice: str, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "choice": choice, **more}


async def status(message: Message) -> str:
    return str((await stories.fresh(message)).status)


@pytest.mark.rule("R23")
@pytest.mark.parametrize("choice", ["solved", "accepted"])
async def test_a_positive_rating_closes_the_case(anna: Browser, town: Town, choice: str) -> None:
    message = await stories.answered(town)

    answer = await anna.post(f"/messages/{message.id}/rating", data=chosen(choice))

    assert location(answer) == f"/messages/{message.id}?said=rated#rating"
    assert await status(message) == "closed"


@pytest.mark.rule("R24", "R25")
async def test_not_solved_goes_to_rework_with_remarks_and_photos(anna: Browser, town: Town) -> None:
    message = await stories.answered(town)
    form = chosen("unsolved", remarks="The hole is still there.")

    await anna.post(f"/messages/{message.id}/rating", data=form, files=[photo()])

    assert await status(message) == "rework"
    assert "rework" in await stories.running(message)
    (file,) = await Attachment.objects()
    assert file.rating is not None


@pytest.mark.rule("R24")
async def test_not_solved_needs_remarks_and_keeps_the_photos(anna: Browser, town: Town) -> None:
    message = await stories.answered(town)

    answer = await anna.post(f"/messages/{message.id}/rating", data=chosen("unsolved"), files=[photo("still.jpg")])

    assert answer.status_code == 422
    assert 'href="#f-remarks"' in answer.text
    assert "still.jpg" in answer.text
    assert len(uploads(answer.text)) == 1
    assert await status(message) == "answered"


@pytest.mark.rule("R26", "R27")
@pytest.mark.parametrize(("setting", "reworks"), [("third_rework", 2), ("failed_rework", 3)])
async def test_where_the_next_not_solved_leads_is_told_before_it_is_pressed(
    anna: Browser, town: Town, setting: str, reworks: int
) -> None:
    await Setting.update({Setting.commission_on: setting}, force=True)
    message = await stories.answered(town)
    before = await anna.get(f"/messages/{message.id}")
    for turn in range(reworks):
        await stories.reworked(town, message, at=MONDAY + (turn + 2) * HOUR)

    last = await anna.get(f"/messages/{message.id}")

    assert "Вопрос рассмотрит комиссия" not in before.text
    assert "Вопрос рассмотрит комиссия" in last.text
    assert f"Использовано доработок: {reworks} из 3. Теперь вопрос рассмотрит комиссия." in last.text


@pytest.mark.rule("R23")
async def test_of_two_ratings_at_once_one_counts(anna: Browser, town: Town) -> None:
    message = await stories.answered(town)
    path = f"/messages/{message.id}/rating"

    answers = await asyncio.gather(
        *(anna.post(path, data=chosen(choice, remarks="No.")) for choice in ("solved", "unsolved", "accepted"))
    )

    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    assert await Rating.count() == 1


@pytest.mark.rule("R23")
async def test_who_comes_second_without_scripts_reads_their_words_on_the_page_that_says_so(
    anna: Browser, town: Town
) -> None:
    message = await stories.answered(town)
    path = f"/messages/{message.id}/rating"
    await anna.post(path, data=chosen("solved"))

    answer = await anna.post(path, data=chosen("unsolved", remarks="The lamp is dark <again>."))

    assert answer.status_code == 409
    assert "The lamp is dark &lt;again&gt;." in answer.text
    assert "readonly" in answer.text


@pytest.mark.rule("R23")
async def test_after_thirty_days_there_is_no_form_and_no_rating(anna: Browser, town: Town, clock: Clock) -> None:
    message = await stories.answered(town)
    inside = (await anna.get(f"/messages/{message.id}")).text
    clock.forward(days=31)
    await anna.sign_in(town.anna)

    outside = (await anna.get(f"/messages/{message.id}")).text
    answer = await anna.post(f"/messages/{message.id}/rating", data=chosen("solved"))

    assert FORM.format(id=message.id) in inside
    assert FORM.format(id=message.id) not in outside
    assert answer.status_code == 409
    assert await Rating.count() == 0


@pytest.mark.rule("R26", "R27")
async def test_the_fourth_time_in_a_row_goes_to_the_commission(anna: Browser, town: Town) -> None:
    message = await stories.answered(town)
    for turn in range(1, 4):
        assert f"{turn - 1} из 3" in words((await anna.get(f"/messages/{message.id}")).text)
        await stories.reworked(town, message, at=MONDAY + 24 * turn * HOUR)
        message = await stories.fresh(message)

    page = words((await anna.get(f"/messages/{message.id}")).text)
    await anna.post(f"/messages/{message.id}/rating", data=chosen("unsolved", remarks="Still there."))

    assert "Использовано доработок: 3 из 3. Теперь вопрос рассмотрит комиссия." in page
    assert await status(message) == "commission"


async def test_nobody_else_rates(portal: Door, town: Town) -> None:
    message = await stories.answered(town)

    for person in (town.boris, town.pavel, town.marina):
        visitor = await at_home(portal, person)
        answer = await visitor.post(f"/messages/{message.id}/rating", data=chosen("solved"))
        assert answer.status_code == 404
    assert await Rating.count() == 0


async def test_nothing_is_rated_before_there_is_an_answer(anna: Browser, town: Town) -> None:
    message = await stories.in_review(town)

    answer = await anna.post(f"/messages/{message.id}/rating", data=chosen("solved"))

    assert answer.status_code == 409
    assert FORM.format(id=message.id) not in (await anna.get(f"/messages/{message.id}")).text


async def test_with_scripts_the_page_is_loaded_anew_with_its_clocks_and_the_rating(anna: Browser, town: Town) -> None:
    message = await stories.answered(town)
    path = f"/messages/{message.id}/rating"

    wrong = await anna.post(path, data=chosen(""), headers=HTMX)
    right = await anna.post(path, data=chosen("solved"), headers=HTMX)

    assert wrong.status_code == 422
    assert wrong.text.lstrip().startswith("<form")
    assert right.headers["hx-redirect"] == f"/messages/{message.id}?said=rated#rating"
    assert "Ваша оценка" in (await anna.get(right.headers["hx-redirect"])).text
