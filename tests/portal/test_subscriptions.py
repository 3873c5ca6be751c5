"""How one begins to follow what is published, and how one leaves (§2); and who only types the address of others."""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from tests.conftest import SECRET
from tests.domain.test_following import GUEST, confirmed, published, standing
from tests.people import MONDAY, Town
from tests.portal.conftest import HOME, HTMX, Browser, Clock
from tests.portal.errands import location
from tests.workers.conftest import Mailbox, all_delivered, mailbox
from tests.workers.test_letters import text

from domain.following import Wish
from domain.invitations import FOLLOWING, Invitation, sign
from domain.model import Confirmation, Event, Message, Subscriber, Subscription
from portal import guests, limits
from portal.door import Door

__all__ = ["mailbox"]
pytestmark = [pytest.mark.rule("R28"), pytest.mark.usefixtures("database")]
STREET = {"street": "ул. Мира", "frequency": "daily", "email": GUEST}


def link_in(box: Mailbox, place: str) -> str:
    found = re.findall(rf"{HOME}(/subscriptions/{place}[\w.-]+)", text(box.letters[-1]))
    assert found
    return str(found[0])


async def asked(browser: Browser, **changes: str) -> httpx.Response:
    return await browser.post("/subscriptions", data={**STREET, **changes})


async def letters() -> int:
    return await Event.count().where(Event.kind == "subscription:asked")


async def test_a_guest_follows_after_a_letter_and_a_press_and_opening_the_link_changes_nothing(
    town: Town, browser: Browser, mailbox: Mailbox
) -> None:
    answer = await asked(browser)
    await all_delivered("mail:subscription_asked")
    link = link_in(mailbox, "confirmation/")

    opened = [(await browser.get(link)).status_code for _ in range(2)]
    before = await standing()
    pressed = await browser.post(link)
    page = await browser.get(location(pressed))

    assert location(answer) == "/subscriptions/asked"
    assert "List-Unsubscribe" not in mailbox.letters[0]
    assert (opened, before) == ([200, 200], [("daily", False)])
    assert await standing() == [("daily", True)]
    assert "ул. Мира" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"


async def test_the_link_that_asks_is_good_for_one_press_and_three_days_and_says_so(
    town: Town, browser: Browser, clock: Clock, mailbox: Mailbox
) -> None:
    await asked(browser)
    await all_delivered("mail:subscription_asked")
    link = link_in(mailbox, "confirmation/")
    await browser.post(link)

    again = await browser.post(link)
    pressed = await browser.get(link)
    clock.forward(days=1, seconds=1)
    await asked(browser, street="Садовая")
    await all_delivered("mail:subscription_asked")
    late = link_in(mailbox, "confirmation/")
    clock.forward(days=3, seconds=1)  # before anything is tidied
    opened, refused = await browser.get(late), await browser.post(late)
    await asked(browser, street="Садовая")  # whoever wishes it anew gives no life to the old link
    revived = [await browser.get(late), await browser.post(late)]

    assert (location(again), pressed.status_code) == (link, 410)
    assert "одно нажатие" in pressed.text
    assert (opened.status_code, location(refused)) == (410, late)
    assert (revived[0].status_code, location(revived[1])) == (410, late)
    assert await standing() == [("daily", True), ("daily", False)]


async def test_to_a_guest_the_same_is_said_whatever_is_known_of_the_address(town: Town, browser: Browser) -> None:
    await confirmed(Wish(street="ул. Мира"))

    known, unknown = await asked(browser), await asked(browser, email="nobody@mail.example")
    pieces = [
        await browser.post("/subscriptions", data={**STREET, "email": email}, headers=HTMX)
        for email in (GUEST, "third@mail.example")
    ]

    assert (known.status_code, location(known)) == (unknown.status_code, location(unknown))
    assert pieces[0].text == pieces[1].text


async def test_one_address_is_asked_three_times_a_day_and_nobody_is_told_of_the_fourth(
    town: Town, browser: Browser, clock: Clock
) -> None:
    streets = ("Мира", "Садовая", "Речная", "Лесная")

    places = [location(await asked(browser, street=street)) for street in streets]
    asked_today = await letters()
    clock.forward(days=1, seconds=1)
    await asked(browser, street="Лесная")

    assert set(places) == {"/subscriptions/asked"}
    assert (asked_today, await letters()) == (3, 4)
    marks = await Confirmation.select(Confirmation.address, Confirmation.place)
    assert not [row for row in marks if "@" in row["address"] or "127." in row["place"]]


async def test_from_one_place_only_so_many_letters_are_asked_for(town: Town, portal: Door) -> None:
    here, there = (Browser(portal, headers={"X-Forwarded-For": f"1.1.1.1, 10.0.0.{place}"}) for place in (1, 2))
    for number in range(limits.FROM_ONE_PLACE):
        await asked(here, email=f"n{number}@mail.example")

    refused, others = await asked(here, email="more@mail.example"), await asked(there, email="more@mail.example")

    assert (refused.status_code, others.status_code) == (429, 303)
    assert 'value="more@mail.example"' in refused.text
    assert await letters() == limits.FROM_ONE_PLACE + 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_a_line_of_ipv6_is_one_place_however_many_addresses_it_has(one: str, other: str, same: bool) -> None:
    assert (guests.network(one) == guests.network(other)) == same


