"""A refused message, corrected and sent again in one step (R08)."""

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.portal.desks import tag
from tests.portal.errands import WORDS, at_home, filled_in, location, only_message, photo, uploads, value
from tests.stories import HOUR

from domain import moderating, publishing
from domain.events import Kind
from domain.model import Attachment, Message
from portal.door import Door

pytestmark = pytest.mark.rule("R08")


@pytest.fixture
async def anna(portal: Door, town: Town) -> Browser:
    return await at_home(portal, town.anna)


@pytest.fixture
async def refused(anna: Browser, town: Town) -> Message:
    await anna.post("/messages", data=filled_in(town), files=[photo("hole.jpg"), photo("face.jpg")])
    message = await only_message()
    ground = next(iter(town.grounds.values()))
    said = {"reason": "It names a neighbour.", "proposal": "Leave the name out."}
    await moderating.refuse(message, by=town.marina, at=MONDAY + HOUR, grounds=[ground.id], **said)
    return message


async def test_the_form_begins_with_what_was_sent(anna: Browser, refused: Message, town: Town) -> None:
    page = (await anna.get(f"/messages/{refused.id}/correction")).text

    assert WORDS in page
    assert value(page, "address") == "Mira 41"
    assert "checked" in tag(page, f'name="topic" value="{town.pothole.id}"')
    assert len(uploads(page)) == 2
    assert "It names a neighbour." in page
    assert "Leave the name out." in page


async def test_it_is_sent_again_with_its_files_history_and_new_clocks(
    anna: Browser, refused: Message, town: Town, clock: Clock
) -> None:
    page = (await anna.get(f"/messages/{refused.id}/correction")).text
    clock.forward(days=1)
    form = filled_in(town, text="A deep hole at the bus stop.", uploads=[str(id) for id in uploads(page)])

    answer = await anna.post(f"/messages/{refused.id}/correction", data=form, files=[photo("third.jpg")])

    again = await only_message()
    assert location(answer) == f"/messages/{refused.id}?said=corrected"
    assert (again.status, again.sending, again.text) == ("submitted", 2, "A deep hole at the bus stop.")
    assert await Attachment.count().where(Attachment.message == again.id) == 3
    assert await stories.running(again) == {"registration": "2026-03-03", "decision": "2026-03-05"}
    assert (await stories.told(again, Kind.CORRECTED)).data["was"]["text"] == WORDS


async def test_a_file_may_be_left_out(anna: Browser, refused: Message, town: Town) -> None:
    hole = await Attachment.objects().get(Attachment.name == "hole.jpg")
    assert hole is not None

    await anna.post(f"/messages/{refused.id}/correction", data=filled_in(town, uploads=str(hole.id)))

    kept = await Attachment.objects().where(Attachment.message == refused.id)
    assert [file.name for file in kept] == ["hole.jpg"]


async def test_what_does_not_fit_comes_back_with_everything(anna: Browser, refused: Message, town: Town) -> None:
    page = (await anna.get(f"/messages/{refused.id}/correction")).text
    kept = [str(id) for id in uploads(page)]
    form = filled_in(town, text="Corrected words.", address="", uploads=kept)

    answer = await anna.post(f"/messages/{refused.id}/correction", data=form, files=[photo("third.jpg")])

    assert answer.status_code == 422
    assert "Corrected words." in answer.text
    assert len(uploads(answer.text)) == 3
    assert (await only_message()).status == "refused"


@pytest.mark.rule("R28")
async def test_a_form_from_before_does_not_give_a_withdrawn_consent_again(
    anna: Browser, refused: Message, town: Town
) -> None:
    path = f"/messages/{refused.id}/correction"
    page = (await anna.get(path)).text
    await publishing.withdraw_consent(refused, by=town.anna, at=MONDAY + HOUR)

    late = await anna.post(path, data=filled_in(town, consent="given", opened=value(page, "opened")))
    stands = await stories.fresh(refused)
    anew = await anna.post(path, data=filled_in(town, consent="given", opened=value(late.text, "opened")))

    assert (late.status_code, stands.status, stands.consent) == (422, "refused", False)
    assert "checked" in tag(late.text, 'name="consent" value="withheld"')
    assert anew.status_code == 303
    assert (await stories.fresh(refused)).consent


async def test_it_is_corrected_once(anna: Browser, refused: Message, town: Town) -> None:
    path = f"/messages/{refused.id}/correction"

    first = await anna.post(path, data=filled_in(town))
    second = await anna.post(path, data=filled_in(town, text="Once more."))

    assert (first.status_code, second.status_code) == (303, 409)
    assert (await only_message()).text == WORDS
    assert "Once more." in second.text  # what came second is not kept, so its author can copy it


async def test_only_its_author_corrects(portal: Door, refused: Message, town: Town) -> None:
    for person in (town.boris, town.marina, town.pavel):
        visitor = await at_home(portal, person)
        path = f"/messages/{refused.id}/correction"
        assert (await visitor.get(path)).status_code == 404
        assert (await visitor.post(path, data=filled_in(town))).status_code == 404


async def test_what_is_not_refused_is_not_corrected(anna: Browser, town: Town) -> None:
    message = await stories.submitted(town)

    form = await anna.get(f"/messages/{message.id}/correction")

    assert location(form) == f"/messages/{message.id}"


async def test_one_that_was_never_refused_is_not_corrected_even_by_a_form_that_does_not_fit(
    anna: Browser, town: Town
) -> None:
    message = await stories.registered(town)

    answer = await anna.post(f"/messages/{message.id}/correction", data={"text": ""})

    assert answer.status_code == 409
