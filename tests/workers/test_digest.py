"""What the ladder tells one official on one morning comes as one letter, and nothing of it is lost (§5.1, R31)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, registered
from tests.workers.conftest import Mailbox, all_delivered, offer_all
from tests.workers.test_bounces import report
from tests.workers.test_letters import AWAY, html, says, text

from domain import executing, moderating, resending
from domain.escalating import escalate
from domain.model import Absence, Delivery, Event, Message, Organisation, Person
from domain.workdays import TOWN, in_town
from workers import delivering, moment, relay
from workers.delivering import attempted, deliver
from workers.mail import bounces, gathering
from workers.moment import LEASE

pytestmark = [pytest.mark.rule("R31"), pytest.mark.usefixtures("database")]
# Acceptance of what was sent on Monday is due on Tuesday, and the ladder tells of it as that day's office opens.
TUESDAY = datetime(2026, 3, 3, 9, tzinfo=TOWN)
# The answer is due on Friday, 13 March: this is the third working day after it, when the head is told as well.
THIRD = datetime(2026, 3, 18, 9, tzinfo=TOWN)


async def owed_this_morning(*, at: datetime = TUESDAY) -> None:
    """The ladder takes its steps, each letter is owed to its reader, and the relay has put them together."""
    await escalate(at=at)
    while await relay.expand(at=at):
        pass
    addressing = (Delivery.recipient == "") & Delivery.done_at.is_null()
    for row in await Delivery.select().where(addressing).order_by(Delivery.id):
        await attempted(row["id"], row["failures"])
    await relay.gather(at=moment.now() + gathering.WAIT)


async def near(town: Town, cases: int) -> list[Message]:
    """So many messages that Pavel has to accept today."""
    messages = [await registered(town) for _ in range(cases)]
    await owed_this_morning()
    return messages


async def sent() -> None:
    await all_delivered("mail:term", "mail:head_told")


async def rows_of(person: Person) -> list[dict[str, Any]]:
    theirs = (Delivery.recipient == f"person:{person.id}") & Delivery.reaction.like("mail:term%")
    return await Delivery.select().where(theirs).order_by(Delivery.id)


async def test_ten_terms_of_a_morning_are_one_letter_with_ten_rows(town: Town, mailbox: Mailbox) -> None:
    messages = await near(town, 10)

    await sent()

    (letter,) = mailbox.to("pavel")
    assert letter["Subject"] == "Сроки: скоро истекает — 10"
    says(letter, "Скоро истекают 10 сроков.", "последний день", "3 марта", "Mira 41", town.pothole.name)
    for message in messages:
        says(letter, f"№ {message.number}", f"{AWAY}/execution/{message.id}")
    assert "Анна" not in text(letter) + html(letter)
    assert letter["References"] is None
    rows = await rows_of(town.pavel)
    assert {(row["message_id"], row["address"]) for row in rows} == {(letter["Message-ID"], town.pavel.email)}
    assert all(row["done_at"] for row in rows)


async def test_a_sole_term_is_the_letter_that_it_was(town: Town, mailbox: Mailbox) -> None:
    (message,) = await near(town, 1)

    await sent()

    (letter,) = mailbox.to("pavel")
    assert letter["Subject"] == f"№ {message.number}: принятие в работу до 3 марта"
    assert "term_near" in letter["Message-ID"]


async def test_what_has_run_out_stands_first_and_once_though_its_reminder_was_never_sent(
    town: Town, mailbox: Mailbox
) -> None:
    late = await registered(town)
    await escalate(at=TUESDAY)
    fresh = await registered(town, at=MONDAY + timedelta(days=1))
    await owed_this_morning(at=TUESDAY + timedelta(days=1))

    await sent()

    letter = mailbox.to("pavel")[-1]
    assert letter["Subject"] == "Сроки: пропущено — 1, скоро истекает — 1"
    says(letter, "Пропущен 1 срок. Скоро истекает 1 срок.", "пропущен на 1 раб. день")
    assert text(letter).index(f"№ {late.number}") < text(letter).index(f"№ {fresh.number}")


async def test_nobody_reads_of_the_cases_of_others(town: Town, mailbox: Mailbox) -> None:
    messages = [await registered(town) for _ in range(4)]
    for message in messages[2:]:
        await executing.hand_back(message, by=town.pavel, at=MONDAY + 2 * HOUR, justification="Это дворы.")
        await moderating.reroute(message, by=town.marina, at=MONDAY + 3 * HOUR, executor=town.sergey.id)
    await owed_this_morning()

    await sent()

    read = {
        name: [m.number for m in messages if str(m.number) in text(*mailbox.to(name))] for name in ("pavel", "sergey")
    }
    assert read == {"pavel": [m.number for m in messages[:2]], "sergey": [m.number for m in messages[2:]]}


async def test_what_is_met_while_the_letter_waits_is_not_in_it(town: Town, mailbox: Mailbox) -> None:
    first, *others = await near(town, 3)
    await executing.accept(first, by=town.pavel, at=TUESDAY)

    await sent()

    (letter,) = mailbox.to("pavel")
    assert letter["Subject"] == "Сроки: скоро истекает — 2"
    assert str(first.number) not in text(letter) + html(letter)
    of_no_use, *done = sorted(await rows_of(town.pavel), key=lambda row: row["done_at"] is not None)
    assert "nobody any more" in of_no_use["error"]
    assert [(row["done_at"] is not None, row["error"]) for row in done] == [(True, None)] * len(others)


async def test_whoever_is_killed_after_sending_leaves_no_second_letter_with_another_id(
    town: Town, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await near(town, 3)
    with monkeypatch.context() as killed:
        killed.setattr(delivering, "settle", killed_here)
        killed.setattr(delivering, "failed", killed_here)
        with pytest.raises(SystemExit):
            await deliver((await rows_of(town.pavel))[0]["id"], 0)

    await relay.gather(at=moment.now() + LEASE)
    await sent()

    first, second = mailbox.to("pavel")
    assert (first["Message-ID"], text(first)) == (second["Message-ID"], text(second))
    assert all(row["done_at"] for row in await rows_of(town.pavel))


async def killed_here(*_: Any) -> None:
    raise SystemExit


async def test_a_mail_server_that_is_away_defers_all_rows_together(town: Town, mailbox: Mailbox) -> None:
    await near(town, 3)
    mailbox.of_letter = "451 later"

    await sent()

    deferred = await rows_of(town.pavel)
    assert (len({row["next_at"] for row in deferred}), {row["attempts"] for row in deferred}) == (1, {1})
    assert all("451" in row["error"] for row in deferred)
    mailbox.of_letter = "250 OK"
    await sent()
    assert len(mailbox.to("pavel")) == 1
    assert {row["error"] for row in await rows_of(town.pavel)} == {None}


async def test_an_address_that_does_not_exist_gives_all_rows_up_together(town: Town, mailbox: Mailbox) -> None:
    await near(town, 3)
    mailbox.of_address[str(town.pavel.email)] = "550 no such user"

    await sent()

    assert all(row["gave_up_at"] and "550" in row["error"] for row in await rows_of(town.pavel))


async def test_a_digest_that_came_back_is_noted_at_each_of_its_cases(town: Town, mailbox: Mailbox) -> None:
    messages = await near(town, 3)
    await sent()
    (letter,) = mailbox.to("pavel")

    noted = await bounces.note(report(letter), at=TUESDAY + HOUR)

    returned = await Event.select(Event.message).where(Event.kind == "letter:returned").order_by(Event.message)
    assert (noted, [row["message"] for row in returned]) == (3, [message.id for message in messages])


async def test_a_letter_of_a_digest_sent_again_goes_alone_and_the_others_stay_owed(
    town: Town, mailbox: Mailbox
) -> None:
    await near(town, 3)
    mailbox.of_letter = "451 later"
    await sent()
    row = (await rows_of(town.pavel))[0]
    event = await Event.objects().get(Event.id == row["event"])
    assert event
    first, *others = sorted(await Message.objects(), key=lambda each: each.id != event.message)
    await resending.resend(first, row["id"], by=town.marina, at=TUESDAY, resent=0)
    mailbox.of_letter = "250 OK"

    await sent()

    alone, together = mailbox.to("pavel")
    assert alone["Message-ID"] == f"<digest-{row['id']}.{row['id']}.r1@testserver.local>"
    assert together["Message-ID"] == f"<digest-{row['id']}@testserver.local>"
    assert [str(m.number) in text(alone) for m in (first, *others)] == [True, False, False]
    assert [str(m.number) in text(together) for m in (first, *others)] == [False, True, True]


async def test_two_relays_and_every_hint_at_once_send_one_letter(town: Town, mailbox: Mailbox) -> None:
    mailbox.slowness = 0.2
    for _ in range(3):
        await registered(town)
    await owed_this_morning()

    await asyncio.gather(*(relay.gather(at=moment.now() + gathering.WAIT) for _ in range(3)))
    await asyncio.gather(*(deliver(row["id"], 0) for row in await rows_of(town.pavel) for _ in range(2)))

    assert len(mailbox.to("pavel")) == 1


async def test_before_the_others_can_have_come_nothing_is_offered(town: Town) -> None:
    offered: list[int] = []

    async def listen(queue: str, delivery: int, ticket: int) -> None:
        offered.append(delivery)

    for _ in range(3):
        await registered(town)
    await owed_this_morning()
    rows = [row["id"] for row in await rows_of(town.pavel)]

    await Delivery.update({Delivery.next_at: moment.now() + gathering.WAIT}).where(Delivery.digest.is_not_null())
    await offer_all(at=moment.now() + gathering.WAIT / 2, enqueue=listen)
    early = set(offered) & set(rows)
    await offer_all(at=moment.now() + 2 * gathering.WAIT, enqueue=listen)

    assert (early, set(offered) & set(rows)) == (set(), {rows[0]})


async def test_a_deputy_reads_all_in_one_letter_and_for_whom(town: Town, mailbox: Mailbox) -> None:
    today = in_town(moment.now()).date()
    await Absence.insert(
        Absence(person=town.pavel.id, deputy=town.sergey.id, first_day=today, last_day=today, active=True)
    )
    await near(town, 3)

    await sent()

    (copy,), (own,) = mailbox.to("sergey"), mailbox.to("pavel")
    says(copy, f"Вы замещаете: {town.pavel.name}", "Скоро истекают 3 срока.")
    assert "замещаете" not in text(own)
    assert copy["Message-ID"] != own["Message-ID"]


async def test_a_head_reads_of_the_department_without_ways_to_cases(town: Town, mailbox: Mailbox) -> None:
    await Organisation.update({Organisation.head_email: "head-roads@mail.example"}).where(
        Organisation.id == town.pavel.organisation
    )
    for _ in range(2):
        message = await registered(town)
        await executing.accept(message, by=town.pavel, at=MONDAY + 2 * HOUR)
    await escalate(at=datetime(2026, 3, 16, 9, tzinfo=TOWN))
    await owed_this_morning(at=THIRD)

    await sent()

    (letter,) = mailbox.to("head-roads")
    says(letter, "Пропущено 2 срока.", "пропущен на 3 раб. дня", "Mira 41")
    for word in ("Анна", "A deep hole", f"{AWAY}/control", f"{AWAY}/execution"):
        assert word not in text(letter) + html(letter)


async def test_the_digest_speaks_the_language_of_its_reader(town: Town, mailbox: Mailbox) -> None:
    await Person.update({Person.language: "en"}).where(Person.id == town.pavel.id)
    await near(town, 2)

    await sent()

    (letter,) = mailbox.to("pavel")
    assert letter["Subject"] == "Terms: ending soon: 2"
    says(letter, "2 terms end soon.", "the last day")
