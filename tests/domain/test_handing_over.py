"""A case is handed over to a colleague of the department, who takes it or returns it, while its terms go on (§4.1)."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import DONE, HOUR, decided, fresh, in_commission, in_review, journal, running, told

from domain import answering, executing, handing_over, keeping, moderating, parts, submitting
from domain.answering import Written
from domain.directories import find
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit
from domain.model import HandOver, Message, Person, Term
from domain.seeing import visible_to
from domain.shares import Wish
from domain.submitting import Matter
from domain.terms import OPEN

pytestmark = pytest.mark.usefixtures("database")
LATER = MONDAY + 3 * HOUR
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
async def roman(town: Town) -> Person:
    """Of Sergey's department."""
    found = await Person.objects().get(Person.esia_oid == "demo-roman")
    assert found
    return found


@pytest.fixture
async def case(town: Town) -> Message:
    """Sergey's case, in work."""
    matter = Matter(text="No water in the house.", topic=town.pothole.id, address="Mira 41", consent=False)
    message = await submitting.submit(matter, key=uuid4(), by=town.anna, at=MONDAY)
    await moderating.register(message, by=town.marina, at=MONDAY + HOUR, executor=town.sergey.id)
    await executing.accept(message, by=town.sergey, at=MONDAY + 2 * HOUR)
    return message


async def offered(town: Town, case: Message, roman: Person) -> Message:
    await handing_over.offer(case, roman.id, "The plumber is called.", by=town.sergey, at=LATER)
    return await fresh(case)


async def sees(person: Person, message: Message) -> bool:
    return await visible_to(person).where(Message.id == message.id).first() is not None


async def owing(message: Message) -> set[int]:
    rows = await Term.select(Term.owed_by).where((Term.message == message.id) & OPEN)
    return {row["owed_by"] for row in rows}


@pytest.mark.rule("R11", "R33")
async def test_a_colleague_takes_the_case_with_its_terms_as_they_were_counted(
    town: Town, case: Message, roman: Person
) -> None:
    await answering.draft(case, Written(text="The water is"), by=town.sergey, at=LATER)
    before = await running(case)
    theirs = await offered(town, case, roman)

    await handing_over.take(theirs, by=roman, at=TUESDAY)

    taken = await fresh(case)
    assert (taken.executor, taken.status) == (roman.id, "in_work")
    assert await running(case) == before
    assert await owing(case) == {roman.id}
    assert (await journal(case))[-2:] == ["hand_over:offered", "hand_over:taken"]
    draft = await answering.draft(taken, Written(text="The water is back."), by=roman, at=TUESDAY, version=1)
    assert draft.version == 2
    with pytest.raises(NotAllowed):
        await answering.draft(taken, Written(text="Mine."), by=town.sergey, at=TUESDAY)


@pytest.mark.rule("R11")
async def test_silence_is_no_acceptance(town: Town, case: Message, roman: Person) -> None:
    theirs = await offered(town, case, roman)

    with pytest.raises(NotAllowed):
        await answering.draft(theirs, Written(text="Mine."), by=roman, at=TUESDAY)
    await answering.draft(theirs, Written(text="Still mine."), by=town.sergey, at=TUESDAY)

    assert (await fresh(case)).executor == town.sergey.id


@pytest.mark.rule("R11", "R33")
async def test_a_colleague_returns_it_with_the_reason_and_sees_it_no_longer(
    town: Town, case: Message, roman: Person
) -> None:
    theirs = await offered(town, case, roman)
    saw = await sees(roman, case)

    with pytest.raises(Unfit):
        await handing_over.give_back(theirs, " ", by=roman, at=TUESDAY)
    await handing_over.give_back(theirs, "I am ill.", by=roman, at=TUESDAY)

    assert (saw, await sees(roman, case)) == (True, False)
    said: Any = (await told(case, "hand_over:returned")).data
    assert (said["words"], (await fresh(case)).executor) == ("I am ill.", town.sergey.id)
    with pytest.raises(OutOfTurn):
        await handing_over.take(theirs, by=roman, at=TUESDAY)


