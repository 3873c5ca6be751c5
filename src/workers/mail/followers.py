"""The letters to whoever follows what is public (§2): nothing stands in them that the public page does not show.

It is read when the letter goes out, and not when something happened: what was taken off meanwhile is not told (R10,
R28).
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from domain.events import Kind
from domain.following import Frequency
from domain.invitations import CONFIRMING, Invitation, sign
from domain.lettering import in_force
from domain.model import Event, Message, Person, Subscriber
from domain.moves import Role
from domain.streets import keys_in
from domain.wording import LANGUAGES, N_, translations
from domain.workdays import TOWN, in_town
from workers import moment
from workers.mail.composing import Follower, Letter, host, subscriber_of
from workers.mail.gathering import WAIT
from workers.mail.published import Shown, shown_of
from workers.mail.reading import told
from workers.mail.templating import link

NAME = "mail:followed"
MORNING, MONDAY = time(7), 0
# Thousands of letters do not go to the mail server in one burst: so many go in each of these steps, and those of a
# morning within an hour.
AT_A_TIME, STEP, HOUR_OF_MINUTES = 100, timedelta(seconds=10), 60
PERIODS = {Frequency.DAILY: N_("News of the day"), Frequency.WEEKLY: N_("News of the week")}
# Published once more it was edited; and of an answer that is let out and published in one act the second is told.
TOLD_ALREADY = """
SELECT FROM event WHERE message = {} AND kind IN ('message:published', 'answer:published')
AND data->'answer' IS NOT DISTINCT FROM {}::jsonb->'answer'
AND ((kind = {} AND id < {}) OR ({} = 'answer:approved' AND kind = 'answer:published' AND at = {}))
"""
# Whoever follows a message that is joined to a case hears of that, which answers it; of one that was taken off the
# public pages nobody is told, however public its case is.
OF_MESSAGE = """
s.message IN (SELECT id FROM message WHERE (id = {} OR joined_to = {}) AND published_at IS NOT NULL)
"""
OF_PLACE = """
s.message IS NULL AND ((s.street_key = ANY({}::text[]) AND (s.topic IS NULL OR s.topic = {}))
    OR (s.street_key IS NULL AND s.topic = {}))
