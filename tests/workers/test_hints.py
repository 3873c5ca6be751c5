"""Hints are written after a message was sent: for the moderator, computed once, and changed by nobody's press (§3)."""

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR
from tests.workers.conftest import all_delivered

from domain import moderating, submitting
from domain.model import Message, Person, Screening, TopicModel
from domain.submitting import Matter
from workers.screening import learning
from workers.screening.hinting import keep
from workers.screening.hinting import read as reading
from workers.screening.knowing import directory, model_for

TEXT = "Во дворе не горит фонарь, соседка Марья Петрова упала. Мой телефон 8 900 000-00-42."
HERE = (50.0612, 43.2388)

pytestmark = pytest.mark.usefixtures("redis_url")


async def sent(town: Town, text: str, *, by: Person, point: tuple[float, float] | None = HERE) -> Message:
    latitude, longitude = point or (None, None)
    where: dict[str, Any] = {"latitude": latitude, "longitude": longitude, "address": "" if point else "ул. Мира, 41"}
    matter = Matter(text=text, topic=town.pothole.id, consent=True, **where)
    message = await submitting.submit(matter, key=uuid4(), by=by, at=MONDAY)
    await all_delivered("hints")
    return message


async def hints_of(message: Message) -> Any:
    (row,) = await Screening.select().where(Screening.message == message.id).output(load_json=True)
    return SimpleNamespace(**row)


@pytest.mark.rule("R10", "R08")
async def test_what_stands_out_in_a_message_waits_for_the_moderator(town: Town) -> None:
    message = await sent(town, TEXT, by=town.anna)

    seen = await hints_of(message)

    assert seen.topics[0]["topic"] == "lamp-dark"
    assert "фонарь" in seen.topics[0]["words"]
    assert seen.names == ["Марья Петрова"]
    assert seen.grounds == {"G03": ["Марья Петрова", "8 900 000-00-42"]}
    unchanged = await Message.objects().get(Message.id == message.id)
    assert (unchanged.topic, unchanged.status, unchanged.version) == (town.pothole.id, "submitted", 1)


@pytest.mark.rule("R08")
async def test_a_correction_is_read_anew_and_an_earlier_reading_never_covers_it(town: Town) -> None:
    message = await sent(town, TEXT, by=town.anna)
    ground = [town.grounds["G03"].id]
    await moderating.refuse(message, by=town.marina, at=MONDAY + HOUR, grounds=ground, reason="Имя.", proposal="Без.")
    plain = Matter(text="Яма на дороге у школы.", topic=town.pothole.id, address="ул. Мира, 41", consent=True)
    await submitting.correct(message, plain, by=town.anna, at=MONDAY + 2 * HOUR)

    await all_delivered("hints")

    seen = await hints_of(message)
    assert (seen.sending, seen.names, seen.grounds) == (2, [], {})
    assert seen.topics[0]["topic"] == "road-pothole"
    late = await Message.objects().get(Message.id == message.id)
    assert late is not None
    late.text, late.sending = TEXT, 1
    await keep(late, await reading(late))
    assert vars(await hints_of(message)) == vars(seen)


@pytest.mark.rule("R08")
async def test_what_was_said_of_the_same_place_is_found_and_what_lies_elsewhere_is_not(town: Town) -> None:
    same = "Огромная яма напротив остановки, машины пробивают колёса"
    near = await sent(town, same, by=town.boris, point=(HERE[0] + 0.0004, HERE[1]))
    await sent(town, same, by=town.boris, point=(HERE[0] + 0.01, HERE[1]))
    own = await sent(town, "Напротив остановки огромная яма, машины пробивают колёса!", by=town.anna, point=None)

    message = await sent(town, "Напротив остановки яма, машины колёса пробивают", by=town.anna)

    alike = {each["message"]: each for each in (await hints_of(message)).alike}
    assert alike.keys() == {near.id, own.id}
    assert (alike[near.id]["own"], alike[near.id]["metres"]) == (False, 45)
    assert (alike[own.id]["own"], alike[own.id]["metres"]) == (True, None)


async def test_the_same_address_is_the_same_place_and_other_words_there_are_another_matter(town: Town) -> None:
    first = await sent(town, "Яма у дома, не проехать", by=town.boris, point=None)
    other = Matter(text="Не горит фонарь у подъезда", topic=town.topics["lamp-dark"].id, address="УЛ. МИРА, 41")
    message = await submitting.submit(Matter(**{**vars(other), "consent": False}), key=uuid4(), by=town.anna, at=MONDAY)
    await all_delivered("hints")
    again = await sent(town, "Яма у дома всё ещё не заделана", by=town.zinaida, point=None)

    assert (await hints_of(message)).alike == []
    assert [each["message"] for each in (await hints_of(again)).alike] == [first.id]


async def test_two_workers_with_the_same_message_leave_one_reading(town: Town) -> None:
    from tests.stories import told_as_written

    from workers.screening.hinting import hint

    message = await sent(town, TEXT, by=town.anna)
    event = await told_as_written(message, "message:submitted")

    await asyncio.gather(hint(event), hint(event))

    assert await Screening.count().where(Screening.message == message.id) == 1


@pytest.mark.rule("R07")
async def test_topics_are_learned_from_what_was_registered_and_measured_on_the_last_tenth(town: Town) -> None:
    """Here the moderators register what the directory would never guess: «кряк» is a matter of traffic lights."""
    lamp = town.topics["traffic-light"].id
    for number in range(learning.ENOUGH):
        matter = Matter(text=f"Снова кряк кряк номер {number}", topic=lamp, address="ул. Мира, 41", consent=False)
        message = await submitting.submit(matter, key=uuid4(), by=town.anna, at=MONDAY)
        await moderating.register(message, by=town.marina, at=MONDAY)

    await learning.learn(at=MONDAY)

    (kept,) = await TopicModel.objects()
    assert (kept.messages, kept.tested, kept.found) == (learning.ENOUGH, 2, 2)
    lines = await directory()
    assert (await model_for(lines)).suggest("Опять этот кряк")[0].topic == "traffic-light"


async def test_from_a_few_messages_nothing_is_learned(town: Town) -> None:
    matter = Matter(text="Не горит светофор", topic=town.pothole.id, address="ул. Мира, 41", consent=False)
    message = await submitting.submit(matter, key=uuid4(), by=town.anna, at=MONDAY)
    await moderating.register(message, by=town.marina, at=MONDAY)

    await learning.learn(at=MONDAY)

    assert not await TopicModel.exists()
    lines = await directory()
    assert (await model_for(lines)).suggest("Не работает светофор")[0].topic == "traffic-light"
