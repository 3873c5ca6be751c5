"""Who follows a published message, a street or a topic is written to (§2): citizens at once, guests once they confirm.

Nobody is written to because somebody else typed their address: a guest gets one letter that asks, and nothing more
before they have said yes in it. What is followed is only what everybody may read (R10, R28).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from email_validator import EmailNotValidError, validate_email

from domain.database import atomic
from domain.directories.kinds import NO_ADDRESS
from domain.errors import NotAllowed, Sentence, Unfit, say
from domain.events import Kind, record
from domain.invitations import CONFIRMED_WITHIN
from domain.model import Message, Person, Subscriber, Subscription, Topic
from domain.moves import Role
from domain.streets import key, spaced
from domain.taking import SYSTEM
from domain.wording import LANGUAGES

AFTER_CLOSING = timedelta(days=14)  # the last news of a message has gone by then, once a week as well
AT_MOST = 50  # of one citizen; a guest confirms each by a letter
STREET_AT_MOST = 100


class Frequency(StrEnum):
    """How often somebody is written to. The quickest comes first: what is followed twice is told by it, and once."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True)
class Wish:
    """What somebody wants to hear of: one message, or a street, a topic, a topic in a street."""

    message: int | None = None
    street: str = ""
    topic: int | None = None
    frequency: str = Frequency.AT_ONCE


CLOSED = """
SELECT s.id, s.subscriber FROM subscription s JOIN message m ON m.id = s.message
JOIN message c ON c.id = coalesce(m.joined_to, m.id) WHERE c.closed_at < {}
"""
OF_PERSON = """
INSERT INTO subscriber (person, language) VALUES ({}, {})
ON CONFLICT (person) DO UPDATE SET person = excluded.person RETURNING id
"""
# A stranger who types somebody's address does not change the language of their letters.
OF_GUEST = """
INSERT INTO subscriber (email, language) VALUES ({}, {})
ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id
"""
# Nor how often they come: before it is confirmed a wish changes nothing that was.
WISHED = """
INSERT INTO subscription AS s (subscriber, message, street, street_key, topic, frequency, asked_at, confirmed_at)
VALUES ({}, {}, {}, {}, {}, {}, {}, {})
ON CONFLICT ON CONSTRAINT subscription_once DO UPDATE SET asked_at = excluded.asked_at,
    confirmed_at = coalesce(s.confirmed_at, excluded.confirmed_at),
    frequency = CASE WHEN s.confirmed_at IS NULL OR excluded.confirmed_at IS NOT NULL THEN excluded.frequency
                ELSE s.frequency END
RETURNING id
"""


async def follow(wish: Wish, *, by: Person, at: datetime) -> None:
    """A citizen follows from now on; what they follow already comes as often as they say now."""
    if by.role != Role.CITIZEN or not by.email:
        raise NotAllowed("This is not yours to do.")
    await check(wish)
    async with atomic():
        (row,) = await Subscriber.raw(OF_PERSON, by.id, by.language)
        await Subscription.raw(WISHED, row["id"], *about(wish), wish.frequency, at, at)
        if await Subscription.count().where(Subscription.subscriber == row["id"]) > AT_MOST:
            raise Unfit({"form": say("You follow %(count)d things already: leave one of them first.", count=AT_MOST)})


async def ask(wish: Wish, *, email: str, language: str, at: datetime) -> None:
    """A guest would like to follow: the owner of the address is asked by letter, and nobody else can say yes."""
    await check(wish, email)
    async with atomic():
        (row,) = await Subscriber.raw(OF_GUEST, mailbox(email), language if language in LANGUAGES else LANGUAGES[0])
        (wished,) = await Subscription.raw(WISHED, row["id"], *about(wish), wish.frequency, at, None)
        await record(Kind.SUBSCRIPTION_ASKED, None, by=SYSTEM, at=at, subscription=wished["id"])


def mailbox(email: str) -> str | None:
    """The address in the one spelling in which it is kept; nothing when no letter can reach it."""
    try:
        return validate_email(email, check_deliverability=False, allow_smtputf8=False).normalized.lower()
    except EmailNotValidError:
        return None


