"""The topics in the form of a message: what is offered today, and what is told of the one that is chosen."""

import re

import pytest
from tests.people import Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import words
from tests.portal.errands import WORDS, filled_in, location, photo, uploads

from domain.model import Attachment, Message, Topic

pytestmark = pytest.mark.usefixtures("database")


async def needs_photo(topic: Topic) -> None:
    await Topic.update({Topic.photo_required: True}).where(Topic.id == topic.id)


def told(page: str, topic: Topic) -> str:
    """What stands after the choice of a topic, up to the next one."""
    after = page.split(f'name="topic" value="{topic.id}"')[1].split("</label>", 1)[1]
    return words(re.split(r"<label|</details>", after)[0])


async def test_a_topic_out_of_season_is_not_offered(town: Town, browser: Browser, clock: Clock) -> None:
    ice, grass = (f'value="{town.topics[code].id}"' for code in ("road-ice", "grass"))
    winter = (await browser.get("/messages/new")).text
    clock.forward(days=60)
    summer = (await browser.get("/messages/new")).text

    assert (ice in winter, grass in winter) == (True, False)
    assert (ice in summer, grass in summer) == (False, True)


async def test_a_forced_topic_out_of_season_comes_back_with_its_days(town: Town, browser: Browser) -> None:
    await browser.sign_in(town.anna)

    answer = await browser.post("/messages", data=filled_in(town, topic=str(town.topics["grass"].id)))

    assert answer.status_code == 422
    assert "15.04" in words(answer.text)
    assert WORDS in answer.text
    assert await Message.count() == 0


async def test_danger_and_examples_are_told_with_the_topic(town: Town, browser: Browser) -> None:
    page = (await browser.get("/messages/new")).text

    assert "отойдите и не пускайте детей" in told(page, town.topics["manhole"])
    assert "люк сдвинут" in told(page, town.topics["manhole"])
    assert "Яма во дворе" in told(page, town.pothole)
    assert "112" not in told(page, town.pothole)


@pytest.mark.rule("R02", "R03")
async def test_a_guest_is_asked_for_the_photo_after_the_sign_in_and_loses_nothing(town: Town, browser: Browser) -> None:
    await needs_photo(town.pothole)
    form = filled_in(town)
    await browser.post("/messages", data=form, files=[("files", ("scan.pdf", b"%PDF-1.4 scan", "application/pdf"))])
    await browser.sign_in(town.anna)
    scan = str(uploads((await browser.get("/messages/new")).text)[0])

    without = await browser.post("/messages", data={**form, "uploads": scan})
    with_one = await browser.post("/messages", data={**form, "uploads": scan}, files=[photo()])

    assert without.status_code == 422
    assert 'id="f-files-error"' in without.text
    assert "scan.pdf" in without.text
    assert location(with_one).startswith("/messages/")
    assert await Attachment.count().where(Attachment.message.is_not_null()) == 2
