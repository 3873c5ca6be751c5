"""Messages on one matter become one case: one answer to all its authors, each of whom rates it (§2, §3, §4.4)."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.domain.test_territories import north
from tests.people import Town
from tests.stories import (
    HOUR,
    another,
    answer,
    answered,
    answered_to_two,
    approve,
    case_of,
    case_of_two,
    fresh,
    in_commission,
    in_work,
    joined,
    journal,
    kind_of,
    registered,
    running,
    shared,
    sitting_on,
    submitted,
    told,
)

from domain import answering, joining, moderating, rating, resolving
from domain.answering import Written
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.model import Message, Person, Term
from domain.placeholders import named, names
from domain.resolving import Proposed
from domain.seeing import visible_to
from domain.sittings import agenda
from domain.terms import Owed
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")
TUESDAY = datetime(2026, 3, 3, 10, tzinfo=TOWN)
LATER = datetime(2026, 3, 4, 10, tzinfo=TOWN)
PLANNED = Written(outcome="planned", text="New asphalt.", planned_on=date(2026, 5, 28))


async def registered_by(town: Town, by: Person, *, at: datetime = TUESDAY) -> Message:
    message = await another(town, by, at=at)
    await moderating.register(message, by=town.marina, at=at)
    return message


async def voices(case: Message) -> dict[int, str]:
    """Whose time to rate runs, and until when."""
    rows = await Term.select(Term.owed_by, Term.due_on).where(
        (Term.kind == Owed.RATING) & Term.met_at.is_null() & Term.void_at.is_null()
    )
    return {row["owed_by"]: row["due_on"].isoformat() for row in rows}


@pytest.mark.rule("R05", "R07")
async def test_a_waiting_message_is_registered_by_being_joined(town: Town) -> None:
    case = await in_work(town)
    message = await another(town, town.boris)

    await joining.join(message, f"№ {case.number}", by=town.marina, at=TUESDAY + HOUR)

    assert (message.status, message.number, message.joined_to) == ("joined", "2026-00002", case.id)
    assert message.registered_at == TUESDAY + HOUR
    assert await running(message) == {}
    assert (await journal(message))[-1] == "message:joined"
    assert (await journal(case))[-1] == "message:took_in"


@pytest.mark.rule("R30")
async def test_nobody_is_answered_later_than_without_the_join(town: Town) -> None:
    earlier, later = await registered(town), await registered_by(town, town.boris)

    with pytest.raises(Unfit) as refused:
        await joined(town, earlier, later)
    await joined(town, later, earlier)

    assert set(refused.value.errors) == {"number"}
    assert "5.2" in refused.value.errors["number"].msgid
    assert (await told(later, "message:joined")).data["answer_by"] == "2026-03-13"
    assert await running(later) == {}


OVERDUE = datetime(2026, 3, 18, 10, tzinfo=TOWN)  # what was registered on Monday the 2nd is due on the 13th


@pytest.mark.rule("R30", "R31")
async def test_nobody_is_joined_to_a_case_whose_answer_is_late_already(town: Town) -> None:
    late = await registered(town)
    message = await registered_by(town, town.boris, at=OVERDUE)

    with pytest.raises(Unfit) as refused:
        await joining.join(message, late.number or "", by=town.marina, at=OVERDUE + HOUR)

    assert "late" in refused.value.errors["number"].msgid
    assert (await fresh(message)).status == "registered"
    assert "answer" in await running(message)


@pytest.mark.rule("R30", "R31")
async def test_whose_own_answer_is_late_as_well_may_be_joined_to_a_late_one(town: Town) -> None:
    late, message = await registered(town), await registered_by(town, town.boris)

    await joining.join(message, late.number or "", by=town.marina, at=OVERDUE)

    assert message.joined_to == late.id


async def another_topic(town: Town) -> tuple[Message, str]:
    message = await another(town, town.boris, topic=town.pavement)
    return message, (await registered(town)).number or ""


async def an_answered_case(town: Town) -> tuple[Message, str]:
    return await another(town, town.boris), (await answered(town)).number or ""


async def itself(town: Town) -> tuple[Message, str]:
    message = await registered(town)
    return message, message.number or ""


async def its_own_duplicate(town: Town) -> tuple[Message, str]:
    case, message = await case_of_two(town)
    return case, message.number or ""


async def no_number(town: Town) -> tuple[Message, str]:
    return await submitted(town), "2026-00077"


@pytest.mark.rule("R16")
@pytest.mark.parametrize("story", [another_topic, an_answered_case, itself, its_own_duplicate, no_number])
async def test_only_open_cases_on_the_same_topic_take_in_others(town: Town, story: Any) -> None:
    message, number = await story(town)

    with pytest.raises(Unfit) as refused:
        await joining.join(message, number, by=town.marina, at=TUESDAY)

    assert set(refused.value.errors) == {"number"}
    assert (await fresh(message)).joined_to is None


async def test_only_moderators_join_and_take_out(town: Town) -> None:
    case, message = await case_of_two(town)
    other = await registered_by(town, town.zinaida)

    for somebody in (town.boris, town.pavel, town.konstantin):
        with pytest.raises(NotAllowed):
            await joining.join(other, case.number or "", by=somebody, at=TUESDAY)
        with pytest.raises(NotAllowed):
            await joining.detach(message, by=somebody, at=TUESDAY, reason="Mine.")


async def test_chains_are_flat_and_a_case_takes_all_along(town: Town) -> None:
    first, second = await registered(town), await registered_by(town, town.boris)
    third = await registered_by(town, town.zinaida)
    fourth = await registered_by(town, town.anna)

    await joined(town, fourth, third)
    await joined(town, await fresh(third), second)
    await joined(town, await fresh(second), first)
    fifth = await joined(town, await registered_by(town, town.boris), fourth)

    stand = [(await fresh(each)).joined_to for each in (first, second, third, fourth, fifth)]
    assert stand == [None, first.id, first.id, first.id, first.id]
    assert (await journal(fourth)).count("message:joined") == 3
    await joining.detach(await fresh(second), by=town.marina, at=TUESDAY, reason="Another hole.")
    stand = [(await fresh(each)).joined_to for each in (second, third, fourth, fifth)]
    assert stand == [None, first.id, first.id, first.id], "what came along with it stays with the case"


@pytest.mark.rule("R33")
async def test_of_opposite_joins_at_once_exactly_one_holds_fifty_times(town: Town) -> None:
    outcomes = []
    for _ in range(50):
        one, other = await registered_by(town, town.anna), await registered_by(town, town.boris)

        outcomes.append(
            await asyncio.gather(
                joining.join(one, other.number or "", by=town.marina, at=TUESDAY),
                joining.join(other, one.number or "", by=town.vera, at=TUESDAY),
                return_exceptions=True,
            )
        )
        assert sum([(await fresh(each)).joined_to is None for each in (one, other)]) == 1

    lost = {type(each) for both in outcomes for each in both if each is not None}
    assert [both.count(None) for both in outcomes] == [1] * 50
    assert lost <= {Stale, Unfit}, "whoever came second hears of the first, or finds one case"


async def test_a_circle_of_three_at_once_leaves_one_case(town: Town) -> None:
    ring = [await registered_by(town, each) for each in (town.anna, town.boris, town.zinaida)]

    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    outcomes = await asyncio.gather(
        *(joining.join(each, to.number or "", by=town.marina, at=TUESDAY) for each, to in pairs), return_exceptions=True
    )

    assert {type(each) for each in outcomes} <= {type(None), Stale, Unfit}
    stand = [await fresh(each) for each in ring]
    roots = {each.id for each in stand if each.joined_to is None}
    assert roots
    assert {each.joined_to for each in stand if each.joined_to is not None} <= roots


async def test_of_a_join_and_an_answer_at_once_one_comes_second(town: Town) -> None:
    case = await in_work(town)
    await answer(town, case, at=TUESDAY)
    message = await another(town, town.boris)

    outcomes = await asyncio.gather(
        joining.join(message, case.number or "", by=town.marina, at=TUESDAY),
        approve(town, case, at=TUESDAY),
        return_exceptions=True,
    )

    assert sum(each is None for each in outcomes) == 1
    windows = set(await voices(case))
    assert windows in ({town.anna.id}, set()), "nobody is left with an answer and without a window"


async def test_of_taking_out_and_an_answer_at_once_one_comes_second(town: Town) -> None:
    for _ in range(3):
        case, message = await case_of_two(town)
        await answer(town, case, at=TUESDAY)

        outcomes = await asyncio.gather(
            joining.detach(message, by=town.marina, at=TUESDAY, reason="Another hole."),
            approve(town, case, at=TUESDAY),
            return_exceptions=True,
        )

        stands = await fresh(message)
        assert sum(each is None for each in outcomes) == 1
        assert {type(each) for each in outcomes} <= {type(None), Stale, OutOfTurn}
        assert (stands.joined_to is None) == (outcomes[0] is None)
        assert ("answer" in await running(stands)) == (outcomes[0] is None), "answered by the case, or owed an answer"


async def test_two_moderators_who_join_one_message_to_two_cases_at_once_join_it_to_one(town: Town) -> None:
    one, other = await registered(town), await registered_by(town, town.zinaida)
    message = await another(town, town.boris)

    outcomes = await asyncio.gather(
        joining.join(await fresh(message), one.number or "", by=town.marina, at=TUESDAY),
        joining.join(await fresh(message), other.number or "", by=town.vera, at=TUESDAY),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "Stale"]
    assert (await journal(message)).count("message:joined") == 1
    assert [(await journal(each)).count("message:took_in") for each in (one, other)] in ([1, 0], [0, 1])


@pytest.mark.rule("R11", "R33")
async def test_parts_of_what_is_joined_end_with_a_word_in_the_journal(town: Town) -> None:
    case = await registered(town)
    part = await shared(town, message=await in_work(town))
    message = await case_of(part)

    await joined(town, message, case, at=TUESDAY)

    assert (await journal(message))[-2:] == ["part:removed", "message:joined"]
    said = await told(message, "part:removed")
    assert (said.actor, said.data["executor"]) == (town.marina.id, town.sergey.id)
    assert said.data["because"] == "message:joined"
    assert await visible_to(town.sergey).where(Message.id == message.id).first() is None


@pytest.mark.rule("R30", "R11")
async def test_what_is_taken_out_goes_on_as_if_it_had_never_been_joined(town: Town) -> None:
    case = await registered(town)
    message, alone = await registered_by(town, town.boris), await registered_by(town, town.zinaida)
    await joined(town, message, case)

    await joining.detach(message, by=town.vera, at=LATER, reason="Another hole.")

    assert (message.status, message.executor, message.joined_to) == ("registered", town.pavel.id, None)
    assert (await running(message))["answer"] == (await running(alone))["answer"]
    assert (await running(message))["acceptance"] == "2026-03-05"
    assert ((await journal(message))[-1], (await journal(case))[-1]) == ("message:detached", "message:let_go")


async def test_what_was_answered_is_not_taken_out(town: Town) -> None:
    _, message = await answered_to_two(town)

    with pytest.raises(OutOfTurn):
        await joining.detach(message, by=town.marina, at=LATER, reason="Another hole.")
    with pytest.raises(Unfit):
        await joining.detach(message, by=town.marina, at=LATER, reason=" ")

    assert (await fresh(message)).status == "joined"


@pytest.mark.rule("R07")
async def test_what_nobody_had_before_goes_to_who_is_responsible_where_it_is(town: Town) -> None:
    territory = await north(town)
    case = await registered(town)
    message = await joined(town, await another(town, town.boris), case)

    await joining.detach(message, by=town.vera, at=LATER, reason="Another hole.")

    assert (message.executor, message.territory) == (town.sergey.id, territory)


@pytest.mark.rule("R10")
@pytest.mark.parametrize(
    ("author", "text", "speaks"),
    [
        ("Анна Викторовна Соколова", "Ответ для Анны Викторовны.", True),
        ("Анна Соколова", "Передано Соколовой Анне.", True),
        ("Анна Соколова", "Анне ответят, Соколовой тоже.", False),
        ("Турал Мамед оглы Алиев", "Турал  Мамед оглы прав.", True),
        ("ТСЖ «Садовое»", 'По просьбе ТСЖ "Садовое".', True),
        ("ТСЖ «Садовое»", "На Садовое кольцо.", False),
        ("Ромашка", "Обратилась ромашка.", True),
    ],
)
def test_a_text_speaks_of_its_author_in_any_case_and_order(author: str, text: str, speaks: bool) -> None:
    person = Person(name=author, is_organisation=author in ("ТСЖ «Садовое»", "Ромашка"))

    assert names(person, text) is speaks


@pytest.mark.rule("R10", "R27")
async def test_a_decision_for_several_names_none_of_them(town: Town) -> None:
    case, _ = await answered_to_two(town)
    await in_commission(town, message=await fresh(case))
    sitting = await sitting_on(town, case, at=TUESDAY + timedelta(days=7))
    (item,) = await agenda(sitting)
    name = named(town.boris)
    assert name is not None
    words = Proposed(await kind_of("explain"), f"{name[0]} прав.")

    with pytest.raises(Unfit) as refused:
        await resolving.propose(sitting, item.id, words, by=town.lidia, at=TUESDAY + timedelta(days=7))

    assert set(refused.value.errors) == {"text"}


@pytest.mark.rule("R10", "R21")
async def test_an_answer_to_several_names_none_of_them(town: Town) -> None:
    case, _ = await case_of_two(town)
    name = named(town.boris)
    assert name is not None
    await answer(town, case, at=LATER, written=Written(outcome="solved", text=f"Уважаемый {name[0]}! Сделано."))

    with pytest.raises(Unfit) as refused:
        await approve(town, case, at=LATER)

    assert set(refused.value.errors) == {"rules"}
    assert (await fresh(case)).status == "in_review"


@pytest.mark.rule("R23")
async def test_each_author_has_a_window_of_their_own_and_the_last_closes_the_case(town: Town) -> None:
    case, message = await answered_to_two(town)
    assert set(await voices(case)) == {town.anna.id, town.boris.id}

    await rating.rate(case, by=town.anna, at=LATER + HOUR, choice="solved")
    between = (await fresh(case)).status
    await rating.rate(message, by=town.boris, at=LATER + 2 * HOUR, choice="accepted")

    assert (between, (await fresh(case)).status) == ("answered", "closed")
    assert (await journal(case))[-3:] == ["answer:rated", "answer:rated", "message:closed"]
    with pytest.raises(Stale):
        await rating.rate(message, by=town.boris, at=LATER + 3 * HOUR, choice="solved")


@pytest.mark.rule("R24", "R25", "R26")
@pytest.mark.parametrize("satisfied", [True, False])
async def test_one_not_solved_of_several_begins_the_rework(town: Town, satisfied: bool) -> None:
    case, message = await answered_to_two(town)
    if satisfied:
        await rating.rate(case, by=town.anna, at=LATER, choice="solved")

    await rating.rate(message, by=town.boris, at=LATER + HOUR, choice="unsolved", remarks="At the shop it is open.")

    now = await fresh(case)
    assert (now.status, now.reworks, now.round) == ("rework", 1, 2)
    assert await voices(case) == {}
    assert (await told(case, "message:sent_to_rework")).actor == town.boris.id
    await answer(town, now, at=LATER + 2 * HOUR)
    await approve(town, now, at=LATER + 3 * HOUR)
    assert set(await voices(case)) == {town.anna.id, town.boris.id}


@pytest.mark.rule("R24")
async def test_of_two_authors_at_once_no_word_is_lost(town: Town) -> None:
    for contested in (False, True):
        case, message = await answered_to_two(town)
        said: dict[str, Any] = {"choice": "unsolved", "remarks": "Open."} if contested else {"choice": "solved"}

        await asyncio.gather(
            rating.rate(await fresh(case), by=town.anna, at=LATER, choice="solved"),
            rating.rate(await fresh(message), by=town.boris, at=LATER, **said),
            return_exceptions=True,
        )

        assert (await fresh(case)).status == ("rework" if contested else "closed")


@pytest.mark.rule("R22", "R23")
async def test_a_promise_is_settled_by_all_its_readers(town: Town) -> None:
    case, message = await answered_to_two(town, written=PLANNED)

    await rating.rate(case, by=town.anna, at=LATER, choice="solved")
    await rating.rate(message, by=town.boris, at=LATER, choice="accepted")

    assert (await fresh(case)).status == "promised"


@pytest.mark.rule("R23")
async def test_silence_of_the_last_author_closes_the_case(town: Town) -> None:
    case, message = await answered_to_two(town)
    await rating.rate(case, by=town.anna, at=LATER, choice="solved")

    closed = await rating.close_unrated(message.id, at=LATER + timedelta(days=40))

    assert closed == 1
    assert (await fresh(case)).status == "closed"


@pytest.mark.rule("R23", "R27")
@pytest.mark.parametrize("accepted", [True, False])
async def test_two_who_are_silent_close_the_case_once_and_one_who_accepts_ends_the_row(
    town: Town, accepted: bool
) -> None:
    case, message = await answered_to_two(town)
    await Message.update({Message.reworks: 2}).where(Message.id == case.id)
    if accepted:
        await rating.rate(await fresh(case), by=town.anna, at=LATER, choice="accepted")

    over = LATER + timedelta(days=40)
    closed = await asyncio.gather(*(rating.close_unrated(case.id, message.id, at=over) for _ in range(2)))

    now = await fresh(case)
    assert (sorted(closed), now.status, now.reworks) == ([0, 1], "closed", 0 if accepted else 2)
    assert (await journal(case)).count("message:closed") == 1


@pytest.mark.rule("R23")
async def test_whose_window_ended_first_does_not_close_the_case_of_the_other(town: Town) -> None:
    case, message = await answered_to_two(town)
    await Term.update({Term.runs_out_at: LATER + timedelta(days=50)}).where(
        (Term.message == case.id) & (Term.kind == Owed.RATING)
    )

    closed = await rating.close_unrated(case.id, message.id, at=LATER + timedelta(days=40))

    assert (closed, (await fresh(case)).status) == (0, "answered")
    assert set(await voices(case)) == {town.anna.id}


@pytest.mark.rule("R22")
async def test_the_promised_day_ends_the_windows_of_all(town: Town) -> None:
    case, _ = await answered_to_two(town, written=PLANNED)

    came = await answering.follow_up(case.id, at=datetime(2026, 5, 28, 0, 1, tzinfo=TOWN))

    assert (came, (await fresh(case)).status) == (1, "follow_up")
    assert await voices(case) == {}


async def test_a_stranger_rates_neither(town: Town) -> None:
    case, message = await answered_to_two(town)

    for theirs, somebody in ((case, town.boris), (message, town.anna), (message, town.zinaida)):
        with pytest.raises(NotAllowed):
            await rating.rate(theirs, by=somebody, at=LATER, choice="solved")