async def test_what_does_not_fit_comes_back_as_it_was_typed(town: Town, browser: Browser) -> None:
    answer = await asked(browser, street="41", email="a@b", topic=str(town.pothole.id))
    piece = await browser.post("/subscriptions", data={**STREET, "email": "a@b"}, headers=HTMX)

    assert answer.status_code == 422
    assert {'id="f-street-error"', 'id="f-email-error"'} == set(re.findall(r'id="f-\w+-error"', answer.text))
    assert 'value="a@b"' in answer.text
    assert f'value="{town.pothole.id}" selected' in answer.text
    assert piece.status_code == 422
    assert "<html" not in piece.text


async def test_a_citizen_follows_at_once_without_typing_an_address_and_leaves_in_the_cabinet(
    town: Town, browser: Browser
) -> None:
    message = await published(town)
    await browser.sign_in(town.boris)

    card = await browser.get(f"/publications/{message.number}")
    done = await browser.post("/subscriptions", data={"number": message.number, "frequency": "at_once"})
    page = await browser.get(location(done))
    (row,) = await Subscription.objects()
    await browser.post("/settings/subscriptions", data={"subscription": row.id, "frequency": "weekly"})
    changed = await standing()
    await browser.post("/settings/subscriptions", data={"subscription": row.id, "frequency": "weekly", "end": "yes"})

    assert 'name="number"' in card.text
    assert 'type="email"' not in card.text
    assert f"/publications/{message.number}" in page.text
    assert changed == [("weekly", True)]
    assert await standing() == []


async def test_the_feed_offers_to_follow_the_street_that_was_looked_for(town: Town, browser: Browser) -> None:
    await published(town)

    street, word = await browser.get("/?q=Мира"), await browser.get("/?q=hole")

    assert "/subscriptions/new?street=%D0%9C%D0%B8%D1%80%D0%B0" in street.text
    assert "/subscriptions/new?street" not in word.text
    assert 'name="email"' in street.text


@pytest.mark.parametrize("way", ["new", "post"])
async def test_who_asks_for_a_hidden_message_hears_that_there_is_none(town: Town, browser: Browser, way: str) -> None:
    message = await published(town)
    await Message.update({Message.published_at: None}).where(Message.id == message.id)

    answer = await (
        browser.get(f"/subscriptions/new?number={message.number}")
        if way == "new"
        else asked(browser, number=str(message.number))
    )

    assert answer.status_code == 404
    assert await letters() == 0


async def test_the_link_of_a_letter_shows_everything_and_one_press_in_the_mail_program_ends_its_subscription(
    town: Town, browser: Browser, mailbox: Mailbox
) -> None:
    await confirmed(Wish(street="ул. Мира"))
    await confirmed(Wish(topic=town.pavement.id))
    await published(town)
    await all_delivered("mail:followed")
    link = urlsplit(str(mailbox.letters[0]["List-Unsubscribe"]).strip("<>")).path
    program = httpx.AsyncClient(transport=browser._transport, base_url=HOME)

    page = await browser.get(link)
    before = len(await standing())
    pressed = [await program.post(link, data={"List-Unsubscribe": "One-Click"}) for _ in range(2)]
    left = await Subscription.select(Subscription.topic).output(as_list=True)
    ended = await browser.post(link, data={"end": "yes"})

    assert "Вы пришли из письма" in page.text
    assert "ул. Мира" in page.text
    assert town.pavement.name in page.text
    assert GUEST not in page.text
    assert (before, [each.status_code for each in pressed], left) == (2, [200, 200], [town.pavement.id])
    assert ended.status_code == 200
    assert await Subscriber.count() == 0


async def test_a_press_on_a_digest_ends_what_comes_as_often_and_nothing_else(town: Town, browser: Browser) -> None:
    daily = await confirmed(Wish(street="Мира", frequency="daily"))
    await confirmed(Wish(street="Садовая", frequency="weekly"))
    token = sign(Invitation(-2, daily.subscriber), SECRET, at=MONDAY, what=FOLLOWING)

    page = await browser.get(f"/subscriptions/{token}")
    await browser.post(f"/subscriptions/{token}", data={"List-Unsubscribe": "One-Click"})

    assert "все подписки с частотой «раз в день»" in page.text
    assert await standing() == [("weekly", True)]


async def test_links_that_are_old_made_up_or_for_something_else_open_nothing(
    town: Town, browser: Browser, clock: Clock
) -> None:
    mine = await confirmed(Wish(street="Мира"))
    other = await confirmed(Wish(street="Садовая"), email="other@mail.example")
    good = sign(Invitation(mine.id, mine.subscriber), SECRET, at=MONDAY, what=FOLLOWING)
    answer = sign(Invitation(mine.id, mine.subscriber), SECRET, at=MONDAY)
    anothers = {"subscription": str(other.id), "end": "yes"}

    await browser.post(f"/subscriptions/{good}", data=anothers)
    clock.forward(days=40)
    opened = [await browser.get(f"/subscriptions/{token}") for token in (good, answer, "made-up")]
    pressed = [await browser.post(f"/subscriptions/{token}") for token in (good, answer, "made-up")]
    asked_for = [await browser.get(f"/subscriptions/confirmation/{token}") for token in (good, "made-up")]

    assert [each.status_code for each in opened] == [410, 404, 404]
    assert {each.status_code for each in pressed} == {404}
    assert [each.status_code for each in asked_for] == [404, 404]
    assert len(await standing()) == 2


async def test_officials_and_guests_have_no_list_in_the_cabinet(town: Town, browser: Browser) -> None:
    guest = await browser.get("/settings/subscriptions")
    official = await (await browser.sign_in(town.marina)).get("/settings/subscriptions")

    assert (guest.status_code, official.status_code) == (303, 404)
