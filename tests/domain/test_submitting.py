"""A citizen sends a message, and corrects one that was refused (§3)."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, journal, running, submitted, told

from domain import moderating, submitting
from domain.errors import NotAllowed, Stale, Unfit
from domain.model import Message
from domain.submitting import Matter
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")


def matter(town: Town) -> Matter:
    return Matter(text="A deep hole.", topic=town.pothole.id, address="Mira 41", consent=True)


@pytest.mark.rule("R03", "R05", "R06")
async def test_a_sent_message_opens_both_clocks_of_registration(town: Town) -> None:
    message = await submitting.submit(matter(town), key=uuid4(), by=town.anna, at=MONDAY)

    assert (message.status, message.topic, message.consent) == ("submitted", town.pothole.id, True)
    assert await running(message) == {"registration": "2026-03-02", "decision": "2026-03-04"}
    assert await journal(message) == ["message:submitted"]


@pytest.mark.rule("R04", "R05", "R06")
async def test_a_message_of_saturday_counts_from_the_first_working_day(town: Town) -> None:
    saturday = datetime(2026, 11, 21, 10, 0, tzinfo=TOWN)

    message = await submitting.submit(matter(town), key=uuid4(), by=town.anna, at=saturday)

    assert await running(message) == {"registration": "2026-11-23", "decision": "2026-11-25"}


@pytest.mark.rule("R05")
async def test_after_five_o_clock_registration_is_due_the_next_day(town: Town) -> None:
    evening = datetime(2026, 11, 23, 17, 0, tzinfo=TOWN)

    message = await submitting.submit(matter(town), key=uuid4(), by=town.anna, at=evening)

    assert await running(message) == {"registration": "2026-11-24", "decision": "2026-11-25"}


@pytest.mark.rule("R02")
async def test_only_a_citizen_sends(town: Town) -> None:
    for official in (town.marina, town.pavel, town.elena, town.konstantin, town.yulia):
        with pytest.raises(NotAllowed):
            await submitting.submit(matter(town), key=uuid4(), by=official, at=MONDAY)

    assert await Message.count() == 0


@pytest.mark.rule("R03")
async def test_everything_that_is_missing_is_said_at_once(town: Town) -> None:
    with pytest.raises(Unfit) as said:
        await submitting.submit(Matter(text="  ", topic=None), key=uuid4(), by=town.anna, at=MONDAY)

    assert set(said.value.errors) == {"text", "topic", "address", "consent"}
    assert await Message.count() == 0


@pytest.mark.rule("R03")
async def test_a_point_alone_is_a_place(town: Town) -> None:
    marked = replace(matter(town), address="", latitude=50.06, longitude=43.24)

    message = await submitting.submit(marked, key=uuid4(), by=town.anna, at=MONDAY)

    assert (message.latitude, message.longitude) == (50.06, 43.24)


async def test_a_form_sent_twice_is_one_message(town: Town) -> None:
    key = uuid4()

    first = await submitting.submit(matter(town), key=key, by=town.anna, at=MONDAY)
    second = await submitting.submit(matter(town), key=key, by=town.anna, at=MONDAY + HOUR)

    assert first.id == second.id
    assert await journal(first) == ["message:submitted"]


async def test_a_used_form_does_not_carry_another_text_nor_another_person(town: Town) -> None:
    key = uuid4()
    await submitting.submit(matter(town), key=key, by=town.anna, at=MONDAY)

    with pytest.raises(Stale):
        await submitting.submit(replace(matter(town), text="Another."), key=key, by=town.anna, at=MONDAY)
    with pytest.raises(Stale):
        await submitting.submit(matter(town), key=key, by=town.boris, at=MONDAY)


@pytest.mark.rule("R08")
async def test_a_refused_message_is_corrected_and_has_clocks_of_its_own(town: Town) -> None:
    message = await refused(town)
    tuesday = datetime(2026, 3, 3, 11, 0, tzinfo=TOWN)

    await submitting.correct(message, replace(matter(town), text="One question."), by=town.anna, at=tuesday)

    assert (message.status, message.sending, message.text) == ("submitted", 2, "One question.")
    assert await running(message) == {"registration": "2026-03-03", "decision": "2026-03-05"}
    corrected = await told(message, "message:corrected")
    assert corrected.data["was"]["text"] == "A deep hole at the bus stop."


@pytest.mark.rule("R33")
async def test_a_consent_taken_back_and_a_place_moved_stand_in_the_journal(town: Town) -> None:
    message = await refused(town)
    elsewhere = replace(matter(town), consent=not message.consent, latitude=50.1, longitude=43.2)

    await submitting.correct(message, elsewhere, by=town.anna, at=MONDAY + HOUR)

    was = (await told(message, "message:corrected")).data["was"]
    assert (was["consent"], was["latitude"]) == (not elsewhere.consent, None)


@pytest.mark.rule("R08")
async def test_only_the_author_corrects(town: Town) -> None:
    message = await refused(town)

    with pytest.raises(NotAllowed):
        await submitting.correct(message, matter(town), by=town.boris, at=MONDAY + HOUR)


async def refused(town: Town) -> Message:
    message = await submitted(town)
    ground = town.grounds["G11"].id
    await moderating.refuse(
        message, by=town.marina, at=MONDAY, grounds=[ground], reason="Two questions.", proposal="Send them apart."
    )
    return message
