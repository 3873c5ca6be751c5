"""Standard phrases on the desk: kept on a page, offered in the cases that they fit, filled in without the author."""

import pytest
from tests import stories
from tests.people import Town
from tests.portal.conftest import HTMX
from tests.portal.desks import words
from tests.portal.errands import at_home, location, value

from domain.model import Phrase
from domain.phrases import Said, keep
from portal.door import Door

PLACE = "/execution/phrases"


async def test_a_phrase_is_kept_mended_and_taken_away(portal: Door, town: Town) -> None:
    pavel = await at_home(portal, town.pavel)
    said = {"name": "Asphalt", "words": "Case {номер}: filled.", "topic": str(town.pothole.id)}

    wrong = await pavel.post(PLACE, data={**said, "words": "For {nobody}."})
    kept = await pavel.post(PLACE, data=said)
    (phrase,) = await Phrase.objects()
    empty = await pavel.post(f"{PLACE}/{phrase.id}", data={**said, "name": "", "version": "1"})
    form = await pavel.get(f"{PLACE}?phrase={phrase.id}")
    anew = {**said, "name": "Hot asphalt", "shared": "yes", "version": value(form.text, "version")}
    mended = await pavel.post(f"{PLACE}/{phrase.id}", data=anew)
    late = await pavel.post(f"{PLACE}/{phrase.id}", data={**anew, "words": "Mine it is."})
    page = await pavel.get(PLACE)
    gone = await pavel.post(f"{PLACE}/{phrase.id}/removal")

    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert "For {nobody}." in wrong.text
    assert "{nobody}" in words(wrong.text)
    assert (late.status_code, "Mine it is." in late.text) == (409, True)
    assert [location(each) for each in (kept, mended, gone)] == [PLACE] * 3
    assert "Фразы отдела Hot asphalt" in words(page.text)
    assert await Phrase.count() == 0


@pytest.mark.rule("R10")
async def test_a_case_is_offered_what_fits_it_with_its_facts_in_the_braces(portal: Door, town: Town) -> None:
    message = await stories.in_work(town)
    text = "№ {номер} on {тема}, {адрес}, of {зарегистрировано} by {отдел}."
    await keep(Said("Fits", text, topic=town.pothole.id), by=town.pavel)
    await keep(Said("Another", "Not this.", topic=town.pavement.id), by=town.pavel)
    await keep(Said("Always", "Thank you.", shared=True), by=town.pavel)
    pavel = await at_home(portal, town.pavel)

    page = await pavel.get(f"/execution/{message.id}/phrases")
    menu = await pavel.get(f"/execution/{message.id}/phrases", headers=HTMX)
    case = await pavel.get(f"/execution/{message.id}")

    filled = f"№ {message.number} on {town.pothole.name}, Mira 41, of 2 марта 2026 года by "
    assert filled in words(page.text)
    assert "Not this." not in page.text
    assert town.anna.name not in page.text
    assert "<html" not in menu.text
    assert menu.text.count("data-insert") == 2
    assert f'href="/execution/{message.id}/phrases"' in case.text


async def test_phrases_are_there_for_executors_and_in_their_own_cases_only(portal: Door, town: Town) -> None:
    message = await stories.in_work(town)
    marina, sergey = await at_home(portal, town.marina), await at_home(portal, town.sergey)

    assert (await marina.get(PLACE)).status_code == 404
    assert (await marina.post(PLACE, data={"name": "a", "words": "b"})).status_code == 404
    assert (await sergey.get(f"/execution/{message.id}/phrases")).status_code == 404


async def test_a_message_that_nobody_executes_has_no_phrases(portal: Door, town: Town) -> None:
    _, joined = await stories.case_of_two(town)
    await keep(Said("Always", "Thank you."), by=town.pavel)
    pavel = await at_home(portal, town.pavel)

    page = await pavel.get(f"/execution/{joined.id}/phrases")

    assert page.status_code == 404
