"""A letter that comes back is noted at its reader, and nobody else's is (§3, §4.3)."""

from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Any

import pytest
from tests.domain.test_following import confirmed, published
from tests.people import MONDAY, Town
from tests.stories import HOUR, submitted
from tests.workers.conftest import Mailbox, all_delivered, deliveries

from domain.following import Wish
from domain.model import Event, Subscriber
from workers.mail import bounces

pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]
LATER = MONDAY + HOUR


def report(letter: EmailMessage, *, action: str = "failed", address: str = "", whole: bool = True) -> bytes:
    """As Postfix writes it (RFC 3464): the sentence for people, the fields for programs, the letter or its headers."""
    made = MIMEMultipart("report", report_type="delivery-status")
    made["From"], made["To"] = "MAILER-DAEMON@town.example", "otklik@localhost"
    made.attach(MIMEText("I'm sorry to have to inform you that your message could not be delivered."))
    to = address or letter["To"].addresses[0].addr_spec
    fields = (
        f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n"
    )
    status = f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; town.example\n\n{fields}\n"
    headers = "\n".join(f"{name}: {value}" for name, value in letter.items() if name in ("Message-ID", "Subject"))
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    back = f"Content-Type: {kind}\n\n{headers}\n\nThe text.\n"
    head, _, tail = made.as_string().rpartition(f"--{made.get_boundary()}--")
    line = f"--{made.get_boundary()}\n"
    return f"{head}{line}{status}{line}{back}--{made.get_boundary()}--{tail}".encode()


async def test_an_address_of_a_guest_that_there_is_not_is_written_to_no_more(town: Town, mailbox: Mailbox) -> None:
    await confirmed(Wish(street="Мира"))
    await confirmed(Wish(street="Мира"), email="other@mail.example")
    await published(town)
    await all_delivered("mail:followed")
    (letter,) = mailbox.to("sosed")

    forged = await bounces.note(report(letter, address="other@mail.example"), at=LATER)
    noted = [await bounces.note(report(letter), at=LATER) for _ in range(2)]

    assert (forged, noted) == (0, [1, 0])
    assert await Subscriber.select(Subscriber.email).output(as_list=True) == ["other@mail.example"]
    assert await Event.count().where(Event.kind == "letter:returned") == 0


async def sent(town: Town, mailbox: Mailbox) -> EmailMessage:
    await submitted(town)
    await all_delivered("mail:")
    (letter,) = mailbox.letters
    return letter


async def the_letter() -> dict[str, Any]:
    (row,) = await deliveries("mail:taken_in")
    return row


@pytest.mark.parametrize("whole", [True, False])
async def test_a_letter_that_failed_for_good_is_noted_once_with_the_reason(
    town: Town, mailbox: Mailbox, whole: bool
) -> None:
    letter = await sent(town, mailbox)

    noted = [await bounces.note(report(letter, whole=whole), at=LATER) for _ in range(2)]

    row = await the_letter()
    assert noted == [1, 0]
    assert (row["bounced_at"], row["error"]) == (LATER, "smtp; 550 no such user")
    assert await Event.count().where(Event.kind == "letter:returned") == 1


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
async def test_what_is_no_failure_changes_nothing(town: Town, mailbox: Mailbox, action: str) -> None:
    letter = await sent(town, mailbox)

    assert await bounces.note(report(letter, action=action), at=LATER) == 0
    assert (await the_letter())["bounced_at"] is None


async def test_a_report_of_another_address_or_letter_changes_nothing(town: Town, mailbox: Mailbox) -> None:
    letter = await sent(town, mailbox)
    foreign = EmailMessage()
    foreign["Message-ID"], foreign["To"] = "<1-taken_in-1@elsewhere>", letter["To"]

    assert await bounces.note(report(letter, address="oleg@mail.example"), at=LATER) == 0
    assert await bounces.note(report(foreign), at=LATER) == 0
    assert (await the_letter())["bounced_at"] is None


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: message/delivery-status\n\n",
        b"Content-Type: message/rfc822\n\n",
        b"x" * 10_000,
    ],
)
async def test_what_is_no_report_changes_nothing(town: Town, mailbox: Mailbox, rubbish: bytes) -> None:
    await sent(town, mailbox)

    assert await bounces.note(rubbish, at=LATER) == 0
    assert (await the_letter())["bounced_at"] is None
