"""A photo that needs turning, cropping or zooming is not sent: it is mended, or somebody answers for it (§4.1, R14)."""

import asyncio
import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests import stories
from tests.people import MONDAY, Town
from tests.stories import DONE, HOUR, fresh, in_work, journal, told

from domain import answering, attaching, editing, parts
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.fitness import Edit
from domain.model import Attachment, Message, Person
from domain.parts import Report

pytestmark = [pytest.mark.rule("R14"), pytest.mark.usefixtures("database")]


async def received(**changes: Any) -> Attachment:
    """A photo that has been prepared; `marks` and `state` as the child left them."""
    file = await attaching.receive(
        id=uuid4(), key=uuid4(), name="done.jpg", content_hash=str(uuid4()), kind="jpeg", size=9, by=None, at=MONDAY
    )
    values: dict[Any, Any] = {"state": "ready", "sizes": json.dumps({"small": "a", "large": "b"}), **changes}
    await Attachment.update(values).where(Attachment.id == file.id)
    return file


async def photographed(town: Town, **changes: Any) -> tuple[Message, UUID]:
    """Pavel's draft with one photo."""
    message, file = await in_work(town), await received(**changes)
    written = replace(DONE, key=file.key, files=[file.id])
    await answering.draft(message, written, by=town.pavel, at=MONDAY + 3 * HOUR)
    return message, file.id


async def row(photo: UUID) -> dict[str, Any]:
    (found,) = await Attachment.select().where(Attachment.id == photo).output(load_json=True)
    return found


async def sent(town: Town, message: Message) -> None:
    await answering.send_for_review(message, by=town.pavel, at=MONDAY + 4 * HOUR)


@pytest.mark.parametrize("mark", ["sideways", "borders", "small", "dark", "blurred", "pages"])
async def test_an_answer_with_a_marked_photo_is_not_sent_and_the_clause_is_named(mark: str, town: Town) -> None:
    message, _ = await photographed(town, marks=json.dumps({mark: 1}))

    with pytest.raises(Unfit) as said:
        await sent(town, message)

    assert "(clause 4.1)" in said.value.errors["files"].msgid
    assert said.value.errors["files"].values == {"name": "done.jpg"}
    assert (await fresh(message)).status == "in_work"


async def test_a_photo_that_nobody_has_looked_at_yet_is_not_sent(town: Town) -> None:
    message, _ = await photographed(town, state="received")

    with pytest.raises(Unfit) as said:
        await sent(town, message)

    assert "still being prepared" in said.value.errors["files"].msgid


@pytest.mark.rule("R13")
async def test_a_document_that_nobody_has_looked_at_yet_is_not_sent_either(town: Town) -> None:
    message, file = await photographed(town, kind="pdf", state="received")

    with pytest.raises(Unfit) as said:
        await sent(town, message)
    await Attachment.update({"state": "ready", "marks": '{"links": 1}'}, force=True).where(Attachment.id == file)
    await sent(town, message)

    assert "still being prepared" in said.value.errors["files"].msgid
    assert message.status == "in_review"


async def test_a_fit_photo_is_sent(town: Town) -> None:
    message, _ = await photographed(town)

    await sent(town, message)

    assert message.status == "in_review"


async def test_a_marked_photo_is_sent_when_its_executor_answers_for_it(town: Town) -> None:
    message, photo = await photographed(town, marks='{"dark": 40}')

    await editing.confirm(message, photo, by=town.pavel, at=MONDAY + 3 * HOUR, version=1)
    await sent(town, message)

    said = (await told(message, "photo:confirmed")).data
    assert (said["name"], said["marks"]) == ("done.jpg", {"dark": 40})
    assert message.status == "in_review"


async def test_there_is_nothing_to_confirm_about_a_photo_without_marks_or_twice(town: Town) -> None:
    message, photo = await photographed(town)
    other, marked = await photographed(town, marks='{"dark": 40}')
    await editing.confirm(other, marked, by=town.pavel, at=MONDAY, version=1)

    for case, file, version in ((message, photo, 1), (other, marked, 2)):
        with pytest.raises(OutOfTurn):
            await editing.confirm(case, file, by=town.pavel, at=MONDAY, version=version)


