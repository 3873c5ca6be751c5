"""The cabinet marks what is new: by its name and on the rows, until a message is opened or all is marked (§2, R21)."""

import pytest
from tests.people import Town
from tests.portal.conftest import Browser
from tests.stories import registered

pytestmark = [pytest.mark.rule("R21"), pytest.mark.usefixtures("database")]
ROW = "Новое</span>"


async def marks(browser: Browser) -> tuple[bool, int]:
    """Whether a number stands beside the name of the cabinet, and how many rows are marked."""
    page = (await browser.get("/messages")).text
    return "новое в" in page, page.count(ROW)


async def test_the_cabinet_marks_what_is_new_until_the_message_is_opened(town: Town, browser: Browser) -> None:
    first, _ = await registered(town), await registered(town)
    await browser.sign_in(town.anna)
    before = await marks(browser)

    opened = (await browser.get(f"/messages/{first.id}")).text

    assert (before, await marks(browser)) == ((True, 2), (True, 1))
    assert "новое в 1 сообщении" in opened


async def test_one_button_marks_everything_as_read(town: Town, browser: Browser) -> None:
    await registered(town)
    await browser.sign_in(town.anna)

    answer = await browser.post("/readings")

    assert (answer.status_code, answer.headers["location"], await marks(browser)) == (303, "/messages", (False, 0))


async def test_asking_whether_a_page_is_there_reads_nothing(town: Town, browser: Browser) -> None:
    message = await registered(town)
    await browser.sign_in(town.anna)

    await browser.head(f"/messages/{message.id}")

    assert await marks(browser) == (True, 1)


async def test_nobody_sees_or_moves_the_marks_of_others(town: Town, browser: Browser) -> None:
    message = await registered(town)
    await browser.sign_in(town.boris)
    foreign = (await marks(browser), (await browser.get(f"/messages/{message.id}")).status_code)
    await browser.post("/readings")
    await browser.sign_in(town.marina)
    official = (await browser.post("/readings")).status_code
    await browser.sign_in(town.anna)

    assert (foreign, official, await marks(browser)) == (((False, 0), 404), 404, (True, 1))
