"""The letters of a case with several authors: each gets their own, and reads no word of another (§2, R10, R21)."""

from datetime import timedelta

import pytest
from tests.conftest import SECRET
from tests.domain.test_following import confirmed
from tests.domain.test_publishing import ground
from tests.people import MONDAY, Town
from tests.stories import (
    HOUR,
    another,
    answer,
    answered_to_two,
    approve,
    case_of_two,
    fresh,
    in_work,
    joined,
    registered,
)
from tests.workers.conftest import Mailbox, all_delivered
from tests.workers.test_letters import AWAY, html, says, text

from domain import executing, following, invitations, joining, moderating, publishing, rating
from domain.following import AFTER_CLOSING, Wish
from domain.model import Delivery, Message, Person, Subscription

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


@pytest.mark.rule("R07")
async def test_joining_is_told_as_registration_only_where_it_registers(town: Town, mailbox: Mailbox) -> None:
    case, waited = await case_of_two(town)
    long_ago = await another(town, town.boris)
    await moderating.register(long_ago, by=town.marina, at=MONDAY + 2 * HOUR)
    await joined(town, long_ago, case)

    await all_delivered("mail:joined")

    assert {each["Subject"].partition(",")[0] for each in mailbox.to("boris")} == {
        f"№ {waited.number}: зарегистрировано и присоединено к другому сообщению",
        f"№ {long_ago.number}: присоединено к другому сообщению",
    }


@pytest.mark.rule("R11", "R10")
async def test_who_had_the_message_in_hand_reads_that_it_is_answered_with_another_one(
    town: Town, mailbox: Mailbox
) -> None:
    case, message, handed_back = [await in_work(town) for _ in range(3)]
    comes_along = await registered(town)
    await executing.hand_back(handed_back, by=town.pavel, at=MONDAY + 3 * HOUR, justification="Not ours.")
    await joined(town, comes_along, message)

    for each in (await fresh(message), handed_back, await another(town, town.boris)):
        await joined(town, each, case, at=LATER)
    await all_delivered("mail:case_joined")

    letter, earlier = sorted(mailbox.letters, key=lambda each: str(each["Subject"]))
    assert {str(each["To"].addresses[0].username) for each in mailbox.letters} == {"pavel"}
    assert earlier["Subject"].startswith(f"№ {comes_along.number}: присоединено к № {message.number}")
    assert letter["Subject"] == f"№ {message.number}: присоединено к № {case.number}, отдельный ответ не нужен"
    says(letter, f"№ {case.number} до 13 марта", f"{AWAY}/execution")
    assert f"{AWAY}/execution/" not in text(letter) + html(letter)
    silent_of(text(letter), town.anna, "bus stop")


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


async def public(town: Town, message: Message, text: str) -> Message:
    await publishing.publish(await fresh(message), by=town.marina, at=MONDAY, text=text, place="ул. Мира, 41")
    return await fresh(message)


@pytest.mark.rule("R28")
async def test_who_follows_a_joined_message_hears_of_its_case_once_and_no_author_is_told_twice(
    town: Town, mailbox: Mailbox
) -> None:
    case = await public(town, await in_work(town), "A hole.")
    message = await another(town, town.boris)
    await following.follow(Wish(message=case.id), by=town.boris, at=MONDAY)
    await all_delivered("mail:followed")
    mailbox.letters.clear()
    await joined(town, message, case)
    message = await public(town, message, "The same hole.")
    for name, followed in (("its", message), ("both", message), ("both", case)):
        await confirmed(Wish(message=followed.id), email=f"{name}@mail.example")

    await answer(town, await fresh(case), at=MONDAY + 4 * HOUR)
    await approve(town, await fresh(case), at=MONDAY + 5 * HOUR, publish=True, public_text="It was filled.")
    await all_delivered("mail:followed")

    assert [len(mailbox.to(name)) for name in ("its", "both", "boris", "anna")] == [2, 2, 0, 0]
    that_it_was_joined, news = mailbox.to("its")
    assert that_it_was_joined["Subject"] == f"Присоединено к другому сообщению: № {message.number}"
    assert news["Subject"] == f"Ответ опубликован: № {case.number} (№ {message.number})"
    says(news, "It was filled.", f"Вы следите: сообщение № {message.number}", f"/publications/{case.number}")


@pytest.mark.rule("R28", "R10")
async def test_of_a_message_that_was_taken_off_its_followers_hear_no_more_though_its_case_is_public(
    town: Town, mailbox: Mailbox
) -> None:
    case, message = await case_of_two(town)
    for each in (case, message):
        await public(town, each, "A hole.")
    await confirmed(Wish(message=message.id), email="its@mail.example")
    await confirmed(Wish(message=case.id), email="the-case@mail.example")
    at, words = MONDAY + 4 * HOUR, "A name."
    await publishing.withdraw(await fresh(message), by=town.marina, at=at, ground=await ground(), words=words)
    await answer(town, await fresh(case), at=MONDAY + 4 * HOUR)
    await approve(town, await fresh(case), at=MONDAY + 5 * HOUR, publish=True, public_text="It was filled.")
    await all_delivered("mail:followed")

    assert mailbox.to("its") == []
    assert mailbox.to("the-case")


@pytest.mark.rule("R28")
async def test_who_follows_a_street_is_not_told_of_a_second_message_on_a_matter(town: Town, mailbox: Mailbox) -> None:
    case, message = await case_of_two(town)
    await confirmed(Wish(street="Мира"))

    for each in (case, message):
        await public(town, each, "A hole.")
    await all_delivered("mail:followed")

    (letter,) = mailbox.letters
    assert case.number in letter["Subject"]


async def test_what_is_followed_is_forgotten_after_its_case_is_closed(town: Town) -> None:
    case, message = await answered_to_two(town)
    await public(town, message, "The same hole.")
    await confirmed(Wish(message=message.id))

    for each, by in ((case, town.anna), (message, town.boris)):
        await rating.rate(await fresh(each), by=by, at=LATER, choice="solved")
    await following.forget(at=LATER + AFTER_CLOSING)
    before = await Subscription.count()
    await following.forget(at=LATER + AFTER_CLOSING + HOUR)

    assert (before, await Subscription.count()) == (1, 0)
