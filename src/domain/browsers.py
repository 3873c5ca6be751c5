"""Browsers in which a person is told what happens (§3, §4.3): one row each, forgotten when nobody is to be told there.

A push service is asked for nothing but to pass on what it cannot read; what a browser gave us is checked for its shape
here, and where it leads before each push (workers/push_service.py).
"""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime

from domain.database import atomic
from domain.errors import Unfit, say
from domain.model import Browser, Person

AT_MOST = 10  # browsers of one person; beyond it the one that is silent longest goes
ENDPOINT_LETTERS = 1000
KEY_LETTERS = 100  # more than either key has; what is no base64 is skipped in decoding and would be kept
POINT_BYTES, SECRET_BYTES = 65, 16  # an uncompressed point of P-256, and what RFC 8291 calls the authentication secret
UNCOMPRESSED = 4
SURPLUS = """
DELETE FROM browser WHERE id IN (SELECT id FROM browser WHERE person = {} ORDER BY id DESC OFFSET {}) RETURNING id
"""
# For moderators one push in so many minutes: the next one waits, and a third has nothing to add to it.
HELD_BACK = """
UPDATE browser SET quiet_until = greatest(quiet_until, {}) + interval '10 minutes'
FROM person WHERE person.id = browser.person AND person.role = 'moderator' AND person.active
AND quiet_until < {}::timestamptz + interval '10 minutes'
RETURNING browser.id, browser.person, endpoint, quiet_until - interval '10 minutes' AS told_at
"""


@dataclass(frozen=True)
class Given:
    """What a push service gave a browser, as the browser tells it."""

    endpoint: str
    p256dh: str
    auth: str


async def switch_on(person: Person, given: Given, *, token_hash: str, at: datetime) -> None:
    """From now on this person is told in this browser, and whoever was told there before is not."""
    check(given)
    async with atomic():
        await Browser.delete().where((Browser.token_hash == token_hash) | (Browser.endpoint == given.endpoint))
        row = Browser(person=person.id, token_hash=token_hash, since=at, quiet_until=at, **vars(given))
        await row.save()
        await Browser.raw(SURPLUS, person.id, AT_MOST)


async def forget(token_hash: str) -> None:
    """Nobody is told in this browser any more: it was switched off, or its person has signed out of it."""
    await Browser.delete().where(Browser.token_hash == token_hash)


async def forget_of_others(token_hash: str, person: Person) -> None:
    """Somebody else has signed in there, who must not read what was meant for the one before."""
    await Browser.delete().where((Browser.token_hash == token_hash) & (Browser.person != person.id))


async def is_told(person: Person, token_hash: str) -> bool:
    return await Browser.exists().where((Browser.token_hash == token_hash) & (Browser.person == person.id))


def check(given: Given) -> None:
    long = len(given.endpoint) > ENDPOINT_LETTERS or max(len(given.p256dh), len(given.auth)) > KEY_LETTERS
    if long or not is_point(given.p256dh) or len(decoded(given.auth)) != SECRET_BYTES:
        raise Unfit({"endpoint": say("This browser did not say how it can be reached.")})


def is_point(text: str) -> bool:
    point = decoded(text)
    return len(point) == POINT_BYTES and point[0] == UNCOMPRESSED


def decoded(text: str) -> bytes:
    """As browsers write it; empty for what is no base64."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
