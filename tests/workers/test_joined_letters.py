"""The letters of a case with several authors: each gets their own, and reads no word of another (§2, R10, R21)."""

from datetime import timedelta

import pytest
from tests.conftest import SECRET
from tests.people import MONDAY, Town
from tests.stories import HOUR, answered_to_two, case_of_two, fresh
from tests.workers.conftest import Mailbox, all_delivered
from tests.workers.test_letters import html, says, text

from domain import invitations, joining, rating
from domain.model import Delivery, Person

pytestmark = pytest.mark.usefixtures("database")
LATER = MONDAY + 6 * HOUR


def silent_of(letter: str, person: Person, *words: str) -> None:
    """Neither the name nor the words nor the address of the other author."""
    for word in (*person.name.split(), person.email, *words):
        assert word not in letter


@pytest.mark.rule("R21", "R10")
async def test_every_author_gets_the_answer_with_a_link_of_their_own(town: Town, mailbox: Mailbox) -> None:
    case, message = await answered_to_two(town)

    await all_delivered("mail:answered")

    (to_anna,), (to_boris,) = mailbox.to("anna"), mailbox.to("boris")
    says(to_anna, "The hole was filled on 3 March.", case.number or "")
    says(to_boris, "The hole was filled on 3 March.", message.number or "")
    silent_of(text(to_boris) + html(to_boris), town.anna, "bus stop", "Mira 41", case.number or "")
    silent_of(text(to_anna) + html(to_anna), town.boris, "wheel", "Mira 43", message.number or "")
    tokens = [text(each).partition("/answers/")[2].split()[0] for each in (to_anna, to_boris)]
    invited = [invitations.read(token, SECRET, at=LATER) for token in tokens]
    assert [each and each.person for each in invited] == [town.anna.id, town.boris.id]
    assert await Delivery.count().where(Delivery.reaction == "mail:answered", Delivery.recipient != "") == 2


@pytest.mark.rule("R07")
async def test_the_joined_author_reads_the_number_and_the_day_and_later_that_it_goes_on_alone(
    town: Town, mailbox: Mailbox
) -> None:
    case, message = await case_of_two(town)
    await joining.detach(message, by=town.marina, at=LATER, reason="Another hole, by the shop.")

    await all_delivered("mail:joined")
    await all_delivered("mail:detached")
    await all_delivered("mail:assigned")

    first, second = mailbox.to("boris")
    says(first, message.number or "", case.number or "", "13 марта", "5.2")
    says(second, "Another hole, by the shop.", "13 марта")
    assert mailbox.to("anna") == []
    assert len(mailbox.to("pavel")) == 2


@pytest.mark.rule("R24", "R10")
async def test_the_rework_is_told_to_all_and_the_remarks_to_who_made_them(town: Town, mailbox: Mailbox) -> None:
    _, message = await answered_to_two(town)
    await rating.rate(message, by=town.boris, at=LATER, choice="unsolved", remarks="Open at the shop.")

    await all_delivered("mail:sent_to_rework")

    (to_anna,), (to_boris,) = mailbox.to("anna"), mailbox.to("boris")
    says(to_boris, "Open at the shop.", "5 марта")
    says(to_anna, "5 марта")
    silent_of(text(to_anna) + html(to_anna), town.boris, "Open at the shop.", message.number or "")


@pytest.mark.rule("R23")
async def test_that_it_closed_unrated_is_told_to_those_who_were_silent(town: Town, mailbox: Mailbox) -> None:
    case, message = await answered_to_two(town)
    await rating.rate(message, by=town.boris, at=LATER, choice="solved")
    await rating.close_unrated(case.id, at=LATER + timedelta(days=40))

    await all_delivered("mail:closed_unrated")

    assert len(mailbox.to("anna")) == 1
    assert mailbox.to("boris") == []
    assert (await fresh(case)).status == "closed"
