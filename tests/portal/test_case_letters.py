"""The letters of a case: who may see them, how each stands, and once more when somebody presses (§3, §4.3)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from tests.people import MONDAY, Town
from tests.portal.conftest import Browser, Clock
from tests.stories import HOUR, registered, submitted
from tests.workers.conftest import Mailbox, all_delivered, deliveries, mailbox
from tests.workers.test_bounces import report

from domain import opening, resending
from domain.errors import NotAllowed, Stale
from domain.model import Delivery, Event, Message
from portal.app import furnished
from portal.desk import mailing
from workers.mail import bounces
from workers.reactions import BY_NAME
from workers.settings import Settings

__all__ = ["mailbox"]
pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]


async def told(town: Town) -> tuple[Message, dict[str, Any]]:
    """A message whose author was told that it has come."""
    message = await submitted(town)
    await all_delivered("mail:")
    (row,) = await deliveries("mail:taken_in")
    return message, row


def test_every_letter_has_a_title() -> None:
    # Who follows from outside reads of no case, and nobody reads of them.
    outside = {"mail:followed", "mail:subscription_asked"}
    assert set(mailing.TITLES) == {name for name in BY_NAME if name.startswith(("mail:", "push:"))} - outside


async def test_the_list_says_to_whom_each_letter_went_and_how_it_stands(
    town: Town, mailbox: Mailbox, browser: Browser
) -> None:
    message = await registered(town)
    await all_delivered("mail:taken_in")
    mailbox.of_letter = "451 the disk is full"
    await all_delivered("mail:registered")

    page = await (await browser.sign_in(town.marina)).get(f"/messages/{message.id}/letters")

    assert page.status_code == 200
    for words in ("автор", "a…@mail.example", "отправлено", "отложено"):
        assert words in page.text
    await opening.open_contacts(message, by=town.marina, reason="contact", at=MONDAY)
    opened = await browser.get(f"/messages/{message.id}/letters")
    for words in ("anna@mail.example", "the disk is full"):
        assert (words in page.text, words in opened.text) == (False, True)


async def test_a_letter_that_waits_for_the_mail_server_says_so_and_is_not_to_be_sent_again(
    town: Town, browser: Browser
) -> None:
    message = await registered(town)
    await all_delivered("mail:")  # at an address where no mail server is
    await Delivery.update({Delivery.error: None}).where(Delivery.reaction == "mail:assigned")  # as if nobody had tried

    page = await (await browser.sign_in(town.marina)).get(f"/messages/{message.id}/letters")

    assert page.text.count("почтовый сервер недоступен") == 3
    assert "/resending" not in page.text


async def test_whoever_watches_over_the_portal_sees_that_the_mail_server_is_away(town: Town, browser: Browser) -> None:
    before = await browser.get("/health/mail")
    await submitted(town)
    await all_delivered("mail:")  # at an address where no mail server is

    after = await browser.get("/health/mail")

    assert (before.status_code, before.text) == (200, "ok")
    assert (after.status_code, after.text) == (503, "away")
    assert (await browser.get("/health")).status_code == 200


@pytest.mark.parametrize("name", ["anna", "pavel"])
async def test_neither_the_author_nor_the_executor_sees_who_was_written_to(
    town: Town, mailbox: Mailbox, browser: Browser, name: str
) -> None:
    message = await registered(town)
    await all_delivered("mail:")
    (row,) = await deliveries("mail:registered")
    await browser.sign_in(getattr(town, name))

    page = await browser.get(f"/messages/{message.id}/letters")
    pressed = await browser.post(f"/messages/{message.id}/letters/{row['id']}/resending", data={"resent": "0"})

    assert (page.status_code, pressed.status_code) == (404, 404)


async def test_a_controller_reads_of_the_author_only_that_there_is_an_address(
    town: Town, mailbox: Mailbox, browser: Browser
) -> None:
    message, _ = await told(town)
    await bounces.note(report(mailbox.letters[0]), at=MONDAY + HOUR)

    page = await (await browser.sign_in(town.elena)).get(f"/messages/{message.id}/letters")

    assert "a…@mail.example" in page.text
    assert "anna@mail.example" not in page.text


async def test_a_letter_goes_once_more_under_a_new_id_and_the_journal_tells_of_it(
    town: Town, mailbox: Mailbox, browser: Browser
) -> None:
    message, row = await told(town)
    await browser.sign_in(town.marina)

    pressed = await browser.post(f"/messages/{message.id}/letters/{row['id']}/resending", data={"resent": "0"})
    await all_delivered("mail:")

    assert pressed.status_code == 303
    first, second = mailbox.letters
    assert first.get_body().get_content() == second.get_body().get_content()
    assert first["Message-ID"] != second["Message-ID"]
    assert ".r1@" in second["Message-ID"]
    assert await Event.count().where((Event.kind == "letter:resent") & (Event.actor == town.marina.id)) == 1
    assert "отправлено ещё раз" in (await browser.get(f"/messages/{message.id}/letters")).text


async def test_two_who_press_at_once_send_one_letter(town: Town, mailbox: Mailbox) -> None:
    message, row = await told(town)

    pressed = await asyncio.gather(
        *(resending.resend(message, row["id"], by=by, at=MONDAY, resent=0) for by in (town.marina, town.elena)),
        return_exceptions=True,
    )
    await all_delivered("mail:")

    assert sorted(type(each).__name__ for each in pressed) == ["NoneType", "Stale"]
    assert len(mailbox.letters) == 2


async def test_a_letter_on_its_way_is_not_sent_twice_and_a_letter_of_another_case_not_at_all(
    town: Town, mailbox: Mailbox
) -> None:
    message, row = await told(town)
    other = await submitted(town)
    await resending.resend(message, row["id"], by=town.marina, at=MONDAY, resent=0)

    with pytest.raises(Stale):
        await resending.resend(message, row["id"], by=town.marina, at=MONDAY, resent=1)
    with pytest.raises(Stale):
        await resending.resend(other, row["id"], by=town.marina, at=MONDAY, resent=1)


async def test_an_executor_does_not_send_letters_again(town: Town, mailbox: Mailbox) -> None:
    message, row = await told(town)

    with pytest.raises(NotAllowed):
        await resending.resend(message, row["id"], by=town.pavel, at=MONDAY, resent=0)


async def test_a_letter_that_came_back_says_so_until_it_is_sent_again(
    town: Town, mailbox: Mailbox, browser: Browser
) -> None:
    message, row = await told(town)
    await bounces.note(report(mailbox.letters[0]), at=MONDAY + HOUR)
    await browser.sign_in(town.marina)
    await opening.open_contacts(message, by=town.marina, reason="contact", at=MONDAY)

    page = await browser.get(f"/messages/{message.id}/letters")
    case = await browser.get(f"/moderation/{message.id}")
    await resending.resend(message, row["id"], by=town.marina, at=MONDAY + timedelta(hours=2), resent=0)
    after = await browser.get(f"/messages/{message.id}/letters")

    assert "вернулось" in page.text
    assert "550 no such user" in page.text
    assert "Письмо вернулось" in case.text
    assert "550 no such user" not in after.text


async def test_the_report_comes_in_by_its_token_alone(
    town: Town, mailbox: Mailbox, browser: Browser, addresses: Litestar, settings: Settings, clock: Clock
) -> None:
    await told(town)
    came = report(mailbox.letters[0])
    without = await browser.post("/bounces", content=came, headers={"Authorization": "Bearer "})
    server = Browser(furnished(addresses, replace(settings, bounces_token="of the mail server"), clock))

    wrong = await server.post("/bounces", content=came, headers={b"Authorization": "Bearer другой".encode()})
    right = await server.post("/bounces", content=came, headers={"Authorization": "Bearer of the mail server"})

    assert [each.status_code for each in (without, wrong)] == [404, 404]
    assert (right.status_code, right.text.strip()) == (201, "1")
