"""Who follows what is public: citizens at once, guests when they say yes; when nothing is left an address is gone."""

import asyncio
from datetime import timedelta

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, fresh, registered

from domain import following, publishing, streets
from domain.errors import NotAllowed, Unfit
from domain.following import AFTER_CLOSING, Frequency, Wish
from domain.invitations import CONFIRMED_WITHIN
from domain.model import Event, Message, RejectionGround, Subscriber, Subscription

pytestmark = [pytest.mark.rule("R28"), pytest.mark.usefixtures("database")]
GUEST = "sosed@mail.example"
LATE = MONDAY + CONFIRMED_WITHIN + timedelta(seconds=1)


async def published(town: Town, place: str = "ул. Мира, 41") -> Message:
    """Registered, and an hour later before everybody."""
    message = await registered(town)
    await publishing.publish(message, by=town.marina, at=MONDAY + 2 * HOUR, text="A deep hole.", place=place)
    return await fresh(message)


async def asked(wish: Wish, *, email: str = GUEST, language: str = "ru") -> Subscription:
    """What a guest has asked for, and not confirmed."""
    await following.ask(wish, email=email, language=language, at=MONDAY)
    found = await Subscription.objects().order_by(Subscription.id, ascending=False).first()
    assert found is not None
    return found


async def confirmed(wish: Wish, *, email: str = GUEST) -> Subscription:
    found = await asked(wish, email=email)
    await following.confirm(found.subscriber, found.id, at=MONDAY)
    return found


async def standing() -> list[tuple[str, bool]]:
    """How often each subscription is told, and whether it is confirmed."""
    rows = await Subscription.select(Subscription.frequency, Subscription.confirmed_at).order_by(Subscription.id)
    return [(row["frequency"], row["confirmed_at"] is not None) for row in rows]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Мира", "ул. Мира, 41, у магазина"),
        ("улица мира", "ул. Мира, 41"),
        ("ул.Зеленая", "улица Зелёная, 5"),
        ("8 Марта", "ул. 8 Марта, 5"),
        ("пр-кт Строителей", "пр. Строителей, 63"),
        ("с. Ветлое", "с. Ветлое, ул. Центральная, 4"),
        ("с. Ветлое, ул. Центральная", "с. Ветлое, ул. Центральная, 4"),
        ("Мира улица", "ул. Мира, 41"),
        ("ул. Мира", "Мира улица, 41"),
        ("ул. Набережная", "улица Набережная, 3"),
        ("Набережная улица", "ул. Набережная, 3"),
        ("ул. Набережная", "Набережная улица, 3"),
        ("наб. Волги", "Набережная Волги, 3"),
    ],
)
def test_a_street_is_found_however_it_is_written(typed: str, address: str) -> None:
    assert streets.key(typed) in streets.keys_in(address)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Мира", "ул. Мирная, 4"),
        ("ул. Мира", "пер. Мира, 4"),
        ("Ветлое", "с. Ковыльное, 1"),
        ("пер. Мира", "ул. Мира, пер. Степной"),
    ],
)
def test_another_street_is_not_found(typed: str, address: str) -> None:
    assert streets.key(typed) not in streets.keys_in(address)


@pytest.mark.parametrize(
    "typed",
    [
        "Вам выплата https://evil.example/x",
        "выплата@evil.example",
        "Позвоните срочно 8 800 555 35 35",
        "Вам положена крупная выплата напишите нам сегодня",
        "Выплата\u2024рф",
        "Мира\nВыплата",
    ],
)
async def test_nobody_sends_strangers_a_link_or_a_telephone_as_a_street(town: Town, typed: str) -> None:
    with pytest.raises(Unfit):
        await following.ask(Wish(street=typed), email=GUEST, language="ru", at=MONDAY)

    assert await Subscription.count() == 0


async def test_what_is_typed_as_a_street_becomes_no_link_in_a_letter(town: Town) -> None:
    dotted = await asked(Wish(street="ул.Мира выплата.рф evil.example"))

    assert dotted.street == "ул. Мира выплата. рф evil. example"


async def test_a_citizen_follows_at_once_and_chooses_anew_how_often(town: Town) -> None:
    await following.follow(Wish(street="Мира"), by=town.anna, at=MONDAY)
    await following.follow(Wish(street="мира", frequency=Frequency.WEEKLY), by=town.anna, at=MONDAY)

    assert await standing() == [("weekly", True)]
    assert await Event.count().where(Event.kind == "subscription:asked") == 0