async def test_an_edit_waits_to_be_made_from_the_original_and_needs_another_word(town: Town) -> None:
    message, photo = await photographed(town, marks='{"sideways": 0.9}')
    original = (await row(photo))["content_hash"]
    await editing.confirm(message, photo, by=town.pavel, at=MONDAY, version=1)

    await editing.edit(message, photo, by=town.pavel, at=MONDAY, version=2, turn=90)

    stands = await row(photo)
    assert (stands["state"], stands["marks"], stands["as_is"]) == ("received", {}, False)
    assert (stands["edit"], stands["content_hash"]) == ({"turn": 90, "crop": None}, original)
    assert (await told(message, "photo:edited")).data["was"] == ["a", "b"]


@pytest.mark.rule("R10")
async def test_what_a_moderator_has_covered_stays_covered_when_the_photo_is_turned(town: Town) -> None:
    message, photo = await photographed(town, covers="[[0, 0, 500, 250]]", covered='{"large": "c"}')

    await editing.edit(message, photo, by=town.pavel, at=MONDAY, version=1, turn=90)

    stands = await row(photo)
    assert (stands["covers"], stands["covered"]) == ([[750, 0, 250, 500]], None)
    assert "c" in (await told(message, "photo:edited")).data["was"]


async def test_back_to_the_original_nothing_is_left_of_the_edit(town: Town) -> None:
    message, photo = await photographed(town)
    await editing.edit(message, photo, by=town.pavel, at=MONDAY, version=1, turn=90)
    await Attachment.update({Attachment.state: "ready"}).where(Attachment.id == photo)

    await editing.restore(message, photo, by=town.pavel, at=MONDAY, version=2)

    stands = await row(photo)
    assert (stands["edit"], stands["state"], stands["version"]) == (None, "received", 3)


def test_turns_and_crops_are_of_what_one_sees() -> None:
    half = Edit().cropped((0.5, 0, 0.5, 1))

    assert half.turned(90) == Edit(90, (0, 0.5, 1, 0.5))
    assert half.turned(180) == Edit(180, (0, 0, 0.5, 1))
    assert half.turned(270).turned(90) == half
    assert half.cropped((0.5, 0.5, 0.5, 0.5)) == Edit(0, (0.75, 0.5, 0.25, 0.5))
    assert Edit().turned(180).turned(180).as_json() is None


def test_what_reaches_the_edge_in_decimals_is_within() -> None:
    touching = (0.222 / 100, 0.0, 99.778 / 100, 1.0)
    assert touching[0] + touching[2] > 1

    editing.within(touching)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"turn": 45},
        {"turn": -90},
        {"turn": 360},
        {"crop": (0.5, 0, 0.6, 1)},
        {"crop": (-0.1, 0, 0.5, 0.5)},
        {"crop": (0, 0, 0, 1)},
        {"crop": (0, 0.2, 1, 0.005)},
    ],
)
async def test_what_lies_outside_of_the_photo_is_refused(asked: dict[str, Any], town: Town) -> None:
    message, photo = await photographed(town)

    with pytest.raises(Unfit):
        await editing.edit(message, photo, by=town.pavel, at=MONDAY, version=1, **asked)

    assert (await row(photo))["version"] == 1


async def test_of_two_windows_at_once_one_edits_and_the_other_is_told(town: Town) -> None:
    message, photo = await photographed(town)
    windows = [await fresh(message), await fresh(message)]

    outcomes = await asyncio.gather(
        *(editing.edit(each, photo, by=town.pavel, at=MONDAY, version=1, turn=90) for each in windows),
        return_exceptions=True,
    )

    assert outcomes.count(None) == 1
    assert sum(isinstance(each, Stale) for each in outcomes) == 1
    assert (await journal(message)).count("photo:edited") == 1


