"""Letters between two executors of whom one hands a case over to the other (§4.1)."""

import pytest
from tests.people import MONDAY, Town
from tests.portal.test_workload import lit, roman
from tests.stories import HOUR, fresh
from tests.workers.conftest import Mailbox, all_delivered
from tests.workers.test_letters import AWAY, says, text

from domain import handing_over

pytestmark = pytest.mark.usefixtures("database")
LATER = MONDAY + 3 * HOUR


@pytest.mark.rule("R11")
async def test_a_colleague_reads_what_is_offered_and_the_giver_that_it_was_taken(town: Town, mailbox: Mailbox) -> None:
    message, giver = await lit(town, MONDAY), await roman()
    await handing_over.offer(message, town.sergey.id, "The lamp is ordered.", by=giver, at=LATER)
    await all_delivered("mail:case_offered")
    await handing_over.take(await fresh(message), by=town.sergey, at=LATER)
    await all_delivered("mail:case_taken")

    (offered,), (taken,) = mailbox.to("sergey"), mailbox.to("roman")[-1:]
    assert offered["Subject"] == "№ 2026-00001: коллега передаёт вам дело"
    says(offered, giver.name, "The lamp is ordered.", f"{AWAY}/execution/{message.id}")
    assert taken["Subject"] == "№ 2026-00001: коллега берёт дело"
    says(taken, town.sergey.name)
    assert f"{AWAY}/execution/{message.id}" not in text(taken)


@pytest.mark.rule("R11")
async def test_the_giver_reads_which_deputy_has_taken_the_case_for_the_colleague(town: Town, mailbox: Mailbox) -> None:
    message, giver = await lit(town, MONDAY), await roman()
    await handing_over.offer(message, town.sergey.id, "The lamp is ordered.", by=giver, at=LATER)
    town.pavel.stands_in_for = (town.sergey.id,)

    await handing_over.take(await fresh(message), by=town.pavel, at=LATER)
    await all_delivered("mail:case_taken")

    says(mailbox.to("roman")[-1], town.sergey.name, "Берёт замещающий сотрудник", town.pavel.name)


@pytest.mark.rule("R11")
async def test_the_giver_reads_why_a_case_came_back(town: Town, mailbox: Mailbox) -> None:
    message, giver = await lit(town, MONDAY), await roman()
    await handing_over.offer(message, town.sergey.id, "The lamp is ordered.", by=giver, at=LATER)
    await handing_over.give_back(await fresh(message), "I am away.", by=town.sergey, at=LATER)

    await all_delivered("mail:case_returned")

    letter = mailbox.to("roman")[-1]
    assert letter["Subject"] == "№ 2026-00001: коллега возвращает дело"
    says(letter, town.sergey.name, "I am away.", f"{AWAY}/execution/{message.id}")