@pytest.mark.parametrize("who", ["zinaida", "marina", "pavel", "elena"])
async def test_who_has_no_address_for_it_or_is_an_official_does_not_follow_as_a_citizen(town: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        await following.follow(Wish(street="Мира"), by=getattr(town, who), at=MONDAY)

    assert await standing() == []


async def test_what_a_guest_asks_for_counts_only_when_it_is_confirmed(town: Town) -> None:
    wished = await asked(Wish(street="Мира", frequency=Frequency.DAILY))
    before = await standing()

    pressed = await asyncio.gather(*(following.confirm(wished.subscriber, wished.id, at=MONDAY) for _ in range(2)))

    assert sorted(pressed) == [False, True]
    assert (before, await standing()) == ([("daily", False)], [("daily", True)])
    assert not await following.is_asked(wished.subscriber, wished.id, at=MONDAY)


async def test_a_stranger_who_types_the_address_of_a_subscriber_changes_nothing(town: Town) -> None:
    await confirmed(Wish(street="Мира", frequency=Frequency.WEEKLY))

    await asked(Wish(street="Мира"), email=GUEST.upper(), language="en")

    assert await standing() == [("weekly", True)]
    (subscriber,) = await Subscriber.objects()
    assert (subscriber.email, subscriber.language) == (GUEST, "ru")


async def test_nobody_confirms_or_changes_what_is_anothers(town: Town) -> None:
    wished = await asked(Wish(street="Мира"))
    other = await confirmed(Wish(topic=town.pothole.id), email="other@mail.example")

    assert not await following.confirm(other.subscriber, wished.id, at=MONDAY)
    await following.change(other.subscriber, wished.id, Frequency.WEEKLY)
    await following.end(other.subscriber, Subscription.id == wished.id)
    assert await standing() == [("at_once", False), ("at_once", True)]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(), "street"),
        (Wish(street="ул."), "street"),
        (Wish(street="41"), "street"),
        (Wish(street="я" * 101), "street"),
        (Wish(topic=999), "topic"),
        (Wish(street="Мира", frequency="hourly"), "frequency"),
        (Wish(message=999), "form"),
    ],
)
async def test_what_cannot_be_followed_is_told_at_its_field(town: Town, wish: Wish, field: str) -> None:
    with pytest.raises(Unfit) as unfit:
        await following.ask(wish, email="no address", language="ru", at=MONDAY)

    assert set(unfit.value.errors) == {field, "email"}
    assert await Subscriber.count() == 0


async def test_nobody_follows_what_is_not_before_everybody(town: Town) -> None:
    hidden = await published(town)
    ground = await RejectionGround.objects().first()
    await publishing.withdraw(hidden, by=town.vera, at=MONDAY + 3 * HOUR, ground=ground.id, words="Имя.")
    await town.pavement.update_self({"closed": True})

    for wish in (Wish(message=hidden.id), Wish(message=(await registered(town)).id), Wish(topic=town.pavement.id)):
        with pytest.raises(Unfit):
            await following.follow(wish, by=town.anna, at=MONDAY)


async def test_with_the_last_subscription_the_address_is_gone(town: Town) -> None:
    street = await confirmed(Wish(street="Мира"))
    await confirmed(Wish(topic=town.pothole.id))

    await following.end(street.subscriber, Subscription.id == street.id)
    left = await Subscriber.count()
    await following.end(street.subscriber)

    assert (left, await Subscriber.count(), await Subscription.count()) == (1, 0, 0)


async def test_who_does_not_confirm_in_three_days_is_forgotten(town: Town) -> None:
    wished = await asked(Wish(street="Мира"))
    await confirmed(Wish(street="Мира"), email="other@mail.example")

    await following.forget(at=MONDAY + CONFIRMED_WITHIN)
    in_time = await Subscriber.count()
    too_late = await following.confirm(wished.subscriber, wished.id, at=LATE)
    await following.forget(at=LATE)

    assert (in_time, too_late) == (2, False)
    assert await Subscriber.select(Subscriber.email).output(as_list=True) == ["other@mail.example"]


async def test_what_is_closed_for_long_is_followed_no_longer(town: Town) -> None:
    message = await published(town)
    await confirmed(Wish(message=message.id))
    await Message.update({Message.closed_at: MONDAY}).where(Message.id == message.id)

    await following.forget(at=MONDAY + AFTER_CLOSING)
    before = await Subscriber.count()
    await following.forget(at=MONDAY + AFTER_CLOSING + timedelta(seconds=1))

    assert (before, await Subscriber.count()) == (1, 0)


async def test_of_leaving_and_following_at_once_neither_is_lost(town: Town) -> None:
    old = await confirmed(Wish(street="Мира"))

    leave = following.end(old.subscriber, Subscription.id == old.id)
    begin = following.ask(Wish(street="Садовая"), email=GUEST, language="ru", at=MONDAY)
    await asyncio.gather(leave, begin)

    assert await Subscription.select(Subscription.street).output(as_list=True) == ["Садовая"]
    assert await Subscriber.count() == 1


async def test_one_citizen_follows_fifty_things_and_no_more(town: Town) -> None:
    for number in range(following.AT_MOST):
        await following.follow(Wish(street=f"Речная {number}"), by=town.anna, at=MONDAY)

    with pytest.raises(Unfit):
        await following.follow(Wish(street="Мира"), by=town.anna, at=MONDAY)
    assert await Subscription.count() == following.AT_MOST
