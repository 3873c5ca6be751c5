"""How much one person may send: the queue of the moderators belongs to everybody."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain.errors import Unfit, say
from domain.model import Confirmation, Message, Person, Upload
from domain.wording import N_
from domain.workdays import in_town, start_of

MESSAGES_A_DAY = 20
FULL = N_("You have sent %(count)d messages today. This one can go tomorrow; copy the text to keep it.")
ONE_AT_A_TIME = 2_026_110_020  # an advisory lock of this database, with the person's id beside it

SENT = "SELECT count(*) AS sent FROM message WHERE author = {} AND sent_at >= {} AND key <> {}"


class TooMany(Unfit):
    """Nothing is wrong with the form: it is one too many for today."""


async def one_more_message(person: Person, key: UUID, *, at: datetime) -> None:
    """Raises TooMany from the twenty-first of a day on. Inside the sending transaction, so that none slips through.

    A form sent twice is no second message, so its own key does not count.
    """
    await Message.raw("SELECT pg_advisory_xact_lock({}::int, {}::int)", ONE_AT_A_TIME, person.id)
    today = start_of(in_town(at).date())
    (row,) = await Message.raw(SENT, person.id, today, key)
    if row["sent"] >= MESSAGES_A_DAY:
        raise TooMany({"form": say(FULL, count=row["sent"])})


# Of files that no form has been sent with yet: so many, and so many times the files of one form, in a day.
FILES_AT_ONCE = 100
FORMS_AT_ONCE, FORMS_OF_GUEST, FORMS_OF_GUESTS = 10, 3, 50
WAIT = timedelta(days=1)
TOO_MANY_FILES = N_("Too many files wait for their forms. Send the forms that you have begun, or come back tomorrow.")
TOO_MANY_OF_GUESTS = N_("No more files are taken without a sign-in just now. Sign in first, then add the file.")
ONE_FILE_AT_A_TIME = 2_026_110_028  # an advisory lock of this database, with a hash of the owner beside it

# Files that are still coming, and those that have come and wait for their form.
WAITING = """
SELECT count(*) AS files, coalesce(sum(size), 0)::bigint AS bytes FROM (
    SELECT {size} AS size FROM upload WHERE {coming} AND attachment IS NULL AND refusal IS NULL AND expires_at > {{}}
    UNION ALL
    SELECT size FROM attachment a WHERE {come} AND message IS NULL AND part IS NULL AND received_at > {{}}
) waiting
"""
OF_PERSON = WAITING.format(size="size", coming="person = {}", come="uploaded_by = {}")
OF_GUEST = WAITING.format(
    size="size", coming="guest = {}", come="id IN (SELECT attachment FROM upload WHERE guest = {})"
)
# Of all guests together only what has come: whoever declares much and sends nothing keeps nobody else out.
OF_GUESTS = WAITING.format(size="received", coming="guest IS NOT NULL", come="uploaded_by IS NULL")


async def one_more_file(size: int, *, by: int | None, guest: str | None, at: datetime, at_most: int) -> None:
    """Raises TooMany. Inside the transaction that takes note of the file, so that none slips through."""
    await Upload.raw("SELECT pg_advisory_xact_lock({}::int, hashtext({}))", ONE_FILE_AT_A_TIME, owner(by))
    await room_for(size, by=by, guest=guest, at=at, at_most=at_most)


async def room_for(size: int, *, by: int | None, guest: str | None, at: datetime, at_most: int) -> None:
    """Raises TooMany. `at_most` bytes are the files of one form (R13).

    A guest is whoever has the cookie, and cookies are easily thrown away; so all guests together have a limit as well.
    A guest's form without scripts knows only that one.
    """
    if by:
        await room(OF_PERSON, (by, at, by, at - WAIT), size, FORMS_AT_ONCE * at_most, TOO_MANY_FILES)
        return
    if guest:
        await room(OF_GUEST, (guest, at, guest, at - WAIT), size, FORMS_OF_GUEST * at_most, TOO_MANY_FILES)
    await room_of_guests(at=at, at_most=at_most, size=size)


async def room_of_guests(*, at: datetime, at_most: int, size: int = 0) -> None:
    """Raises TooMany; also before each piece, as what was only declared is not counted."""
    await room(OF_GUESTS, (at, at - WAIT), size, FORMS_OF_GUESTS * at_most, TOO_MANY_OF_GUESTS, files=None)


def owner(by: int | None) -> str:
    return str(by) if by else "guests"


async def room(
    asked: str, about: tuple[Any, ...], size: int, bytes_at_most: int, full: str, files: int | None = FILES_AT_ONCE
) -> None:
    (row,) = await Upload.raw(asked, *about)
    if (files is not None and row["files"] >= files) or row["bytes"] + size > bytes_at_most:
        raise TooMany({"files": say(full)})


# Letters that ask a guest whether they want letters: whoever types an address need not be its owner.
TO_ONE_ADDRESS, FROM_ONE_PLACE, OF_ALL_IN_AN_HOUR = 3, 10, 300
HOUR = timedelta(hours=1)
TOO_MANY_LETTERS = N_("Too many letters were asked for from here today. Try again tomorrow, or sign in first.")
TOO_MANY_NOW = N_("Very many people ask for letters just now. Try again in an hour, or sign in first.")
ONE_LETTER_AT_A_TIME = 2_026_110_038  # an advisory lock of this database
ASKED_FOR = """
SELECT count(*) FILTER (WHERE address = {}) AS to_address, count(*) FILTER (WHERE place = {}) AS from_place,
    count(*) FILTER (WHERE at > {}) AS lately FROM confirmation WHERE at > {}
"""


async def one_more_letter(email: str, place: str, *, secret: str, at: datetime) -> bool:
    """Whether this address may be written to once more today; TooMany when it is asked for too often from one place.

    Inside the transaction that takes note of the wish. About the address nobody is told, as they need not own it.
    """
    await Confirmation.raw("SELECT pg_advisory_xact_lock({})", ONE_LETTER_AT_A_TIME)
    address, whence = mark(email, secret), mark(place, secret)
    (row,) = await Confirmation.raw(ASKED_FOR, address, whence, at - HOUR, at - WAIT)
    if row["from_place"] >= FROM_ONE_PLACE:
        raise TooMany({"form": say(TOO_MANY_LETTERS)})
    if row["lately"] >= OF_ALL_IN_AN_HOUR:
        raise TooMany({"form": say(TOO_MANY_NOW)})
    await Confirmation.insert(Confirmation(address=address, place=whence, at=at))
    return bool(row["to_address"] < TO_ONE_ADDRESS)


def mark(text: str, secret: str) -> str:
    """The same for the same text, and nobody reads the text from it."""
    return hmac.new(f"mark:{secret}".encode(), text.encode(), sha256).hexdigest()