@pytest.mark.rule("R11")
async def test_what_is_kept_after_all_is_offered_no_longer_and_may_be_offered_anew(
    town: Town, case: Message, roman: Person
) -> None:
    theirs = await offered(town, case, roman)
    with pytest.raises(OutOfTurn):
        await handing_over.offer(theirs, roman.id, "Again.", by=town.sergey, at=TUESDAY)

    await handing_over.withdraw(theirs, by=town.sergey, at=TUESDAY)

    assert not await sees(roman, case)
    with pytest.raises(OutOfTurn):
        await handing_over.take(theirs, by=roman, at=TUESDAY)
    await handing_over.offer(await fresh(case), roman.id, "Again.", by=town.sergey, at=TUESDAY)
    assert await sees(roman, case)


@pytest.mark.rule("R11")
async def test_of_two_at_once_who_take_and_keep_one_wins(town: Town, case: Message, roman: Person) -> None:
    await offered(town, case, roman)

    outcomes = await asyncio.gather(
        handing_over.take(await fresh(case), by=roman, at=TUESDAY),
        handing_over.withdraw(await fresh(case), by=town.sergey, at=TUESDAY),
        return_exceptions=True,
    )

    lost = [each for each in outcomes if each is not None]
    assert [type(each) for each in lost] in ([Stale], [OutOfTurn])
    (settled,) = await HandOver.objects()
    expected = {"taken": roman.id, "withdrawn": town.sergey.id}
    assert (await fresh(case)).executor == expected[settled.outcome]


@pytest.mark.rule("R11", "R12")
async def test_only_the_executor_offers_and_only_to_a_colleague_who_is_there(
    town: Town, case: Message, roman: Person
) -> None:
    for person in (town.pavel, roman, town.marina):
        with pytest.raises(NotAllowed):
            await handing_over.offer(case, roman.id, "Words.", by=person, at=LATER)
    for taker in (town.pavel.id, town.sergey.id, town.marina.id, None):
        with pytest.raises(Unfit) as unfit:
            await handing_over.offer(case, taker, "Words.", by=town.sergey, at=LATER)
        assert "4.1" in str(unfit.value.errors["taker"].msgid)
    with pytest.raises(Unfit):
        await handing_over.offer(case, roman.id, " ", by=town.sergey, at=LATER)
    with pytest.raises(NotAllowed):
        await handing_over.take(await offered(town, case, roman), by=town.pavel, at=LATER)


@pytest.mark.rule("R11")
async def test_nobody_gets_a_case_who_is_away_or_has_a_part_in_it(town: Town, case: Message, roman: Person) -> None:
    free = [each["id"] for each in await handing_over.colleagues(case, on=MONDAY.date())]
    part = await parts.name(case, Wish(roman.id, "Cut it.", date(2026, 3, 6)), by=town.sergey, at=LATER)
    sharing = await handing_over.colleagues(case, on=MONDAY.date())
    await parts.remove(case, part.id, by=town.sergey, at=LATER)
    absences = find("absences")
    assert absences
    days: dict[str, Any] = {"first_day": MONDAY.date(), "last_day": MONDAY.date(), "active": True}
    await keeping.keep(absences, {"person": roman.id, "deputy": town.sergey.id, **days}, by=town.yulia, at=MONDAY)

    assert free == [roman.id]
    assert sharing == []
    assert await handing_over.colleagues(case, on=MONDAY.date()) == []
    assert [each["id"] for each in await handing_over.colleagues(case, on=TUESDAY.date())] == [roman.id]


@pytest.mark.rule("R11")
async def test_who_is_named_for_a_part_meanwhile_takes_nothing(town: Town, case: Message, roman: Person) -> None:
    theirs = await offered(town, case, roman)
    await parts.name(theirs, Wish(roman.id, "Cut it.", date(2026, 3, 6)), by=town.sergey, at=LATER)

    with pytest.raises(OutOfTurn):
        await handing_over.take(theirs, by=roman, at=TUESDAY)

    assert (await fresh(case)).executor == town.sergey.id


