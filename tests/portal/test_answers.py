"""A letter's link: opens one answer without a sign-in, rates it once by a press of a button, changes nothing else."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests import stories
from tests.conftest import SECRET
from tests.people import MONDAY, Town
from tests.portal.conftest import HTMX, Browser, Clock
from tests.portal.errands import at_home, filled_in, location, photo, prepared
from tests.stories import HOUR
from tests.workers.papers import paper

from domain import invitations
from domain.invitations import Invitation
from domain.model import Attachment, Event, Message, Person, Rating, Session, Term
from portal.door import Door

pytestmark = pytest.mark.rule("R21")


async def link(message: Message, person: Person, *, at: datetime = MONDAY) -> str:
    answer = await stories.the_answer(message)
    return f"/answers/{invitations.sign(Invitation(answer.id, person.id), SECRET, at=at)}"


def chosen(choice: str, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "choice": choice, **more}


async def test_the_link_shows_the_answer_without_a_session(browser: Browser, town: Town) -> None:
    path = await link(await stories.answered(town), town.anna)

    answer = await browser.get(path)

    assert answer.status_code == 200
    assert "The hole was filled on 3 March." in answer.text
    assert f'action="{path}/rating"' in answer.text
    assert "session" not in browser.cookies
    assert await Session.count() == 0


async def test_the_page_is_kept_from_caches_referrers_and_searches(browser: Browser, town: Town) -> None:
    answer = await browser.get(await link(await stories.answered(town), town.anna))

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert 'content="noindex' in answer.text


async def test_opening_it_changes_nothing(browser: Browser, town: Town) -> None:
    message = await stories.answered(town)
    path = await link(message, town.anna)
    before = await everything()

    for _ in range(3):
        await browser.get(path)
        await browser.head(path)
        await browser.get(f"{path}?choice=solved")
        await browser.get(f"{path}/rating")
        await browser.head(f"{path}/rating")

    assert before == await everything()


async def everything() -> list[Any]:
    return [await table.select().order_by(table.id) for table in (Message, Rating, Event, Term, Session)]


async def test_a_press_of_the_button_rates(browser: Browser, town: Town) -> None:
    message = await stories.answered(town)
    path = await link(message, town.anna)

    answer = await browser.post(f"{path}/rating", data=chosen("solved"))

    assert location(answer) == f"{path}?said=rated#rating"
    assert (await stories.fresh(message)).status == "closed"
    page = (await browser.get(location(answer))).text
    assert "Ваша оценка" in page
    assert 'id="rating"' in page
    assert f'action="{path}/rating"' not in page


@pytest.mark.rule("R24")
async def test_not_solved_needs_remarks_here_too(browser: Browser, town: Town) -> None:
    message = await stories.answered(town)
    path = await link(message, town.anna)

    wrong = await browser.post(f"{path}/rating", data=chosen("unsolved"))
    piece = await browser.post(f"{path}/rating", data=chosen("unsolved"), headers=HTMX)
    form = chosen("unsolved", remarks="Still there.")
    right = await browser.post(f"{path}/rating", data=form, files=[photo()])

    assert (wrong.status_code, piece.status_code, right.status_code) == (422, 422, 303)
    assert 'href="#f-remarks"' in wrong.text
    assert (await stories.fresh(message)).status == "rework"
    assert await Attachment.count().where(Attachment.rating.is_not_null()) == 1


@pytest.mark.rule("R23")
async def test_it_is_rated_once_in_the_letter_and_in_the_cabinet(portal: Door, browser: Browser, town: Town) -> None:
    message = await stories.answered(town)
    path = await link(message, town.anna)
    anna = await at_home(portal, town.anna)

    answers = await asyncio.gather(
        browser.post(f"{path}/rating", data=chosen("solved")),
        Browser(portal).post(f"{path}/rating", data=chosen("accepted")),
        anna.post(f"/messages/{message.id}/rating", data=chosen("solved")),
    )

    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    assert await Rating.count() == 1


async def test_an_expired_link_says_so_and_rates_nothing(browser: Browser, town: Town, clock: Clock) -> None:
    path = await link(await stories.answered(town), town.anna)
    clock.now = MONDAY + timedelta(days=31)

    page, rating = await browser.get(path), await browser.post(f"{path}/rating", data=chosen("solved"))

    assert page.status_code == 410
    assert "The hole was filled" not in page.text
    assert rating.status_code == 404
    assert await Rating.count() == 0


@pytest.mark.parametrize("token", ["x", "a.b.c", "WzEsMV0.x.y", "%00", "0", "%E2%82%AC"])
async def test_a_made_up_link_opens_nothing(browser: Browser, town: Town, token: str) -> None:
    await stories.answered(town)

    assert (await browser.get(f"/answers/{token}")).status_code in (400, 404)
    assert (await browser.post(f"/answers/{token}/rating", data=chosen("solved"))).status_code in (400, 404)


async def test_a_link_for_another_person_opens_nothing_of_annas(browser: Browser, town: Town) -> None:
    path = await link(await stories.answered(town), town.boris)

    assert (await browser.get(path)).status_code == 404
    assert (await browser.post(f"{path}/rating", data=chosen("solved"))).status_code == 404


async def test_an_answer_not_let_out_is_not_there(browser: Browser, town: Town) -> None:
    path = await link(await stories.in_review(town), town.anna)

    assert (await browser.get(path)).status_code == 404


async def test_an_earlier_answer_stays_to_be_read_and_is_not_rated_again(browser: Browser, town: Town) -> None:
    message = await stories.answered(town)
    first = await link(message, town.anna)
    await stories.reworked(town, message, at=MONDAY + 24 * HOUR)

    page = await browser.get(first)
    again = await browser.post(f"{first}/rating", data=chosen("solved"))

    assert page.status_code == 200
    assert "Ваша оценка" in page.text
    assert again.status_code == 409
    assert (await stories.fresh(message)).status == "answered"


async def test_the_link_opens_no_other_page(browser: Browser, town: Town) -> None:
    message = await stories.answered(town)
    await browser.get(await link(message, town.anna))

    assert (await browser.get(f"/messages/{message.id}")).status_code == 303


async def test_files_of_the_answer_are_bound_to_the_link(portal: Door, browser: Browser, town: Town) -> None:
    message = await stories.answered(town)
    path = await link(message, town.anna)
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town, text=""), files=[photo("done.jpg"), photo("hers.jpg")])
    await Attachment.update({"message": message.id}, force=True)
    done, hers = await prepared(message)
    answer = await stories.the_answer(message)
    await Attachment.update({"answer": answer.id}, force=True).where(Attachment.id == done.id)

    shown = (await browser.get(path)).text
    seen = await browser.get(f"{path}/files/{done.id}/small")

    assert f"{path}/files/{done.id}/small" in shown
    assert seen.headers["content-type"] == "image/webp"
    assert (await browser.get(f"{path}/files/{hers.id}/small")).status_code == 404
    assert (await browser.get(f"{path}/files/{done.id}/original")).status_code == 404
    assert (await browser.get(f"/answers/x.y.z/files/{done.id}/small")).status_code == 404


async def test_the_link_opens_a_document_by_its_pages_and_never_its_original(
    portal: Door, browser: Browser, town: Town
) -> None:
    message = await stories.answered(town)
    path = await link(message, town.anna)
    anna = await at_home(portal, town.anna)
    await anna.post("/messages", data=filled_in(town, text=""), files=[photo("акт.pdf", paper(pages=2))])
    answer = await stories.the_answer(message)
    await Attachment.update({"message": message.id, "answer": answer.id}, force=True)
    (act,) = await prepared(message)
    place = f"{path}/files/{act.id}"

    shown, own = (await browser.get(path)).text, (await browser.get(place)).text
    document = await browser.get(f"{place}/document")

    assert f'<a href="{place}"><img src="{place}/small"' in shown
    assert f'href="{place}/document"' in shown
    assert f'src="{place}/page-2"' in own
    assert "/original" not in own
    assert document.headers["content-type"] == "application/pdf"
    assert document.headers["content-disposition"].endswith("%D0%B0%D0%BA%D1%82.pdf")
    assert (await browser.get(f"{place}/original")).status_code == 404
    assert (await browser.get(f"/answers/x.y.z/files/{act.id}")).status_code == 404


async def test_a_dismissed_person_is_not_let_in(browser: Browser, town: Town) -> None:
    path = await link(await stories.answered(town), town.anna)
    await Person.update({Person.active: False}).where(Person.id == town.anna.id)

    assert (await browser.get(path)).status_code == 404
