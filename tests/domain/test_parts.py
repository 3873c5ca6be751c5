"""Co-executors (§4.1, R11): each has a part and an inner date, one answer is made of them (R15), others see nothing."""

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import (
    DONE,
    DUE,
    HOUR,
    answer,
    approve,
    brought,
    case_of,
    fresh,
    in_review,
    in_work,
    journal,
    registered,
    running,
    shared,
    submitted,
    the_answer,
    told,
)

from domain import answering, attaching, executing, parts, rating, terms
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.model import Attachment, Message, Part, Person, Term
from domain.moves import Status
from domain.parts import Report
from domain.seeing import visible_to
from domain.shares import Wish
from domain.workdays import TOWN
from workers.sweeping import forget_orphans

pytestmark = pytest.mark.usefixtures("database")
LATER = MONDAY + 5 * HOUR


async def received(by: Person, key: UUID, content_hash: str = "a" * 64) -> UUID:
    file = await attaching.receive(
        id=uuid4(), key=key, name="pipe.jpg", content_hash=content_hash, kind="jpeg", size=9, by=by.id, at=MONDAY
    )
    await Attachment.update({Attachment.state: "ready"}).where(Attachment.id == file.id)
    return file.id


async def with_file(town: Town, part: Part, text: str = "Cut.") -> UUID:
    key = uuid4()
    file = await received(town.sergey, key)
    await parts.write(await case_of(part), part.id, Report(text, key, [file]), by=town.sergey, at=MONDAY + 4 * HOUR)
    return file


async def terms_of(part: Part) -> list[dict]:
    return await Term.select().where(Term.part == part.id)


@pytest.mark.rule("R11")
async def test_acceptance_names_co_executors_each_with_a_part_and_a_day(town: Town) -> None:
    message = await registered(town)
    olga = await Person.objects().get(Person.name.like("Ольга%") & (Person.role == "executor"))
    assert olga is not None
    wishes = [
        Wish(town.sergey.id, "Cut the pipe.", DUE, "_1"),
        Wish(olga.id, "Cut the trees.", date(2026, 3, 13), "_2"),
    ]

    await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR, scope="Everything.", helpers=wishes)

    named = await Part.objects().order_by(Part.id)
    assert [(each.executor, each.task, each.due_on) for each in named] == [
        (town.sergey.id, "Cut the pipe.", DUE),
        (olga.id, "Cut the trees.", date(2026, 3, 13)),
    ]
    assert await journal(message) == [
        "message:submitted", "message:registered", "message:accepted", "part:named", "part:named",
    ]  # fmt: skip
    assert [row["due_on"] for row in await Term.select().where(Term.kind == "part").order_by(Term.id)] == [
        DUE,
        date(2026, 3, 13),
    ]


@pytest.mark.rule("R11")
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"executor": None}, "helper"),
        ({"executor": 10**9}, "helper"),
        ({"task": "  "}, "task"),
        ({"task": "x" * 1001}, "task"),
        ({"due_on": None}, "due_on"),
        ({"due_on": date(2026, 3, 1)}, "due_on"),
        ({"due_on": date(2026, 3, 14)}, "due_on"),
    ],
)
async def test_a_part_needs_somebody_a_task_and_a_day_before_the_answer(town: Town, changes: dict, wrong: str) -> None:
    message = await in_work(town)
    wish = Wish(**{"executor": town.sergey.id, "task": "Cut.", "due_on": DUE, **changes})

    with pytest.raises(Unfit) as said:
        await parts.name(message, wish, by=town.pavel, at=LATER)

    assert set(said.value.errors) == {wrong}
    assert await Part.count() == 0


@pytest.mark.rule("R11")
@pytest.mark.parametrize("who", ["pavel", "anna", "marina"])
async def test_only_another_executor_is_a_co_executor(town: Town, who: str) -> None:
    message = await in_work(town)

    with pytest.raises(Unfit):
        await parts.name(message, Wish(getattr(town, who).id, "Cut.", DUE), by=town.pavel, at=LATER)