@pytest.mark.rule("R12")
async def test_the_right_to_hand_back_goes_along_and_is_not_wound_back(
    town: Town, case: Message, roman: Person
) -> None:
    await handing_over.take(await offered(town, case, roman), by=roman, at=LATER)
    taken = await fresh(case)

    with pytest.raises(OutOfTurn):
        await executing.hand_back(taken, by=roman, at=MONDAY + timedelta(days=2), justification="Not ours.")
    await executing.hand_back(await fresh(case), by=roman, at=TUESDAY, justification="Not ours.")

    assert (await fresh(case)).status == "handed_back"


async def test_a_case_in_review_is_not_handed_over(town: Town) -> None:
    message = await in_review(town)

    with pytest.raises((OutOfTurn, Unfit)):
        await handing_over.offer(message, town.sergey.id, "Words.", by=town.pavel, at=LATER)


@pytest.mark.rule("R12", "R33")
async def test_a_case_that_comes_back_from_the_moderator_is_offered_no_longer(
    town: Town, case: Message, roman: Person
) -> None:
    theirs = await offered(town, case, roman)

    await executing.hand_back(theirs, by=town.sergey, at=LATER, justification="Not ours.")
    await moderating.reroute(theirs, by=town.marina, at=TUESDAY, executor=town.sergey.id)

    assert not await sees(roman, case)
    assert "hand_over:withdrawn" in await journal(case)
    with pytest.raises(OutOfTurn):
        await handing_over.take(await fresh(case), by=roman, at=TUESDAY)


@pytest.mark.rule("R20", "R33")
async def test_a_case_that_comes_back_from_review_is_offered_no_longer(
    town: Town, case: Message, roman: Person
) -> None:
    theirs = await offered(town, case, roman)
    await answering.draft(theirs, DONE, by=town.sergey, at=LATER)

    await answering.send_for_review(theirs, by=town.sergey, at=LATER)
    await moderating.send_back(theirs, by=town.marina, at=TUESDAY, rules=["R17"], remark="Say where.")

    assert not await sees(roman, case)
    assert "hand_over:withdrawn" in await journal(case)
    with pytest.raises(OutOfTurn):
        await handing_over.take(await fresh(case), by=roman, at=TUESDAY)


@pytest.mark.rule("R27")
async def test_whom_the_commission_has_named_keeps_the_case(town: Town, roman: Person) -> None:
    message = await in_commission(town)
    friday = MONDAY + timedelta(days=4, hours=1)
    await decided(town, message, at=friday, effect="instruct")
    instructed = await fresh(message)

    candidates = await handing_over.colleagues(instructed, on=friday.date())
    with pytest.raises(OutOfTurn) as refused:
        await handing_over.offer(instructed, roman.id, "Words.", by=town.sergey, at=friday)

    assert instructed.executor == town.sergey.id
    assert candidates == []
    assert "4.4" in str(refused.value.sentence.msgid)


@pytest.mark.rule("R11", "R33")
async def test_a_deputy_offers_takes_and_returns_in_the_place_of_who_is_away(
    town: Town, case: Message, roman: Person
) -> None:
    """Pavel stands in for both."""
    town.pavel.stands_in_for = (town.sergey.id, roman.id)

    await handing_over.offer(case, roman.id, "The plumber is called.", by=town.pavel, at=LATER)
    saw = await sees(town.pavel, case)
    await handing_over.give_back(await fresh(case), "He is ill.", by=town.pavel, at=LATER)
    await handing_over.offer(await fresh(case), roman.id, "He is back.", by=town.pavel, at=LATER)
    await handing_over.take(await fresh(case), by=town.pavel, at=TUESDAY)

    assert saw
    assert (await fresh(case)).executor == roman.id
    assert await owing(case) == {roman.id}
    acts: list[Any] = [await told(case, f"hand_over:{act}") for act in ("offered", "returned", "taken")]
    assert {each.actor for each in acts} == {town.pavel.id}
    assert [each.data["instead_of"] for each in acts] == [town.sergey.id, roman.id, roman.id]
