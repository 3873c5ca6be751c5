"""What happened to an author's messages is unread until they open them (§2, R21)."""

import pytest
from tests.people import MONDAY, Town
from tests.stories import answered, registered, shared, submitted

from domain import noticing
from domain.model import Person
from domain.terms import miss_due
from portal.cards.story import SAYINGS

pytestmark = [pytest.mark.rule("R21"), pytest.mark.usefixtures("database")]
HOW_MANY = f"SELECT {noticing.HOW_MANY} FROM person WHERE id = {{}}"


async def unread(person: Person) -> int:
    (row,) = await Person.raw(HOW_MANY, person.id)
    return int(row["unread"])


def test_everything_that_authors_are_told_is_news_but_what_they_did_themselves() -> None:
    own = {"message:submitted", "message:corrected", "message:replied", "message:consent_withdrawn", "answer:rated"}

    assert set(SAYINGS) - set(noticing.NEWS) == own | {"author:objected", "author:opened"}
    assert set(noticing.NEWS) <= set(SAYINGS)


async def test_what_one_did_oneself_is_no_news_and_what_others_did_is(town: Town) -> None:
    await submitted(town)
    before = await unread(town.anna)
    await registered(town)

    assert (before, await unread(town.anna)) == (0, 1)


async def test_a_message_that_was_opened_is_read_until_something_happens_again(town: Town) -> None:
    first, second = await registered(town), await registered(town)
    await noticing.notice(first, by=town.anna)
    opened = await unread(town.anna)
    await noticing.notice(second, by=town.anna)
    await answered(town)

    assert (opened, await unread(town.anna)) == (1, 1)


async def test_everything_is_marked_at_once_and_nothing_of_others(town: Town) -> None:
    first, _ = await registered(town), await registered(town)

    await noticing.notice_all(by=town.boris)
    await noticing.notice(first, by=town.boris)
    untouched = await unread(town.anna)
    await noticing.notice_all(by=town.anna)

    assert (untouched, await unread(town.anna), await unread(town.boris)) == (2, 0, 0)


async def test_a_missed_part_of_the_case_is_no_news_to_the_author(town: Town) -> None:
    part = await shared(town)
    await noticing.notice_all(by=town.anna)

    missed = await miss_due(at=MONDAY.replace(day=9))

    assert (missed, await unread(town.anna), part.executor) == (1, 0, town.sergey.id)