"""
# Who follows in two ways is told once, by the quicker; authors have letters of their own. In SQL as they may be many.
OWED = """
WITH reader AS (
    SELECT DISTINCT ON (s.subscriber) s.subscriber, s.frequency FROM subscription s
    JOIN subscriber r ON r.id = s.subscriber
    WHERE NOT EXISTS (SELECT FROM message w WHERE w.author = r.person AND (w.id = {{}} OR w.joined_to = {{}}))
    AND s.confirmed_at <= {{}} AND {about}
    ORDER BY s.subscriber, array_position(ARRAY['at_once', 'daily', 'weekly'], s.frequency)
), paced AS (
    SELECT *, row_number() OVER (PARTITION BY frequency ORDER BY subscriber) - 1 AS place FROM reader
), owed AS (
    INSERT INTO delivery (event, reaction, next_at, recipient, message_id)
    SELECT {{}}::bigint, {{}}::text,
        CASE frequency WHEN 'at_once' THEN {{}}::timestamptz + place / {{}} * {{}}::interval
            ELSE greatest(CASE frequency WHEN 'daily' THEN {{}}::timestamptz ELSE {{}}::timestamptz END
                + subscriber % {{}} * interval '1 minute', {{}}::timestamptz) END,
        frequency || ':' || subscriber,
        '<' || {{}}::bigint || '-followed-' || frequency || '-' || subscriber || '@' || {{}} || '>'
    FROM paced ON CONFLICT (event, reaction, recipient) DO NOTHING RETURNING id
)
SELECT pg_notify('event', '') WHERE EXISTS (SELECT FROM owed)
"""
SUBSCRIBED = """
SELECT s.id, s.street, t.name AS topic, m.number FROM subscription s LEFT JOIN topic t ON t.id = s.topic
LEFT JOIN message m ON m.id = s.message WHERE s.subscriber = {{}} AND s.confirmed_at IS NOT NULL AND {about}
ORDER BY s.frequency <> {{}}, s.id LIMIT 1
"""


async def owe(event: Event) -> None:
    """Owe the news to everybody who follows, each once however often this is done."""
    message = await Message.objects().get(Message.id == event.message)
    already = (event.message, event.data, event.kind, event.id, event.kind, event.at)
    if message is None or message.published_at is None or await Event.raw(TOLD_ALREADY, *already):
        return
    if event.kind == Kind.PUBLISHED and message.joined_to:
        return  # of a place it is nothing new
    about, values = followed_by(event, message)
    now, happened = moment.now(), in_town(event.at)
    mornings = next_morning(happened), next_morning(happened, on=MONDAY)
    pace = (now, AT_A_TIME, STEP, *mornings, HOUR_OF_MINUTES, now + WAIT)
    await Event.raw(
        OWED.format(about=about), message.id, message.id, event.at, *values, event.id, NAME, *pace, event.id, host()
    )


def followed_by(event: Event, message: Message) -> tuple[str, list[Any]]:
    """Which subscriptions want this event, in SQL with its values: a place is told of what is new in it."""
    if event.kind == Kind.PUBLISHED:
        return OF_PLACE, [keys_in(message.public_address), message.topic, message.topic]
    return OF_MESSAGE, [message.id, message.id]


def next_morning(happened: datetime, on: int | None = None) -> datetime:
    """The first one after it, on this day of the week; reckoned from what happened, so a late relay loses no day."""
    morning = datetime.combine(happened.date(), MORNING, TOWN)
    while morning <= happened or on not in (None, morning.weekday()):
        morning += timedelta(days=1)
    return morning


async def to_one(event: Event, recipient: str) -> Letter | None:
    """The letter to one of them: nothing when they follow no longer, or when it is not public any more."""
    frequency, id = recipient.partition(":")[0], subscriber_of(recipient)
    message = await Message.objects().get(Message.id == event.message)
    reader = await reader_of(id)
    if message is None or message.published_at is None or reader is None:
        return None
    about, values = followed_by(event, message)
    rows = await Event.raw(SUBSCRIBED.format(about=about), id, *values, frequency)
    shown = await shown_of(event)
    if not rows or shown is None:
        return None
    follower = Follower(recipient, leaving=Invitation(to=rows[0]["id"], person=id))
    return Letter(
        "followed", event, reader, context(shown, rows[0]), follower=follower, worded=await in_force("followed")
    )


async def followed(event: Event) -> list[Letter]:
    """As whoever follows the message would read it; to nobody, for who looks at the words before they go out."""
    shown = await shown_of(event)
    nobody = Person(id=0, role=Role.CITIZEN, name="", given_name="", email="", language=LANGUAGES[0])
    return [Letter("followed", event, nobody, context(shown, {"number": shown.number}))] if shown else []


def context(shown: Shown, followed: dict[str, Any]) -> dict[str, Any]:
    """`number` is that of the message which is followed, and `joined` tells that another one answers it."""
    number = followed["number"] or shown.number
    said = {"message": shown, "number": number, "joined": number != shown.number, "about": titled(followed)}
    return {**said, "url": shown.url}


def titled(row: dict[str, Any]) -> str | None:
    """What is followed, as a place; a message is told by its number anyway."""
    return ", ".join(part for part in (row.get("street"), row.get("topic")) if part) or None


async def reader_of(subscriber: int) -> Person | None:
    """A guest has an address and no name; their id is one that no account has."""
    row = await Subscriber.objects().get(Subscriber.id == subscriber)
    if row is None:
        return None
    if row.person is None:
        return Person(id=0, role=Role.CITIZEN, name="", given_name="", email=row.email, language=row.language)
    citizen = await Person.objects().get((Person.id == row.person) & Person.active.eq(True))
    return citizen if citizen and citizen.email else None


async def followed_digest(letters: Sequence[Letter]) -> Letter:
    """The news of a day or a week: each message once, with everything that happened to it."""
    last = max(letters, key=lambda each: each.event.id)
    follower = last.follower
    assert follower is not None  # noqa: S101 (as written by to_one)
    assert follower.leaving is not None  # noqa: S101
    frequency = Frequency(follower.recipient.partition(":")[0])
    leaving = Invitation(to=-1 - list(Frequency).index(frequency), person=follower.leaving.person)
    groups = grouped(letters)
    counted = translations(last.language).ngettext("%(count)s message", "%(count)s messages", len(groups))
    said = {"groups": groups, "period": PERIODS[frequency], "counted": counted % {"count": len(groups)}}
    return Letter(
        "followed_digest",
        last.event,
        last.to,
        {**said, "url": link("/")},
        follower=Follower(follower.recipient, leaving),
        worded=await in_force("followed_digest"),
    )


def grouped(letters: Iterable[Letter]) -> list[list[Shown]]:
    of_messages: dict[str, list[Shown]] = {}
    for each in sorted(letters, key=lambda letter: letter.event.id):
        of_messages.setdefault(each.context["message"].number, []).append(each.context["message"])
    return list(of_messages.values())


ASKED = """
SELECT s.id, s.subscriber, s.street, t.name AS topic, m.number FROM subscription s LEFT JOIN topic t ON t.id = s.topic
LEFT JOIN message m ON m.id = s.message WHERE s.id = {}
"""


async def subscription_asked(event: Event) -> list[Letter]:
    """To the owner of an address that somebody has typed: only a press on the page of its link counts (§2)."""
    rows = await Event.raw(ASKED, told(event)["subscription"])
    reader = await reader_of(rows[0]["subscriber"]) if rows else None
    if reader is None:
        return []
    (row,) = rows
    invitation = Invitation(to=row["id"], person=row["subscriber"])
    url = link(
        f"/subscriptions/confirmation/{sign(invitation, os.environ['SECRET_KEY'], at=event.at, what=CONFIRMING)}"
    )
    said = {"url": url, "about": titled(row), "number": row["number"]}
    follower, worded = Follower(f"asked:{row['subscriber']}"), await in_force("subscription_asked")
    return [Letter("subscription_asked", event, reader, said, follower=follower, worded=worded)]
