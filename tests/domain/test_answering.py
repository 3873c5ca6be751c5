"""The answer: one a round, on the substance, with a date for every plan (§4.2–4.3)."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import DONE, HOUR, answered, fresh, in_review, in_work, journal, running, the_answer, told

from domain import answering, attaching
from domain.answering import Written
from domain.database import atomic
from domain.errors import NotAllowed, Stale, Unfit
from domain.model import Answer, Attachment, Event, Setting
from domain.terms import Owed, run_out
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")
PLANNED = Written(outcome="planned", text="New asphalt.", planned_on=date(2026, 3, 28))


@pytest.mark.rule("R15")
async def test_a_round_has_one_answer_however_often_it_is_saved(town: Town) -> None:
    message = await in_work(town)
    await answering.draft(message, Written(text="We look"), by=town.pavel, at=MONDAY)

    saved = await answering.draft(message, DONE, by=town.pavel, at=MONDAY)

    assert await Answer.count() == 1
    assert (saved.outcome, saved.version) == ("solved", 2)


@pytest.mark.rule("R15", "R33")
async def test_a_saving_of_which_the_page_has_not_heard_is_done_and_collides_with_nothing(town: Town) -> None:
    message = await in_work(town)
    town.sergey.stands_in_for = (town.pavel.id,)
    for version, text in enumerate(("We look", "We looked")):
        saved = await answering.draft(message, Written(text=text), by=town.pavel, at=MONDAY, version=version)

    again = await answering.draft(
        message, Written(text="We looked"), by=town.pavel, at=MONDAY, version=1, pressed=False
    )

    assert (again.version, saved.version) == (2, 2)
    others = [("We looked", town.sergey, 1), ("We look", town.pavel, 1), ("We looked", town.pavel, 0)]
    for text, by, version in others:
        with pytest.raises(Stale):
            await answering.draft(message, Written(text=text), by=by, at=MONDAY, version=version)


@pytest.mark.rule("R15")
async def test_two_first_drafts_at_once_make_one_answer(town: Town) -> None:
    message = await in_work(town)
    same = await fresh(message)

    outcomes = await asyncio.gather(
        answering.draft(message, DONE, by=town.pavel, at=MONDAY),
        answering.draft(same, replace(DONE, text="Other."), by=town.pavel, at=MONDAY),
        return_exceptions=True,
    )

    assert await Answer.count() == 1
    assert not [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, Stale)]


async def test_an_old_window_does_not_overwrite_a_newer_draft(town: Town) -> None:
    message = await in_work(town)
    opened = await answering.draft(message, Written(text="One"), by=town.pavel, at=MONDAY)
    await answering.draft(message, Written(text="Two"), by=town.pavel, at=MONDAY, version=1)

    with pytest.raises(Stale):
        await answering.draft(message, Written(text="Three"), by=town.pavel, at=MONDAY, version=opened.version)

    assert (await the_answer(message)).text == "Two"


async def test_a_window_from_before_the_review_does_not_change_what_is_reviewed(town: Town) -> None:
    message = await in_work(town)
    other_window = await fresh(message)
    await answering.draft(message, DONE, by=town.pavel, at=MONDAY)
    await answering.send_for_review(message, by=town.pavel, at=MONDAY)

    with pytest.raises(Stale):
        await answering.draft(other_window, replace(DONE, text="Another."), by=town.pavel, at=MONDAY)

    assert (await the_answer(message)).text == DONE.text


@pytest.mark.rule("R17")
async def test_what_is_checked_is_what_is_sent_though_another_window_saves_meanwhile(town: Town) -> None:
    message = await in_work(town)
    other_window = await fresh(message)
    await answering.draft(message, DONE, by=town.pavel, at=MONDAY)
    saved = asyncio.Event()

    async def empty_it() -> None:
        async with atomic():
            await answering.draft(other_window, Written(), by=town.pavel, at=MONDAY)
            saved.set()
            await asyncio.sleep(0.3)

    emptying = asyncio.create_task(empty_it())
    await saved.wait()
    with pytest.raises(Unfit):
        await answering.send_for_review(message, by=town.pavel, at=MONDAY)
    await emptying

    assert ((await fresh(message)).status, (await the_answer(message)).state) == ("in_work", "draft")


@pytest.mark.rule("R33")
async def test_the_journal_keeps_what_each_review_was_asked_about(town: Town) -> None:
    message = await in_review(town)

    sent = await told(message, "answer:sent_for_review")

    assert (sent.data["text"], sent.data["planned_on"]) == (DONE.text, None)


@pytest.mark.rule("R17")
@pytest.mark.parametrize(
    ("written", "fields"),
    [
        (Written(), {"outcome", "text"}),
        (Written(outcome="solved", text=" "), {"text"}),
        (Written(outcome="impossible", text=""), {"text"}),
        (Written(outcome="planned", text="", planned_on=date(2026, 5, 1)), {"text"}),
    ],
)
async def test_an_answer_has_an_outcome_and_the_text_it_needs(town: Town, written: Written, fields: set[str]) -> None:
    message = await in_work(town)
    await answering.draft(message, written, by=town.pavel, at=MONDAY)

    with pytest.raises(Unfit) as said:
        await answering.send_for_review(message, by=town.pavel, at=MONDAY)

    assert set(said.value.errors) == fields


@pytest.mark.rule("R18")
@pytest.mark.parametrize("day", [None, date(2026, 3, 1), date(2026, 3, 2)])
async def test_a_plan_without_a_future_date_is_not_sent(town: Town, day: date | None) -> None:
    message = await in_work(town)
    await answering.draft(message, replace(PLANNED, planned_on=day), by=town.pavel, at=MONDAY)

    with pytest.raises(Unfit) as said:
        await answering.send_for_review(message, by=town.pavel, at=MONDAY)

    assert set(said.value.errors) == {"planned_on"}


@pytest.mark.rule("R18")
async def test_today_is_the_towns_day(town: Town) -> None:
    message = await in_work(town)
    await answering.draft(message, replace(PLANNED, planned_on=date(2026, 3, 3)), by=town.pavel, at=MONDAY)
    after_midnight = datetime(2026, 3, 3, 0, 30, tzinfo=TOWN)

    with pytest.raises(Unfit):
        await answering.send_for_review(message, by=town.pavel, at=after_midnight)


async def test_nobody_writes_anothers_answer_nor_one_under_review(town: Town) -> None:
    message = await in_review(town)

    with pytest.raises(NotAllowed):
        await answering.draft(message, DONE, by=town.sergey, at=MONDAY)
    with pytest.raises(Stale):
        await answering.draft(message, DONE, by=town.pavel, at=MONDAY)


@pytest.mark.rule("R13")
async def test_files_of_an_answer_are_photos_or_scans_and_fifty_megabytes_together(town: Town) -> None:
    message, key = await in_work(town), uuid4()
    half = (await Setting.objects().first()).files_bytes // 2
    first, second = await stored(key, "a", half), await stored(key, "b", half)
    await answering.draft(message, replace(DONE, key=key, files=[first, second]), by=town.pavel, at=MONDAY)
    await answering.send_for_review(message, by=town.pavel, at=MONDAY)
    assert message.status == "in_review"

    other = await in_work(town, at=MONDAY + HOUR)
    one_more = [await stored(key, name, half) for name in ("c", "d")] + [await stored(key, "e", 1)]
    await answering.draft(other, replace(DONE, key=key, files=one_more), by=town.pavel, at=MONDAY)
    with pytest.raises(Unfit) as said:
        await answering.send_for_review(other, by=town.pavel, at=MONDAY)
    assert set(said.value.errors) == {"files"}


@pytest.mark.rule("R13")
async def test_another_kind_of_file_is_refused(town: Town) -> None:
    message, key = await in_work(town), uuid4()
    film = await stored(key, "film", 10, kind="mp4")
    await answering.draft(message, replace(DONE, key=key, files=[film]), by=town.pavel, at=MONDAY)

    with pytest.raises(Unfit):
        await answering.send_for_review(message, by=town.pavel, at=MONDAY)


@pytest.mark.rule("R13")
async def test_a_photo_that_could_not_be_prepared_is_not_sent(town: Town) -> None:
    message, key = await in_work(town), uuid4()
    broken = await stored(key, "broken", 10)
    await answering.draft(message, replace(DONE, key=key, files=[broken]), by=town.pavel, at=MONDAY)
    await Attachment.update({Attachment.state: "refused"}).where(Attachment.id == broken)

    with pytest.raises(Unfit) as said:
        await answering.send_for_review(message, by=town.pavel, at=MONDAY)

    assert said.value.errors["files"].values["name"] == "broken.jpg"


@pytest.mark.rule("R16")
async def test_one_document_never_answers_two_messages_and_says_which(town: Town) -> None:
    first, second, key = await in_work(town), await in_work(town, at=MONDAY + HOUR), uuid4()
    for message in (first, second):
        act = await stored(key, "the same act", 10)
        await answering.draft(message, replace(DONE, key=key, files=[act]), by=town.pavel, at=MONDAY)
    await answering.send_for_review(first, by=town.pavel, at=MONDAY)

    with pytest.raises(Unfit) as said:
        await answering.send_for_review(second, by=town.pavel, at=MONDAY)

    assert said.value.errors["files"].values["number"] == first.number


@pytest.mark.rule("R16")
async def test_of_two_answers_sent_at_once_with_one_document_one_is_refused(town: Town) -> None:
    messages, key = [await in_work(town), await in_work(town, at=MONDAY + HOUR)], uuid4()
    for message in messages:
        act = await stored(key, "the same act", 10)
        await answering.draft(message, replace(DONE, key=key, files=[act]), by=town.pavel, at=MONDAY)

    outcomes = await asyncio.gather(
        *(answering.send_for_review(message, by=town.pavel, at=MONDAY) for message in messages), return_exceptions=True
    )

    assert outcomes.count(None) == 1
    assert sum(isinstance(each, Unfit) for each in outcomes) == 1


async def test_a_dropped_file_is_no_longer_part_of_the_answer(town: Town) -> None:
    message, key = await in_work(town), uuid4()
    act = await stored(key, "act", 10)
    await answering.draft(message, replace(DONE, key=key, files=[act]), by=town.pavel, at=MONDAY)

    await answering.draft(message, replace(DONE, dropped=[act]), by=town.pavel, at=MONDAY)

    assert await Attachment.count().where(Attachment.answer.is_not_null()) == 0


@pytest.mark.rule("R22")
async def test_when_the_promised_date_comes_the_case_opens_with_a_clock_of_its_own(town: Town) -> None:
    message = await answered(town, written=PLANNED)
    saturday = datetime(2026, 3, 28, tzinfo=TOWN)
    assert await run_out(Owed.PROMISE, at=saturday - HOUR) == []
    assert await run_out(Owed.PROMISE, at=saturday) == [message.id]

    assert await answering.follow_up(message.id, at=saturday)

    stands = await fresh(message)
    assert (stands.status, stands.round) == ("follow_up", 2)
    assert await running(message) == {"follow_up": "2026-04-01", "return": "2026-03-03"}
    assert (await journal(message))[-1] == "message:promise_came"


@pytest.mark.rule("R22")
async def test_two_clocks_at_once_open_the_promised_case_once(town: Town) -> None:
    message = await answered(town, written=PLANNED)
    saturday = datetime(2026, 3, 28, 9, tzinfo=TOWN)

    opened = await asyncio.gather(*(answering.follow_up(message.id, at=saturday) for _ in range(5)))

    assert sorted(opened) == [False, False, False, False, True]
    assert (await journal(message)).count("message:promise_came") == 1


async def stored(key: UUID, content: str, size: int, kind: str = "jpeg") -> UUID:
    id = uuid4()
    await attaching.receive(
        id=id, key=key, name=f"{content}.jpg", content_hash=content, kind=kind, size=size, by=None, at=MONDAY
    )
    await Attachment.update({Attachment.state: "ready"}).where(Attachment.id == id)
    return id


@pytest.mark.rule("R33")
async def test_what_a_page_saves_by_itself_is_one_line_of_the_journal_a_sitting(town: Town) -> None:
    message = await in_work(town)
    saved = [MONDAY + minutes * timedelta(minutes=1) for minutes in (180, 181, 239, 240, 241)]

    for version, at in enumerate(saved):
        written = Written(text=f"The hole was filled {version}")
        await answering.draft(message, written, by=town.pavel, at=at, version=version, pressed=False)

    lines = await Event.select(Event.at).where(Event.kind == "answer:drafted").order_by(Event.id)
    assert [line["at"] for line in lines] == [saved[0], saved[3]]
    assert ((await the_answer(message)).text, (await the_answer(message)).version) == ("The hole was filled 4", 5)


@pytest.mark.rule("R33")
async def test_a_press_has_its_line_and_so_has_what_is_saved_after_another_person(town: Town) -> None:
    message = await in_work(town)
    at = MONDAY + 3 * HOUR
    town.sergey.stands_in_for = (town.pavel.id,)

    for by, pressed in ((town.pavel, False), (town.pavel, True), (town.pavel, False), (town.sergey, False)):
        await answering.draft(message, DONE, by=by, at=at, pressed=pressed)

    lines = await Event.select(Event.actor).where(Event.kind == "answer:drafted").order_by(Event.id)
    assert [line["actor"] for line in lines] == [town.pavel.id, town.pavel.id, town.sergey.id]
