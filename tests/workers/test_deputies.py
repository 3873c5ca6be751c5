"""Letters to whoever has left, or has no address, are read by their deputy (§4.1, §4.4, §5.1)."""

from datetime import timedelta
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, answered, brought, case_of, registered, shared, submitted, told_as_written
from tests.workers.conftest import Mailbox, all_delivered
from tests.workers.test_digest import owed_this_morning, sent
from tests.workers.test_letters import AWAY, html, says, text

from domain import rating
from domain.model import Absence, Message, Person
from domain.workdays import in_town
from workers import mail, moment

pytestmark = pytest.mark.usefixtures("database")
GONE = pytest.mark.parametrize("lacks", [{Person.active: False}, {Person.email: None}], ids=["left", "no address"])


async def stand_in(
    town: Town, change: dict[Any, Any], *, who: Person | None = None, deputy: Person | None = None
) -> None:
    """Sergey is the deputy of Pavel, who is changed so; or others."""
    today, away = in_town(moment.now()).date(), who or town.pavel
    days: dict[str, Any] = {"first_day": today, "last_day": today + timedelta(days=1)}
    await Absence.insert(Absence(person=away.id, deputy=(deputy or town.sergey).id, **days))
    await Person.update(change).where(Person.id == away.id)


async def not_solved(town: Town) -> Message:
    message = await answered(town)
    await rating.rate(message, by=town.anna, at=MONDAY + 9 * HOUR, choice="unsolved", remarks="Still there.")
    return message


@GONE
@pytest.mark.rule("R24", "R25", "R31")
async def test_the_deputy_reads_of_the_rework_alone_and_for_whom(
    town: Town, mailbox: Mailbox, lacks: dict[Any, Any]
) -> None:
    message = await not_solved(town)
    await stand_in(town, lacks)

    await all_delivered("mail:rework_due")

    (letter,) = mailbox.letters
    assert (letter["To"].addresses[0].addr_spec, letter["Cc"]) == (town.sergey.email, None)
    says(letter, f"Вы замещаете: {town.pavel.name}", "Still there.", f"{AWAY}/execution/{message.id}")


@pytest.mark.rule("R25", "R31")
async def test_whoever_is_only_away_reads_it_first_and_it_says_nothing_of_standing_in(
    town: Town, mailbox: Mailbox
) -> None:
    await not_solved(town)
    await stand_in(town, {Person.active: True})

    await all_delivered("mail:rework_due")

    assert [each["To"].addresses[0].addr_spec for each in mailbox.letters] == [town.pavel.email] * 2
    assert [each["Cc"].addresses[0].addr_spec for each in mailbox.letters] == [town.sergey.email] * 2
    assert "замещаете" not in "".join(text(each) + html(each) for each in mailbox.letters)


@pytest.mark.rule("R11", "R31")
async def test_the_deputy_reads_that_a_co_executor_has_done_their_part(town: Town, mailbox: Mailbox) -> None:
    part = await shared(town)
    await stand_in(town, {Person.active: False})

    await brought(town, part)
    await all_delivered("mail:part_done")

    (letter,) = mailbox.letters
    says(letter, f"Вы замещаете: {town.pavel.name}", "The pipe is cut.")
    assert letter["References"].startswith(f"<message-{(await case_of(part)).id}@")


@GONE
@pytest.mark.rule("R31")
async def test_terms_of_a_morning_are_one_letter_to_the_deputy(
    town: Town, mailbox: Mailbox, lacks: dict[Any, Any]
) -> None:
    for _ in range(2):
        await registered(town)
    await stand_in(town, lacks)
    await owed_this_morning()

    await sent()

    (letter,) = mailbox.letters
    assert letter["To"].addresses[0].addr_spec == town.sergey.email
    says(letter, f"Вы замещаете: {town.pavel.name}", "Скоро истекают 2 срока.")


@pytest.mark.rule("R10", "R31")
async def test_the_deputy_of_who_moderates_now_reads_of_the_cases_that_were_theirs_and_of_no_others(
    town: Town, mailbox: Mailbox
) -> None:
    case = await registered(town)
    await submitted(town)
    await stand_in(town, {Person.role: "moderator"})
    await owed_this_morning()

    await sent()

    (copy,) = [letter for letter in mailbox.letters if letter["Cc"]]
    assert copy["Cc"].addresses[0].addr_spec == town.sergey.email
    says(copy, f"№ {case.number}", f"{AWAY}/execution/{case.id}")
    assert mailbox.to("marina")


@pytest.mark.rule("R11", "R31")
async def test_the_deputy_of_a_co_executor_who_moderates_now_reads_of_the_term_of_the_part(
    town: Town, mailbox: Mailbox
) -> None:
    part = await shared(town)
    await stand_in(town, {Person.role: "moderator"}, who=town.sergey, deputy=town.pavel)
    await owed_this_morning(at=MONDAY + timedelta(days=4))

    await sent()

    letters = [letter for letter in mailbox.letters if letter["Cc"]]
    assert {letter["Cc"].addresses[0].addr_spec for letter in letters} == {town.pavel.email}
    assert [f"{AWAY}/execution/{part.message}" in text(each) for each in letters].count(True) == 1


@pytest.mark.rule("R31")
async def test_without_a_deputy_nobody_gets_what_is_for_who_has_left(town: Town) -> None:
    message = await not_solved(town)
    await Person.update({Person.active: False}).where(Person.id == town.pavel.id)

    letters = await mail.rework_due(await told_as_written(message, "message:sent_to_rework"))

    assert letters == []