async def test_a_photo_that_is_being_edited_does_not_slip_out_with_the_answer(town: Town) -> None:
    message, photo = await photographed(town, marks='{"small": 300}')
    other_window = await fresh(message)

    async def edit() -> None:
        async with atomic():
            await editing.edit(message, photo, by=town.pavel, at=MONDAY, version=1, turn=90)
            await asyncio.sleep(0.2)

    outcomes = await asyncio.gather(edit(), sent(town, other_window), return_exceptions=True)

    assert [type(each) for each in outcomes] == [type(None), Unfit]


async def test_nobody_else_edits_and_nobody_at_all_once_the_answer_has_gone(town: Town) -> None:
    message, photo = await photographed(town)
    for other in (town.sergey, town.marina, town.anna):
        with pytest.raises((NotAllowed, Stale)):
            await editing.edit(message, photo, by=other, at=MONDAY, version=1, turn=90)
    await sent(town, message)

    with pytest.raises(Stale):
        await editing.edit(message, photo, by=town.pavel, at=MONDAY, version=1, turn=90)
    with pytest.raises(Stale):
        await editing.confirm(message, photo, by=town.pavel, at=MONDAY, version=1)


async def test_the_photos_of_a_message_are_not_the_executors_to_edit(town: Town) -> None:
    message, file = await in_work(town), await received()
    await attaching.attach(file.key, [file.id], to=message)

    for photo in (file.id, uuid4()):
        with pytest.raises(NotAllowed):
            await editing.edit(message, photo, by=town.pavel, at=MONDAY, version=1, turn=90)


async def test_a_photo_of_another_message_is_not_reached_through_ones_own(town: Town) -> None:
    _, photo = await photographed(town)
    own = await in_work(town, at=MONDAY + HOUR)

    with pytest.raises(NotAllowed):
        await editing.edit(own, photo, by=town.pavel, at=MONDAY, version=1, turn=90)

    assert (await row(photo))["version"] == 1


@pytest.mark.rule("R11")
async def test_a_co_executor_edits_the_photos_of_their_own_part_and_the_executor_those_taken_over(town: Town) -> None:
    part = await stories.shared(town)
    message, file = await stories.case_of(part), await received(uploaded_by=town.sergey.id)
    report = Report("The pipe is cut.", file.key, [file.id])
    await parts.write(message, part.id, report, by=town.sergey, at=MONDAY + 4 * HOUR)

    with pytest.raises(NotAllowed):
        await editing.edit(message, file.id, by=town.pavel, at=MONDAY, version=1, turn=90)
    await editing.edit(message, file.id, by=town.sergey, at=MONDAY, version=1, turn=90)
    await Attachment.update({Attachment.state: "ready"}).where(Attachment.id == file.id)
    await parts.take_over(message, part.id, by=town.pavel, at=MONDAY + 5 * HOUR)
    taken = await Attachment.objects().where(Attachment.answer.is_not_null()).first()
    assert taken is not None
    await editing.edit(message, taken.id, by=town.pavel, at=MONDAY, version=taken.version, turn=90)

    assert (await row(file.id))["edit"] == {"turn": 90, "crop": None}
    assert (await row(taken.id))["edit"] == {"turn": 180, "crop": None}


@pytest.mark.rule("R11", "R33")
async def test_a_deputy_prepares_the_photos_of_the_absent_executor_and_co_executor(town: Town) -> None:
    message, photo = await photographed(town)
    part = await stories.shared(town, message=message)
    file = await received(uploaded_by=town.sergey.id)
    report = Report("The pipe is cut.", file.key, [file.id])
    await parts.write(message, part.id, report, by=town.sergey, at=MONDAY + 4 * HOUR)
    roman = await Person.objects().get(Person.esia_oid == "demo-roman")
    assert roman is not None

    for mine, absent in ((photo, town.pavel), (file.id, town.sergey)):
        with pytest.raises(NotAllowed):
            await editing.edit(message, mine, by=roman, at=MONDAY, version=1, turn=90)
        roman.stands_in_for = (absent.id,)
        await editing.edit(message, mine, by=roman, at=MONDAY, version=1, turn=90)
        roman.stands_in_for = ()

        assert (await told(message, "photo:edited")).data["instead_of"] == absent.id
