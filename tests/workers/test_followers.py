"""Letters to whoever follows: once for each piece of news, in what everybody may read and nothing else (R10, R28)."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.domain.test_following import GUEST, asked, confirmed, published
from tests.people import MONDAY, Town
from tests.stories import HOUR, answer, approve, fresh, registered, told
from tests.workers.conftest import Mailbox, all_delivered, deliveries
from tests.workers.test_letters import AWAY, html, says, text

from domain import executing, following, publishing, rating, resending
from domain.errors import Stale
from domain.following import Frequency, Wish
from domain.model import Delivery, Event, Message, Person, RejectionGround, Subscriber
from domain.workdays import TOWN
from portal.desk import mailing
from workers import moment, relay
from workers.mail import followers
from workers.mail.gathering import WAIT

pytestmark = [pytest.mark.rule("R28"), pytest.mark.usefixtures("database")]
SECRET_WORDS = ("кв. 12", "Petrov", "Sokolova")
# So many guests of one street.
FOLLOWERS = """
WITH made AS (
    INSERT INTO subscriber (email, language) SELECT 'guest-' || i || '@mail.example', 'ru'
    FROM generate_series(1, {}::int) i RETURNING id
)
INSERT INTO subscription (subscriber, street, street_key, frequency, asked_at, confirmed_at)
SELECT id, 'Мира', 'мира', 'at_once', {}, {} FROM made
"""


async def sent(*names: str) -> None:
    """As the workers do it, with everything gathered that goes as one."""
    await all_delivered("mail:followed", *names)


async def gathered() -> None:
    """Owed to their readers, and then put together as on the morning."""
    while await relay.expand(at=MONDAY):
        pass
    for row in await Delivery.select().where((Delivery.reaction == followers.NAME) & (Delivery.recipient == "")):
        event = await Event.objects().get(Event.id == row["event"])
        assert event is not None
        await followers.owe(event)
    await Delivery.update({Delivery.done_at: MONDAY}).where(Delivery.recipient == "")
    await relay.gather(at=moment.now() + timedelta(days=8))


async def withdrawn(town: Town, message: Message, answer: int | None = None) -> None:
    ground = await RejectionGround.objects().first()
    said: dict[str, Any] = {"ground": ground.id, "words": "Имя.", "answer": answer}
    await publishing.withdraw(await fresh(message), by=town.vera, at=MONDAY + 9 * HOUR, **said)


async def answered(town: Town, message: Message) -> Message:
    """Accepted, answered and let out with its copy for everybody."""
    message = await fresh(message)
    await executing.accept(message, by=town.pavel, at=MONDAY + 3 * HOUR)
    await answer(town, message, at=MONDAY + 4 * HOUR)
    await approve(town, message, at=MONDAY + 5 * HOUR, publish=True, public_text="It was filled.")
    return message


async def test_a_new_message_is_told_to_who_follows_its_street_or_its_topic_or_both(
    town: Town, mailbox: Mailbox
) -> None:
    wishes = {
        "street": Wish(street="улица Мира"),
        "topic": Wish(topic=town.pothole.id),
        "both": Wish(street="Мира", topic=town.pothole.id),
        "elsewhere": Wish(street="Мирная"),
        "other-topic": Wish(street="Мира", topic=town.pavement.id),
    }
    for name, wish in wishes.items():
        await confirmed(wish, email=f"{name}@mail.example")
    await asked(Wish(street="Мира"), email="unconfirmed@mail.example")

    message = await published(town)
    await following.follow(Wish(street="Мира"), by=town.boris, at=MONDAY + 3 * HOUR)  # after it was news
    await sent()

    assert {letter["To"].addresses[0].username for letter in mailbox.letters} == {"street", "topic", "both"}
    assert len(await deliveries(followers.NAME)) == 3
    (letter,) = mailbox.to("street")
    assert letter["Subject"] == f"Новое сообщение: № {message.number} (улица Мира)"
    says(letter, "A deep hole.", "ул. Мира, 41", town.pothole.name, f"{AWAY}/publications/{message.number}")
    assert letter["In-Reply-To"].endswith(f"message-{message.id}@testserver.local>")


async def test_a_message_that_is_followed_tells_its_way_once_each(town: Town, mailbox: Mailbox) -> None:
    message = await published(town)
    await confirmed(Wish(message=message.id))

    await answered(town, message)
    await sent()
    await rating.rate(
        await fresh(message), by=town.anna, at=MONDAY + 6 * HOUR, choice="unsolved", remarks="It is back."
    )
    await sent()

    subjects = [str(letter["Subject"]).partition(":")[0] for letter in mailbox.to("sosed")]
    assert subjects == ["Принято в работу", "Ответ опубликован", "Не решено"]
    says(mailbox.letters[1], "It was filled.", "Решено")
    assert "It is back." not in text(*mailbox.letters[2:])


async def test_who_follows_in_several_ways_gets_one_letter_by_the_quickest(town: Town, mailbox: Mailbox) -> None:
    await confirmed(Wish(topic=town.pothole.id, frequency=Frequency.WEEKLY))
    await confirmed(Wish(street="Мира", frequency=Frequency.DAILY))

    await published(town)
    await gathered()

    rows = await deliveries(followers.NAME)
    assert [row["recipient"].partition(":")[0] for row in rows] == ["daily"]


async def test_who_wants_each_piece_of_news_at_once_gets_each_by_itself(town: Town, mailbox: Mailbox) -> None:
    await confirmed(Wish(street="Мира"))
    messages = [await published(town) for _ in range(2)]

    await gathered()
    await sent()

    assert [message.number in str(letter["Subject"]) for message, letter in zip(messages, mailbox.letters, strict=True)]
    assert len(mailbox.letters) == 2


async def test_what_is_edited_or_published_once_more_is_no_news(town: Town, mailbox: Mailbox) -> None:
    await confirmed(Wish(street="Мира"))
    message = await published(town)
    await sent()

    await publishing.publish(message, by=town.marina, at=MONDAY + 3 * HOUR, text="A hole.", place="ул. Мира, 41")
    await sent()

    assert len(mailbox.letters) == 1


async def test_nothing_private_stands_in_a_letter_and_officials_are_not_named(town: Town, mailbox: Mailbox) -> None:
    message = await registered(town)
    private: dict[Any, Any] = {Message.text: "Petrov of кв. 12 drove into it.", Message.address: "ул. Мира, 41, кв. 12"}
    await Message.update(private).where(Message.id == message.id)
    await publishing.publish(await fresh(message), by=town.marina, at=MONDAY + 2 * HOUR, text="A deep hole.")
    await confirmed(Wish(message=message.id))
    await confirmed(Wish(street="Мира", frequency=Frequency.DAILY), email="digest@mail.example")

    await answered(town, message)
    await published(town)
    await gathered()
    await sent()

    everything = "".join(text(letter) + html(letter) + str(letter["Subject"]) for letter in mailbox.letters)
    people = (town.anna, town.marina, town.vera, town.pavel)
    private_words = [*SECRET_WORDS, *(part for each in people for part in (*each.name.split(), str(each.email)))]
    assert [word for word in private_words if word in everything] == []
    assert {"sosed", "digest"} == {letter["To"].addresses[0].username for letter in mailbox.letters}


async def test_what_was_taken_off_before_the_letter_went_is_not_in_it(town: Town, mailbox: Mailbox) -> None:
    await confirmed(Wish(street="Мира", frequency=Frequency.DAILY))
    hidden, closed, shown, other = [await published(town) for _ in range(4)]
    await gathered()

    await withdrawn(town, hidden)
    await publishing.withdraw_consent(await fresh(closed), by=town.anna, at=MONDAY + 9 * HOUR)
    await sent()

    (letter,) = mailbox.letters
    assert letter["Subject"] == "Новости за день: 2 сообщения"
    for message, there in ((hidden, False), (closed, False), (shown, True), (other, True)):
        assert (f"№ {message.number}" in text(letter), f"{message.number}" in html(letter)) == (there, there)


async def test_an_answer_that_was_taken_off_is_not_told(town: Town, mailbox: Mailbox) -> None:
    message = await published(town)
    await confirmed(Wish(message=message.id))
    await answered(town, message)
    said: Any = (await told(message, "answer:published")).data

    await withdrawn(town, message, answer=said["answer"])
    await sent()

    assert [str(letter["Subject"]).partition(":")[0] for letter in mailbox.letters] == ["Принято в работу"]
    assert "It was filled." not in text(*mailbox.letters)


async def test_a_digest_tells_each_message_once_with_all_that_happened(town: Town, mailbox: Mailbox) -> None:
    message = await published(town)
    await confirmed(Wish(message=message.id, frequency=Frequency.WEEKLY))
    await answered(town, message)

    await gathered()
    await sent()

    (letter,) = mailbox.letters
    assert letter["Subject"] == "Новости за неделю: 1 сообщение"
    says(letter, "Принято в работу", "Ответ опубликован (Решено)", f"{AWAY}/publications/{message.number}")
    assert text(letter).count(f"№ {message.number}") == 1
    assert letter["References"] is None


@pytest.mark.parametrize(
    ("happened", "daily", "weekly"),
    [
        (datetime(2026, 3, 2, 6, 59, tzinfo=TOWN), "2026-03-02", "2026-03-02"),
        (datetime(2026, 3, 2, 7, 0, tzinfo=TOWN), "2026-03-03", "2026-03-09"),
        (datetime(2026, 3, 6, 18, 0, tzinfo=TOWN), "2026-03-07", "2026-03-09"),
    ],
)
def test_a_digest_goes_on_the_next_morning_or_the_next_monday(happened: datetime, daily: str, weekly: str) -> None:
    mornings = [followers.next_morning(happened), followers.next_morning(happened, on=followers.MONDAY)]

    assert [each.isoformat() for each in mornings] == [f"{day}T07:00:00+03:00" for day in (daily, weekly)]


async def test_the_author_is_told_as_the_author_and_not_once_more_as_a_follower(town: Town, mailbox: Mailbox) -> None:
    await following.follow(Wish(street="Мира"), by=town.anna, at=MONDAY)
    message = await published(town)
    await following.follow(Wish(message=message.id), by=town.anna, at=MONDAY)
    await following.follow(Wish(message=message.id), by=town.boris, at=MONDAY)

    await answered(town, message)
    await sent("mail:answered")

    assert len(mailbox.to("boris")) == 2
    assert ["/letters/" in str(letter["List-Unsubscribe"]) for letter in mailbox.to("anna")] == [True]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("550 5.1.1 no such user", ["boris"]),
        ("550 no such user", ["boris"]),
        ("552 5.2.2 the mailbox is full", ["boris", "guest"]),
        ("554 5.7.1 relay access denied", ["boris", "guest"]),
        ("450 4.2.1 try later", ["boris", "guest"]),
    ],
)
async def test_a_guest_whose_address_there_is_not_is_forgotten_and_nobody_else(
    town: Town, mailbox: Mailbox, said: str, left: list[str]
) -> None:
    await confirmed(Wish(street="Мира"))
    await following.follow(Wish(street="Мира"), by=town.boris, at=MONDAY)
    mailbox.of_address.update({GUEST: said, str(town.boris.email): said})

    await published(town)
    await sent()

    rows = await Subscriber.select(Subscriber.person).order_by(Subscriber.person, ascending=True)
    assert ["boris" if row["person"] else "guest" for row in rows] == left


async def test_who_has_left_gets_nothing_that_was_owed(town: Town, mailbox: Mailbox) -> None:
    left = await confirmed(Wish(street="Мира"))
    await published(town)
    await gathered()

    await following.end(left.subscriber)
    await sent()

    assert mailbox.letters == []
    assert [row["error"] is not None and row["gave_up_at"] is not None for row in await deliveries(followers.NAME)] == [
        True
    ]


async def test_two_at_once_owe_each_follower_one_letter(town: Town, mailbox: Mailbox) -> None:
    await confirmed(Wish(street="Мира"))
    await following.follow(Wish(street="Мира"), by=town.boris, at=MONDAY)
    await published(town)
    event = await Event.objects().get(Event.kind == "message:published")
    assert event is not None

    await asyncio.gather(*(followers.owe(event) for _ in range(3)))
    await sent()

    assert sorted(letter["To"].addresses[0].username for letter in mailbox.letters) == ["boris", "sosed"]


async def test_the_address_of_a_guest_stands_in_one_row_and_no_official_finds_it(town: Town, mailbox: Mailbox) -> None:
    message = await published(town)
    await confirmed(Wish(message=message.id))
    await confirmed(Wish(message=message.id), email="full@mail.example")
    mailbox.of_address["full@mail.example"] = "550 full@mail.example is not here"

    await answered(town, message)
    await all_delivered("mail:")

    guests = {GUEST, "full@mail.example"}
    rows = await Delivery.select().where(Delivery.recipient.like("at_once:%"))
    assert {row["address"] for row in rows} == {None}
    assert not [row for row in rows if any(guest in (row["error"] or "") for guest in guests)]
    assert not [each for each in await Event.select(Event.data) if any(guest in each["data"] for guest in guests)]
    listed = await mailing.letters(message.id, language="ru", contacts=True)
    assert guests & {each.address for each in listed} == set()
    with pytest.raises(Stale):
        await resending.resend(message, rows[0]["id"], by=town.marina, at=MONDAY, resent=0)


async def test_thousands_of_letters_do_not_stand_before_the_one_that_is_waited_for(town: Town) -> None:
    await Subscriber.raw(FOLLOWERS, 450, MONDAY, MONDAY)
    offered: list[int] = []

    async def listen(queue: str, delivery: int, ticket: int) -> None:
        offered.append(delivery)

    await published(town)
    event = await Event.objects().get(Event.kind == "message:published")
    assert event is not None
    await followers.owe(event)
    rows = await Delivery.select(Delivery.next_at).where(Delivery.recipient != "")
    # The mail was away for an hour: everything of theirs is due, and has been for longer.
    later = moment.now() + HOUR
    await Delivery.insert(Delivery(event=event.id, reaction="mail:registered", next_at=later))
    await relay.offer("mail", at=later, enqueue=listen)

    first = min(row["next_at"] for row in rows)
    steps = [sum(row["next_at"] == first + step * followers.STEP for row in rows) for step in range(5)]
    assert steps == [100] * 4 + [50]
    assert len(offered) == 1


async def test_a_letter_is_left_by_one_press_bound_to_its_subscription(town: Town, mailbox: Mailbox) -> None:
    await confirmed(Wish(street="Мира"))

    await published(town)
    await sent()

    (letter,) = mailbox.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (link,) = set(re.findall(rf"{AWAY}/subscriptions/[\w.-]+", text(letter)))
    assert str(letter["List-Unsubscribe"]) == f"<{link}>"


async def test_a_citizen_without_an_account_any_more_is_not_written_to(town: Town, mailbox: Mailbox) -> None:
    await following.follow(Wish(street="Мира"), by=town.boris, at=MONDAY)
    await published(town)
    await Person.update({Person.active: False}).where(Person.id == town.boris.id)

    await sent()

    assert mailbox.to("boris") == []


async def test_a_digest_waits_for_what_is_owed_a_moment_later(town: Town) -> None:
    await confirmed(Wish(street="Мира", frequency=Frequency.DAILY))

    await published(town)
    await gathered()

    (row,) = await deliveries(followers.NAME)
    assert row["next_at"] >= moment.now() + WAIT - timedelta(seconds=5)
