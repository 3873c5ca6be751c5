"""The letters about terms: whom each step of the ladder reaches, and why something is late (§5.1, R31, R32)."""

from datetime import datetime, timedelta

import pytest
from tests.people import MONDAY, Town
from tests.stories import in_work, submitted
from tests.workers.conftest import Mailbox, all_delivered
from tests.workers.test_letters import AWAY, html, letter_to, says, text

from domain import controlling
from domain.escalating import escalate
from domain.model import Organisation, Term
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")
# The answer is due on Friday, 13 March; the third working day after it is Wednesday, the 18th.
MORNING_AFTER = datetime(2026, 3, 16, 9, tzinfo=TOWN)
THIRD = MORNING_AFTER + timedelta(days=2)


async def told_on_the_third_day(town: Town, mailbox: Mailbox) -> set[str]:
    await in_work(town)
    await escalate(at=MORNING_AFTER)
    await all_delivered("mail:term_missed", "mail:head_told")
    mailbox.letters.clear()
    await escalate(at=THIRD)
    await all_delivered("mail:term_missed", "mail:head_told")
    return {letter["To"].addresses[0].username for letter in mailbox.letters}


@pytest.mark.rule("R31")
async def test_the_head_of_the_department_reads_what_stays_late_and_nothing_of_the_author(
    town: Town, mailbox: Mailbox
) -> None:
    assert await told_on_the_third_day(town, mailbox) == {"head-roads"}

    (letter,) = mailbox.letters
    says(letter, "Ответ", "13 марта", town.pavel.name, "Mira 41")
    for word in ("Анна", "A deep hole", f"{AWAY}/control", f"{AWAY}/execution"):
        assert word not in text(letter) + html(letter)


@pytest.mark.rule("R31")
async def test_where_no_head_is_entered_the_controller_is_told(town: Town, mailbox: Mailbox) -> None:
    await Organisation.update({Organisation.head_email: None}).where(Organisation.id == town.pavel.organisation)

    assert await told_on_the_third_day(town, mailbox) == {"elena"}


@pytest.mark.rule("R31")
async def test_what_is_met_while_the_letter_waits_is_told_to_nobody(town: Town, mailbox: Mailbox) -> None:
    await in_work(town)
    await escalate(at=THIRD)
    await Term.update({Term.met_at: THIRD}).where(Term.met_at.is_null())

    await all_delivered("mail:term_missed", "mail:head_told")

    assert mailbox.letters == []


@pytest.mark.rule("R31")
async def test_what_nobody_has_taken_has_no_head_and_reaches_the_moderators_and_the_controller(
    town: Town, mailbox: Mailbox
) -> None:
    await submitted(town)
    await escalate(at=MONDAY + timedelta(days=1))
    await all_delivered("mail:term_missed")

    assert {letter["To"].addresses[0].username for letter in mailbox.letters} == {"marina", "vera", "artem", "elena"}


@pytest.mark.rule("R32")
async def test_the_executor_is_asked_and_whoever_asked_reads_the_answer(town: Town, mailbox: Mailbox) -> None:
    message = await in_work(town)
    await controlling.ask_reason(message, by=town.konstantin, at=MORNING_AFTER)
    await controlling.give_reason(message, "No asphalt.", by=town.pavel, at=MORNING_AFTER)

    asked = await letter_to(mailbox, "pavel", "reason_asked")
    given = await letter_to(mailbox, "konstantin", "reason_given")

    says(asked, "13 марта", "Почему срок пропущен", f"{AWAY}/execution/{message.id}")
    says(given, "No asphalt.", town.pavel.name, f"{AWAY}/control/{message.id}")
    assert mailbox.to("anna") == []
