"""Letters that came back (§3, §4.3): what another mail server reports of them (RFC 3464) is noted at the letter."""

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from typing import Any

from domain import following
from domain.database import atomic
from domain.events import Kind, record
from domain.model import Delivery, Message
from domain.taking import SYSTEM

REASON_LETTERS = 300
GONE = ("5.0.", "5.1.")  # of RFC 3463: of the address, or of nothing in particular, as older servers say it
# Of the copies of one letter the one for this address; a report about somebody else's letter finds none.
RETURNED = """
UPDATE delivery SET bounced_at = {}, error = {} FROM event
WHERE event.id = delivery.event AND message_id = {} AND lower(address) = lower({})
AND done_at IS NOT NULL AND bounced_at IS NULL RETURNING event.message, reaction, recipient
"""
# What followers are sent names no address; a guest's stands in their own row. Officials are told nothing of it.
LOST = """
UPDATE delivery SET bounced_at = {} FROM subscriber s
WHERE message_id = {} AND lower(s.email) = lower({}) AND address IS NULL
AND recipient IN ('at_once:' || s.id, 'daily:' || s.id, 'weekly:' || s.id, 'asked:' || s.id)
AND done_at IS NOT NULL AND bounced_at IS NULL RETURNING s.id
"""


async def note(report: bytes, *, at: datetime) -> int:
    """Note every letter that this report says has failed for good. Returns how many; a delay is no failure.

    What is no report, or one about somebody else's letter, changes nothing.
    """
    parsed = message_from_bytes(report, policy=default)
    letter = letter_of(parsed)
    noted = 0
    for address, reason, gone in failures(parsed) if letter else ():
        noted += await returned(letter, address, reason, at=at)
        noted += await lost(letter, address, gone=gone, at=at)
    return noted


async def returned(message_id: str | None, address: str, reason: str, *, at: datetime) -> int:
    async with atomic():
        rows = await Delivery.raw(RETURNED, at, reason, message_id, address)
        for row in rows:
            message = await Message.objects().get(Message.id == row["message"])
            assert message is not None, "the foreign key holds"  # noqa: S101
            said = {"letter": row["reaction"], "recipient": row["recipient"]}
            await record(Kind.LETTER_RETURNED, message, by=SYSTEM, at=at, **said)
    return len(rows)


async def lost(message_id: str | None, address: str, *, gone: bool, at: datetime) -> int:
    """Of a guest who follows: an address that there is not is written to no more."""
    async with atomic():
        rows = await Delivery.raw(LOST, at, message_id, address)
        for guest in sorted({row["id"] for row in rows if gone}):
            await following.lose(guest)
    return len(rows)


def letter_of(report: Mail) -> str | None:
    """The id of the letter that the report brings back, whole or its headers only."""
    for part in report.walk():
        content: Any = part.get_payload()
        if part.get_content_type() == "message/rfc822" and content:
            return plain(content[0]["Message-ID"])
        if part.get_content_type() == "text/rfc822-headers":
            headers: Any = part.get_payload(decode=True)
            return plain(message_from_bytes(headers, policy=default)["Message-ID"])
    return None


def failures(report: Mail) -> Iterator[tuple[str, str, bool]]:
    """The addresses that were not reached, each with what the other server said, and whether there is no such one."""
    for part in report.walk():
        groups: Any = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
        for group in groups:
            if plain(group["Action"]).lower() == "failed":
                # "rfc822; anna@mail.example": the kind of the address comes first.
                address = plain(group["Final-Recipient"]).rpartition(";")[2].strip()
                reason = plain(group["Diagnostic-Code"] or group["Status"])[:REASON_LETTERS]
                yield address, reason, plain(group["Status"]).startswith(GONE)


def plain(value: Any) -> str:
    """One line without what no page or header should hold; empty for a header that is not there."""
    text = "".join(each if each.isprintable() else " " for each in str(value or ""))
    return " ".join(text.split())
