"""A promise is kept, moved or missed, and the additional answer says what came of it (§4.3)."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from tests.people import MONDAY, Town
from tests.stories import DONE, HOUR, answer, answered, approve, fresh, the_answer

from domain import answering, fates, follow_ups, pointed, rating, terms
from domain.answering import Written
from domain.errors import Unfit
from domain.fates import Promise
from domain.model import Answer, Message
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")
PLANNED = Written(outcome="planned", text="New asphalt.\nAnd a kerb.", planned_on=date(2026, 3, 10))
TUESDAY = datetime(2026, 3, 10, 0, 1, tzinfo=TOWN)
FRIDAY_IS_OVER = datetime(2026, 3, 14, 0, 1, tzinfo=TOWN)
QUERY = f"""
SELECT {fates.PROMISE} AS promise FROM answer an JOIN message m ON m.id = an.message
LEFT JOIN rating r ON r.answer = an.id {fates.AFTERWARDS}
WHERE an.message = {{}} AND {fates.IS_A_PROMISE} ORDER BY an.round
"""


async def promises(message: Message) -> list[Promise]:
    return [Promise(*row["promise"]) for row in await Answer.raw(QUERY, message.id)]


async def fates_of(message: Message) -> list[str]:
    return [each.fate for each in await promises(message)]


async def came_due(town: Town) -> Message:
    message = await answered(town, written=PLANNED)
    await answering.follow_up(message.id, at=TUESDAY)
    return await fresh(message)


async def answered_again(town: Town, message: Message, written: Written, *, at: datetime) -> None:
    await answer(town, message, at=at, written=written)
    await approve(town, message, at=at + HOUR)


@pytest.mark.rule("R22")
async def test_the_additional_answer_begins_with_the_promise_and_without_an_outcome(town: Town) -> None:
    message = await came_due(town)

    draft = await the_answer(message)

    assert (draft.state, draft.outcome) == ("draft", None)
    assert draft.text == "> Обещано к 10 марта 2026:\n> New asphalt.\n> And a kerb.\n\n"


@pytest.mark.rule("R22")
@pytest.mark.parametrize("text", ["", "New asphalt. And  a kerb.\n"])
async def test_the_promise_alone_is_not_sent_as_an_additional_answer(town: Town, text: str) -> None:
    message = await came_due(town)
    quoted = (await the_answer(message)).text
    await answering.draft(message, replace(DONE, text=quoted + text), by=town.pavel, at=TUESDAY)

    with pytest.raises(Unfit) as said:
        await answering.send_for_review(message, by=town.pavel, at=TUESDAY)

    assert "4.3" in said.value.errors["text"].msgid
    assert (await fresh(message)).status == "follow_up"


@pytest.mark.rule("R22")
async def test_below_the_quoted_promise_words_of_ones_own_are_enough(town: Town) -> None:
    message = await came_due(town)
    quoted = (await the_answer(message)).text

    await answer(town, message, at=TUESDAY, written=replace(DONE, text=f"{quoted}Laid on 9 March."))

    assert message.status == "in_review"


@pytest.mark.rule("R18", "R22")
async def test_of_a_promise_that_is_only_quoted_nothing_is_pointed_out(town: Town) -> None:
    promise = replace(PLANNED, text="Заделаем в ближайшее время, дорога находится в ведении области.")
    message = await answered(town, written=promise)
    await answering.follow_up(message.id, at=TUESDAY)
    message = await fresh(message)
    quoted = (await the_answer(message)).text

    for text, words in (("Laid on 9 March.", []), ("Заделаем скоро.", ["Заделаем скоро"])):
        await answering.draft(message, replace(DONE, text=quoted + text), by=town.pavel, at=TUESDAY)

        assert [each.words for each in pointed.of(await the_answer(message), today=TUESDAY.date())] == words
    assert quoted.count("> ") == 2


def test_words_of_ones_own_are_what_is_not_quoted() -> None:
    assert follow_ups.own_words("> Promised:\n> A kerb.\n\nIt is\n there. ") == "It is there."


@pytest.mark.rule("R22")
async def test_a_promise_is_ahead_then_due_then_kept(town: Town) -> None:
    message = await answered(town, written=PLANNED)
    before = await fates_of(message)
    await answering.follow_up(message.id, at=TUESDAY)
    message = await fresh(message)
    due = await fates_of(message)

    await answered_again(town, message, DONE, at=TUESDAY + HOUR)

    assert (before, due, await fates_of(message)) == (["ahead"], ["due"], ["kept"])


@pytest.mark.rule("R22")
async def test_each_shift_stays_in_the_history(town: Town) -> None:
    message = await came_due(town)

    await answered_again(town, message, replace(PLANNED, planned_on=date(2026, 3, 20), text="Later."), at=TUESDAY)

    first, second = await promises(message)
    assert (first.fate, first.planned_on, first.moved_to) == ("moved", date(2026, 3, 10), date(2026, 3, 20))
    assert (second.fate, second.planned_on) == ("ahead", date(2026, 3, 20))


@pytest.mark.rule("R22", "R31")
async def test_a_promise_whose_additional_answer_came_late_stays_missed(town: Town) -> None:
    message = await came_due(town)
    await terms.miss_due(at=FRIDAY_IS_OVER)
    unanswered = await fates_of(message)

    await answered_again(town, message, DONE, at=FRIDAY_IS_OVER)

    assert (unanswered, await fates_of(message)) == (["missed"], ["missed"])


@pytest.mark.rule("R22")
@pytest.mark.parametrize(("choice", "fate"), [("solved", "kept"), ("accepted", "ahead")])
async def test_a_rating_before_the_date_keeps_the_promise_or_lets_it_wait(town: Town, choice: str, fate: str) -> None:
    message = await answered(town, written=PLANNED)

    await rating.rate(message, by=town.anna, at=MONDAY + 24 * HOUR, choice=choice)

    assert await fates_of(message) == [fate]


@pytest.mark.rule("R22", "R24")
async def test_a_promise_that_the_author_did_not_accept_is_settled_by_the_next_answer(town: Town) -> None:
    message = await answered(town, written=PLANNED)
    await rating.rate(message, by=town.anna, at=MONDAY + 24 * HOUR, choice="unsolved", remarks="Too late.")

    impossible = Written(outcome="impossible", text="The road is private.")
    await answered_again(town, message, impossible, at=MONDAY + 25 * HOUR)

    assert await fates_of(message) == ["dropped"]


@pytest.mark.rule("R10", "R22")
async def test_what_an_unpublished_answer_says_is_not_told_by_the_promise_before_it() -> None:
    made, came = MONDAY, TUESDAY + HOUR
    moved = Promise(date(2026, 3, 10), made, fates.Fate.MOVED, date(2026, 3, 20), came, next_is_public=False)

    told = fates.before_everybody(moved)

    assert (told.fate, told.moved_to, told.next_at) == ("ahead", None, None)
    assert fates.before_everybody(replace(moved, next_is_public=True)).fate == "moved"