def about(wish: Wish) -> tuple[int | None, str | None, str | None, int | None]:
    """The message, or the street with its key and the topic."""
    street = spaced(wish.street) or None
    return (wish.message, None, None, None) if wish.message else (None, street, street and key(street), wish.topic)


async def check(wish: Wish, email: str | None = None) -> None:
    """Raises Unfit that names everything which does not fit."""
    errors = await wrong_message(wish.message) if wish.message else await wrong_place(wish)
    if wish.frequency not in list(Frequency):
        errors["frequency"] = say("Choose one of the options.")
    if email is not None and mailbox(email) is None:
        errors["email"] = say(NO_ADDRESS)
    if errors:
        raise Unfit(errors)


async def wrong_message(id: int) -> dict[str, Sentence]:
    topic: Any = Message.topic
    shown = (Message.id == id) & Message.published_at.is_not_null() & topic.closed.eq(False)
    if await Message.exists().where(shown):
        return {}
    return {"form": say("This message is not published, so there is nothing to follow.")}


async def wrong_place(wish: Wish) -> dict[str, Sentence]:
    errors = {}
    if wish.street.strip() and (key(wish.street) is None or len(wish.street) > STREET_AT_MOST):
        errors["street"] = say("Write the name of a street, without the house.")
    offered = (Topic.id == wish.topic) & Topic.active.eq(True) & Topic.closed.eq(False)
    if wish.topic is not None and not await Topic.exists().where(offered):
        errors["topic"] = say("Choose a topic from the list.")
    if not wish.street.strip() and wish.topic is None:
        errors["street"] = say("Write a street or choose a topic, or both.")
    return errors


async def confirm(subscriber: int, subscription: int, *, at: datetime) -> bool:
    """The owner of the address says yes, once and in time. Returns whether it was this time."""
    said = Subscription.update({Subscription.confirmed_at: at}).where(waiting(subscriber, subscription, at))
    return bool(await said.returning(Subscription.id))


async def is_asked(subscriber: int, subscription: int, *, at: datetime) -> bool:
    """Whether the owner of the address can still say yes."""
    return await Subscription.exists().where(waiting(subscriber, subscription, at))


def waiting(subscriber: int, subscription: int, at: datetime) -> Any:
    own = (Subscription.id == subscription) & (Subscription.subscriber == subscriber)
    return own & Subscription.confirmed_at.is_null() & (Subscription.asked_at >= at - CONFIRMED_WITHIN)


async def change(subscriber: int, subscription: int, frequency: str) -> None:
    """From now on as often as this; what is owed already still comes as it was."""
    if frequency not in list(Frequency):
        raise Unfit({"frequency": say("Choose one of the options.")})
    own = (Subscription.id == subscription) & (Subscription.subscriber == subscriber)
    await Subscription.update({Subscription.frequency: frequency}).where(own)


async def end(subscriber: int, *which: Any) -> None:
    """No more letters about `which` (everything, when nothing is named); with the last the address is forgotten."""
    async with atomic():
        # Whoever asks to follow something holds the same row, so that nothing is ended that has just begun.
        await Subscriber.objects().where(Subscriber.id == subscriber).lock_rows("UPDATE")
        await Subscription.delete().where(Subscription.subscriber == subscriber, *which)
        if not await Subscription.exists().where(Subscription.subscriber == subscriber):
            await Subscriber.delete().where(Subscriber.id == subscriber)


async def lose(subscriber: int) -> None:
    """The address of a guest takes no letters: nothing is sent there any more. What a citizen follows stays."""
    if await Subscriber.exists().where((Subscriber.id == subscriber) & Subscriber.person.is_null()):
        await end(subscriber)


async def forget(*, at: datetime) -> None:
    """Who has not said yes in time is forgotten, with their address; and so is what is closed and tells no news."""
    stale = Subscription.confirmed_at.is_null() & (Subscription.asked_at < at - CONFIRMED_WITHIN)
    rows = await Subscription.select(Subscription.subscriber).where(stale)
    for subscriber in sorted({row["subscriber"] for row in rows}):
        await end(subscriber, stale)
    for row in await Subscription.raw(CLOSED, at - AFTER_CLOSING):
        await end(row["subscriber"], Subscription.id == row["id"])
