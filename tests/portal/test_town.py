"""The demo town is consistent, alive, and made by the verbs alone."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from random import Random

import pytest
from tests.cleaning import clean

from domain.events import Kind
from domain.model import (
    Answer,
    Attachment,
    EscalationStep,
    Event,
    Message,
    NumberRow,
    Part,
    Rating,
    ReasonRequest,
    Subscription,
    Term,
    Topic,
)
from domain.moves import Status
from domain.terms import OPEN, RUNNING, Owed
from domain.workdays import TOWN, Calendar
from portal.town import subscriptions
from portal.town.casting import Casting
from portal.town.hours import Hours
from portal.town.settle import settle
from workers import checking, moment, orphans

MORNING = datetime(2026, 11, 23, 11, 18, tzinfo=TOWN)
# Settling takes its time, and more on a busy machine.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
async def settled(pool: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[str]]:
    """The whole town, once for all tests that only look at it."""
    await clean()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_URL", tmp_path_factory.mktemp("store").as_uri())
        said: list[str] = []
        await settle(at=MORNING, say=said.append)
        yield said


async def test_every_status_occurs_but_that_of_questions_which_are_switched_off(settled: list[str]) -> None:
    seen = Counter(await Message.select(Message.status).output(as_list=True))

    assert set(seen) == set(Status) - {Status.QUESTIONED}  # questions are off, as in a new portal
    assert sum(seen.values()) == 306
    assert seen[Status.SUBMITTED] >= 10


async def test_the_store_and_the_rows_speak_of_the_same_files(settled: list[str]) -> None:
    lying = await orphans.sweep(at=moment.now() + 2 * orphans.FRESH, dry=True)
    checked = [each async for some in checking.check_all() for each in some]

    assert set(lying) == {orphans.KEPT}
    assert {each.kind for each in checked} == {"sound"}
    assert len({each.file.hash for each in checked}) == lying[orphans.KEPT]


@pytest.mark.rule("R07")
async def test_numbers_have_no_gaps_and_follow_the_registrations(settled: list[str]) -> None:
    (row,) = await NumberRow.objects()

    numbers = await (
        Message.select(Message.number)
        .where(Message.number.is_not_null())
        .order_by(Message.registered_at)
        .output(as_list=True)
    )

    assert numbers == [f"2026-{number:05}" for number in range(1, row.last + 1)]


@pytest.mark.rule("R33")
async def test_the_journal_tells_everything_in_its_order(settled: list[str]) -> None:
    of_messages = Event.message.is_not_null()
    events = await Event.select(Event.message, Event.at).where(of_messages).order_by(Event.id)

    last: dict[int, datetime] = {}
    for event in events:
        assert last.get(event["message"], event["at"]) <= event["at"]
        last[event["message"]] = event["at"]
    assert len(last) == 306
    assert max(last.values()) <= MORNING


async def test_a_citizen_and_a_guest_follow_and_another_guest_is_asked(settled: list[str]) -> None:
    rows = await Subscription.select(Subscription.subscriber.email.as_alias("email"), Subscription.confirmed_at)

    assert {(row["email"], row["confirmed_at"] is not None) for row in rows} == {
        (None, True),
        (subscriptions.GUEST, True),
        (subscriptions.NEWCOMER, False),
    }


@pytest.mark.rule("R10", "R28")
async def test_nothing_private_stands_before_everybody(settled: list[str]) -> None:
    rows = await Message.select(Message.public_text, Message.consent, Message.topic.closed.as_alias("closed")).where(
        Message.published_at.is_not_null()
    )

    assert len(rows) > 150
    assert all(row["consent"] and not row["closed"] for row in rows)
    assert not [row for row in rows if "8 900" in row["public_text"] or "@" in row["public_text"]]
    assert [row for row in rows if "скрыт" in row["public_text"]]


@pytest.mark.rule("R16")
async def test_no_photo_answers_two_messages(settled: list[str]) -> None:
    rows = await Attachment.select(Attachment.content_hash, Attachment.message).where(Attachment.answer.is_not_null())

    messages: dict[str, set[int]] = {}
    for row in rows:
        messages.setdefault(row["content_hash"], set()).add(row["message"])
    assert len(messages) > 30
    assert all(len(used) == 1 for used in messages.values())


@pytest.mark.rule("R14")
async def test_one_draft_has_a_photo_to_be_turned_and_a_dark_one_that_was_confirmed(settled: list[str]) -> None:
    columns = (Attachment.answer.state.as_alias("state"), Attachment.marks, Attachment.as_is)
    photos = Attachment.select(*columns).where(Attachment.answer.is_not_null()).output(load_json=True)

    marked = [(row["state"], list(row["marks"]), row["as_is"]) for row in await photos if row["marks"]]

    assert sorted(marked) == [("draft", ["dark"], True), ("draft", ["sideways"], False)]


async def test_every_photo_is_ready(settled: list[str]) -> None:
    states = Counter(await Attachment.select(Attachment.state).output(as_list=True))

    assert set(states) == {"ready"}
    assert states["ready"] > 150


@pytest.mark.rule("R31")
async def test_some_clocks_end_today_and_some_have_run_out(settled: list[str]) -> None:
    today = MORNING.date()

    due = await Term.count().where(RUNNING & (Term.kind == Owed.ANSWER) & (Term.due_on == today))
    late = await Term.select(Term.kind).where(OPEN & Term.missed_at.is_not_null()).output(as_list=True)
    silent = await Term.exists().where(RUNNING & (Term.runs_out_at < MORNING) & (Term.kind != Owed.RETURN))

    assert due >= 2
    assert {Owed.DECISION, Owed.ACCEPTANCE, Owed.ANSWER, Owed.REWORK, Owed.FOLLOW_UP} <= set(late)
    assert len(late) < 25
    assert not silent


@pytest.mark.rule("R26", "R27")
async def test_nobody_reworks_four_times(settled: list[str]) -> None:
    unsolved = await Rating.select(Rating.answer.message.as_alias("message")).where(Rating.choice == "unsolved")

    reworks = await Message.select(Message.reworks).where(Message.status == Status.COMMISSION).output(as_list=True)

    assert max(Counter(row["message"] for row in unsolved).values()) == 4
    assert reworks == [3, 3]


@pytest.mark.rule("R21")
async def test_answers_are_approved_by_a_second_person(settled: list[str]) -> None:
    rows = await Answer.select(Answer.author, Answer.reviewer, Answer.outcome).where(Answer.state == "approved")

    assert {row["outcome"] for row in rows} == {"solved", "planned", "impossible"}
    assert all(row["author"] != row["reviewer"] for row in rows)


async def test_only_the_last_news_is_still_to_be_told(settled: list[str]) -> None:
    waits_for_nobody = Event.handled_at.is_null() & (Event.kind != Kind.SUBMITTED)
    fresh = await Event.select(Event.at).where(waits_for_nobody).output(as_list=True)

    assert 20 < len(fresh) < 250
    assert min(fresh) > MORNING - timedelta(days=4)


async def test_whatever_waits_for_a_moderator_is_still_to_be_read_for_hints(settled: list[str]) -> None:
    waiting = await Message.select(Message.id).where(Message.status == "submitted").output(as_list=True)
    sent = (Event.kind == Kind.SUBMITTED) & Event.handled_at.is_null()

    assert len(waiting) > 5
    assert set(waiting) <= set(await Event.select(Event.message).where(sent).output(as_list=True))


async def test_settling_twice_changes_nothing(settled: list[str]) -> None:
    before = await Event.count()

    again = await settle(at=MORNING + timedelta(hours=1))

    assert again is False
    assert await Event.count() == before
    assert settled[-1].endswith("photos are ready")


async def test_the_topic_of_every_message_suits_the_season(settled: list[str]) -> None:
    topics = {each.id: each for each in await Topic.objects()}
    casting = Casting(Hours(Calendar(), MORNING, Random(1)), {}, [])

    messages = await Message.select(Message.topic, Message.sent_at).where(Message.sending == 1)

    assert all(casting.suits(topics[each["topic"]], each["sent_at"], None) for each in messages)


@pytest.mark.rule("R32")
async def test_the_controller_asks_why_and_one_executor_has_answered(settled: list[str]) -> None:
    rows = await ReasonRequest.select(ReasonRequest.answer)

    assert sorted(row["answer"] is None for row in rows) == [False, True, True]
    assert await EscalationStep.exists()


@pytest.mark.rule("R09", "R11")
async def test_typical_answers_and_co_executors_are_alive(settled: list[str]) -> None:
    typical = await Answer.count().where(Answer.standard_answer.is_not_null())
    rated = await Rating.count().where(Rating.answer.standard_answer.is_not_null())
    waiting = await Term.select(Term.part.executor).where(OPEN & (Term.kind == Owed.PART)).output(as_list=True)

    assert typical > 15
    assert rated > 5
    assert len(waiting) >= 5
    assert len(set(waiting)) >= 3
    assert await Part.count().where(Part.done_at.is_not_null()) > 10