@pytest.mark.rule("R11")
async def test_nobody_has_two_parts_of_one_answer_and_a_wrong_wish_keeps_the_others_out(town: Town) -> None:
    message = await registered(town)
    twice = [Wish(town.sergey.id, "One.", DUE, "_1"), Wish(town.sergey.id, "Two.", DUE, "_2")]

    with pytest.raises(Unfit) as said:
        await executing.accept(message, by=town.pavel, at=LATER, helpers=twice)

    assert set(said.value.errors) == {"helper_2"}
    assert (await fresh(message)).status == "registered"
    part = await shared(town)
    with pytest.raises(Unfit):
        await shared(town, message=await case_of(part))


@pytest.mark.rule("R11")
@pytest.mark.parametrize("day", [date(2026, 3, 7), date(2026, 3, 2), date(2026, 3, 13)])
async def test_the_inner_day_may_be_a_day_off_today_or_the_last(town: Town, day: date) -> None:
    part = await shared(town, due_on=day)

    (term,) = await terms_of(part)
    assert (term["due_on"], term["owed_by"]) == (day, town.sergey.id)
    assert term["runs_out_at"].astimezone(TOWN) == datetime.combine(day + timedelta(days=1), datetime.min.time(), TOWN)


@pytest.mark.rule("R11")
async def test_of_an_overdue_answer_a_part_is_due_today(town: Town) -> None:
    message = await in_work(town)
    late = datetime(2026, 3, 17, 9, tzinfo=TOWN)

    with pytest.raises(Unfit):
        await parts.name(message, Wish(town.sergey.id, "Cut.", date(2026, 3, 18)), by=town.pavel, at=late)

    assert await parts.name(message, Wish(town.sergey.id, "Cut.", late.date()), by=town.pavel, at=late)


STATUSES = {
    Status.SUBMITTED: False, Status.QUESTIONED: False, Status.REGISTERED: False, Status.IN_WORK: True,
    Status.IN_REVIEW: False, Status.SENT_BACK: True, Status.ANSWERED: False, Status.REWORK: True, Status.CLOSED: False,
    Status.HANDED_BACK: False, Status.PROMISED: False, Status.FOLLOW_UP: True, Status.COMMISSION: False,
    Status.REFUSED: False,
}  # fmt: skip


@pytest.mark.rule("R11")
@pytest.mark.parametrize("who", ["pavel", "sergey", "marina", "anna", "elena", "yulia", "konstantin"])
@pytest.mark.parametrize("status", STATUSES)
async def test_only_the_executor_names_and_calls_off_and_only_while_the_answer_is_theirs(
    town: Town, who: str, status: Status
) -> None:
    part = await shared(town)
    await Message.update({Message.status: status}).where(Message.id == part.message)
    message, by = await case_of(part), getattr(town, who)
    wish = Wish(town.sergey.id, "Cut.", DUE)

    expected = NotAllowed if who != "pavel" else Unfit if STATUSES[status] else Stale
    with pytest.raises(expected):
        await parts.name(message, wish, by=by, at=LATER)
    if who == "pavel" and STATUSES[status]:
        await parts.remove(message, part.id, by=by, at=LATER)
    else:
        with pytest.raises(expected):
            await parts.remove(message, part.id, by=by, at=LATER)


@pytest.mark.rule("R11")
async def test_a_co_executor_writes_and_says_that_it_is_done(town: Town) -> None:
    part = await shared(town)

    await brought(town, part)

    kept = await Part.objects().get(Part.id == part.id)
    assert kept is not None
    assert (kept.text, kept.done_at) == ("The pipe is cut.", MONDAY + 4 * HOUR)
    assert "part" not in await running(await case_of(part))
    assert (await journal(await case_of(part)))[-2:] == ["part:written", "part:done"]


@pytest.mark.rule("R11")
async def test_a_part_without_a_word_or_a_file_is_not_done(town: Town) -> None:
    part = await shared(town)

    with pytest.raises(Unfit):
        await parts.complete(await case_of(part), part.id, by=town.sergey, at=LATER)
    await with_file(town, part, text="")
    await parts.complete(await case_of(part), part.id, by=town.sergey, at=LATER)
    with pytest.raises(Stale):
        await parts.complete(await case_of(part), part.id, by=town.sergey, at=LATER)


@pytest.mark.rule("R11", "R15")
@pytest.mark.parametrize("who", ["pavel", "anna", "marina", "elena"])
async def test_nobody_else_writes_in_a_part(town: Town, who: str) -> None:
    part = await shared(town)
    message, by = await case_of(part), getattr(town, who)

    for act in (
        parts.write(message, part.id, Report("Mine now."), by=by, at=LATER),
        parts.complete(message, part.id, by=by, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            await act


@pytest.mark.rule("R11", "R15")
async def test_a_co_executor_never_writes_sends_or_hands_back_the_answer(town: Town) -> None:
    part = await shared(town)
    message = await case_of(part)
    await brought(town, part)

    for act in (
        answering.draft(message, DONE, by=town.sergey, at=LATER),
        answering.send_for_review(message, by=town.sergey, at=LATER),
        executing.hand_back(message, by=town.sergey, at=LATER, justification="Not ours."),
        executing.accept(message, by=town.sergey, at=LATER),
        parts.take_over(message, part.id, by=town.sergey, at=LATER),
        parts.name(message, Wish(town.pavel.id, "Cut.", DUE), by=town.sergey, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            await act


@pytest.mark.rule("R10")
async def test_a_co_executor_sees_the_case_until_they_are_let_go(town: Town) -> None:
    part = await shared(town)
    seen = Message.id == part.message

    before = await visible_to(town.sergey).where(seen).first()
    await parts.remove(await case_of(part), part.id, by=town.pavel, at=LATER)

    assert before is not None
    assert await visible_to(town.sergey).where(seen).first() is None
    assert await visible_to(town.pavel).where(seen).first() is not None
    assert [term["void_at"] for term in await terms_of(part)] == [LATER]
    with pytest.raises(Stale):
        await parts.write(before, part.id, Report("Late."), by=town.sergey, at=LATER)
    assert (await told(before, "part:removed")).data["task"] == "Close the water and cut the pipe."


@pytest.mark.rule("R11")
async def test_who_was_let_go_can_be_named_again(town: Town) -> None:
    part = await shared(town)
    message = await case_of(part)
    await parts.remove(message, part.id, by=town.pavel, at=LATER)

    again = await shared(town, message=message)

    assert again.id != part.id


@pytest.mark.rule("R15", "R16")
async def test_one_answer_is_made_of_the_parts_with_their_files(town: Town) -> None:
    part = await shared(town)
    await with_file(town, part)
    message = await case_of(part)
    await answering.draft(message, DONE, by=town.pavel, at=LATER)

    await parts.take_over(message, part.id, by=town.pavel, at=LATER)
    await parts.take_over(message, part.id, by=town.pavel, at=LATER)

    draft = await the_answer(message)
    files = await Attachment.objects().where(Attachment.answer == draft.id)
    assert draft.text == "The hole was filled on 3 March.\n\nCut.\n\nCut."
    assert [(file.message, file.part, file.name) for file in files] == [(message.id, None, "pipe.jpg")]
    assert await Attachment.count().where(Attachment.part == part.id) == 1


@pytest.mark.rule("R15")
async def test_without_a_draft_the_part_begins_it(town: Town) -> None:
    part = await brought(town, await shared(town))

    await parts.take_over(await case_of(part), part.id, by=town.pavel, at=LATER)

    draft = await the_answer(await case_of(part))
    assert (draft.text, draft.author, draft.state) == ("The pipe is cut.", town.pavel.id, "draft")


@pytest.mark.rule("R16")
async def test_a_file_of_a_part_that_answers_another_message_is_refused(town: Town) -> None:
    first, second = await shared(town), await shared(town)
    for part in (first, second):
        await with_file(town, part)
        await parts.complete(await case_of(part), part.id, by=town.sergey, at=LATER)
        await answering.draft(await case_of(part), DONE, by=town.pavel, at=LATER)
        await parts.take_over(await case_of(part), part.id, by=town.pavel, at=LATER)
    await answering.send_for_review(await case_of(first), by=town.pavel, at=LATER)

    with pytest.raises(Unfit) as said:
        await answering.send_for_review(await case_of(second), by=town.pavel, at=LATER)

    assert set(said.value.errors) == {"files"}


@pytest.mark.rule("R11")
@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
async def test_the_answer_waits_for_an_open_part_or_says_why_not(town: Town, reason: str) -> None:
    part = await shared(town)
    message = await case_of(part)
    await answering.draft(message, DONE, by=town.pavel, at=LATER)

    with pytest.raises(Unfit) as said:
        await answering.send_for_review(message, by=town.pavel, at=LATER, without_parts=reason)
    await answering.send_for_review(message, by=town.pavel, at=LATER, without_parts="He is ill until the 20th.")

    assert set(said.value.errors) == {"without_parts"}
    data = (await told(message, "answer:sent_for_review")).data
    assert data["without_parts"] == "He is ill until the 20th."
    assert [each["id"] for each in data["open_parts"]] == [part.id]


@pytest.mark.rule("R11")
async def test_done_or_called_off_nobody_asks_for_a_reason(town: Town) -> None:
    done, called_off = await brought(town, await shared(town)), await shared(town)
    await parts.remove(await case_of(called_off), called_off.id, by=town.pavel, at=LATER)

    for part in (done, called_off):
        await answer(town, await case_of(part), at=LATER)
        assert "without_parts" not in (await told(await case_of(part), "answer:sent_for_review")).data


@pytest.mark.rule("R11", "R20")
async def test_a_part_may_be_finished_while_the_answer_is_looked_at_and_not_after(town: Town) -> None:
    part = await shared(town)
    message = await case_of(part)
    await answering.draft(message, DONE, by=town.pavel, at=LATER)
    await answering.send_for_review(message, by=town.pavel, at=LATER, without_parts="No time.")

    await parts.write(await case_of(part), part.id, Report("Cut."), by=town.sergey, at=LATER)
    await approve(town, message, at=LATER)

    assert [term["void_at"] for term in await terms_of(part)] == [LATER]
    with pytest.raises(OutOfTurn):
        await parts.write(await case_of(part), part.id, Report("Cut again."), by=town.sergey, at=LATER)


@pytest.mark.rule("R12", "R10", "R33")
async def test_a_case_that_is_handed_back_leaves_its_co_executors_nothing_and_the_journal_says_so(town: Town) -> None:
    message = await in_work(town)
    olga = await Person.objects().get(Person.name.like("Ольга%") & (Person.role == "executor"))
    assert olga is not None
    await parts.name(message, Wish(olga.id, "Count the trees.", DUE), by=town.pavel, at=MONDAY + 3 * HOUR)
    done = await brought(town, await shared(town, message=message))

    await executing.hand_back(message, by=town.pavel, at=LATER, justification="Not ours.")

    assert await visible_to(olga).where(Message.id == message.id).first() is None
    assert await running(message) == {"answer": "2026-03-13"}
    assert (await journal(message))[-3:] == ["part:done", "part:removed", "message:handed_back"]
    said = await told(message, "part:removed")
    assert said.actor == town.pavel.id
    assert {name: said.data[name] for name in ("executor", "task", "text", "because")} == {
        "executor": olga.id, "task": "Count the trees.", "text": "", "because": "message:handed_back",
    }  # fmt: skip
    assert (await Part.select(Part.removed_at).where(Part.id == done.id)) == [{"removed_at": None}]


@pytest.mark.rule("R25", "R11")
async def test_a_rework_has_parts_of_its_own(town: Town) -> None:
    message = await in_review(town)
    await approve(town, message, at=LATER)
    await rating.rate(message, by=town.anna, at=LATER, choice="unsolved", remarks="Still there.")

    part = await shared(town, message=message, due_on=date(2026, 3, 5), at=MONDAY + HOUR)

    assert part.round == 2
    with pytest.raises(Unfit):
        await answer(town, message, at=LATER + HOUR)


@pytest.mark.rule("R31", "R11")
async def test_a_part_that_nobody_did_in_time_is_missed_once(town: Town) -> None:
    part = await shared(town)

    for day in (7, 8):
        await terms.miss_due(at=datetime(2026, 3, day, 9, tzinfo=TOWN))

    event = await told(await case_of(part), "term:missed")
    assert (event.data["owed"], event.data["owed_by"]) == ("part", town.sergey.id)
    assert (await journal(await case_of(part))).count("term:missed") == 1


@pytest.mark.rule("R33")
async def test_of_two_windows_the_second_is_told_unless_it_says_the_same(town: Town) -> None:
    part = await shared(town)
    message = await case_of(part)
    await parts.write(message, part.id, Report("First."), by=town.sergey, at=LATER, version=1)

    with pytest.raises(Stale):
        await parts.write(message, part.id, Report("Second."), by=town.sergey, at=LATER, version=1)
    again = await parts.write(message, part.id, Report("First. "), by=town.sergey, at=LATER, version=1)

    assert again.version == 2


@pytest.mark.rule("R11", "R33")
async def test_of_done_and_called_off_at_once_one_holds(town: Town) -> None:
    part = await shared(town)
    message = await case_of(part)
    await parts.write(message, part.id, Report("Cut."), by=town.sergey, at=LATER)

    results = await asyncio.gather(
        parts.complete(await fresh(message), part.id, by=town.sergey, at=LATER),
        parts.remove(await fresh(message), part.id, by=town.pavel, at=LATER),
        return_exceptions=True,
    )

    assert results[1] is None
    assert results[0] is None or isinstance(results[0], Stale)
    (term,) = await terms_of(part)
    assert (term["met_at"] is None) != (term["void_at"] is None)


@pytest.mark.rule("R11", "R33")
async def test_of_done_and_handed_back_at_once_the_part_ends_in_one_way(town: Town) -> None:
    for _ in range(3):
        part = await shared(town)
        message = await case_of(part)
        await parts.write(message, part.id, Report("Cut."), by=town.sergey, at=LATER)

        results = await asyncio.gather(
            parts.complete(await fresh(message), part.id, by=town.sergey, at=LATER),
            executing.hand_back(await fresh(message), by=town.pavel, at=LATER, justification="Not ours."),
            return_exceptions=True,
        )

        assert results[1] is None
        assert results[0] is None or isinstance(results[0], Stale)
        ends = [kind for kind in await journal(message) if kind in ("part:done", "part:removed")]
        assert ends == ["part:done" if results[0] is None else "part:removed"]


@pytest.mark.rule("R11")
async def test_of_naming_and_sending_at_once_the_answer_never_goes_over_an_open_part(town: Town) -> None:
    message = await in_work(town)
    await answering.draft(message, DONE, by=town.pavel, at=LATER)

    results = await asyncio.gather(
        shared(town, message=await fresh(message)),
        answering.send_for_review(await fresh(message), by=town.pavel, at=LATER),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Unfit | Stale) for each in results) == 1


@pytest.mark.rule("R10", "R13")
async def test_files_of_a_part_are_its_own_and_are_not_swept_away(town: Town, storage_url: str) -> None:
    part = await shared(town)
    file = await with_file(town, part)

    await forget_orphans(at=MONDAY + timedelta(days=30))

    kept = await Attachment.objects().get(Attachment.id == file)
    assert kept is not None
    assert (kept.part, kept.message) == (part.id, None)
    assert await attaching.attach(kept.key, [file], to=await submitted(town)) == 0
    await parts.write(await case_of(part), part.id, Report("Cut.", None, (), [file]), by=town.sergey, at=LATER)
    assert await Attachment.count().where(Attachment.part == part.id) == 0


@pytest.mark.rule("R13")
async def test_nobody_elses_file_comes_into_a_part(town: Town) -> None:
    part = await shared(town)
    key = uuid4()
    strange = await received(town.anna, key)

    await parts.write(await case_of(part), part.id, Report("Cut.", key, [strange]), by=town.sergey, at=LATER)

    assert await Attachment.count().where(Attachment.part == part.id) == 0
