"""Sessions: rows in PostgreSQL found by the hash of a random token; nothing is written or set for a guest."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from litestar.datastructures import Cookie

from domain.model import Person, Session
from domain.moves import Role
from domain.noticing import HOW_MANY
from domain.standing_in import STANDS_IN_FOR
from domain.workdays import in_town

CITIZEN_LASTS = timedelta(days=30)
STAFF_LASTS = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
TOKEN_LETTERS = 100

# Asked at every request of everybody who is signed in, hence as it is sent and not put together each time.
WHO = f"""
SELECT session.id AS session, session.created_at, session.seen_at, session.expires_at, person.*,
       {STANDS_IN_FOR}, {HOW_MANY}
FROM session JOIN person ON person.id = session.person
WHERE session.token_hash = {{}}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Open:
    """A session that holds right now."""

    id: int
    token: str
    person: Person


class Sessions:
    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        # A browser takes `__Host-` only with Secure, so over plain http (development) the name is plain too.
        self.cookie = "__Host-session" if secure else "session"

    async def find(self, token: str, at: datetime, *, pressed: bool) -> Open | None:
        """Who this is: read anew at every request, so that a dismissal holds from the next one.

        Only what somebody `pressed` breaks their silence, and not what an open page asks by itself.
        """
        if not token.isascii() or len(token) > TOKEN_LETTERS:
            return None
        rows = await Session.raw(WHO, in_town(at).date(), hashed(token))
        if not rows:
            return None
        session = {name: rows[0].pop(name) for name in ("session", "created_at", "seen_at", "expires_at")}
        stands_in_for, unread = tuple(rows[0].pop("stands_in_for")), rows[0].pop("unread")
        person = Person(_exists_in_db=True, **rows[0])
        person.stands_in_for, person.unread = stands_in_for, unread
        if not person.active or not holds(person, session, at):
            return None
        if pressed and at - session["seen_at"] >= SEEN_EVERY:
            await Session.update({Session.seen_at: at}).where(Session.id == session["session"])
        return Open(session["session"], token, person)

    async def start(self, person: Person, at: datetime) -> str:
        """A new token at every sign-in: one that somebody else chose or knew before is worth nothing."""
        token = secrets.token_urlsafe(32)
        lasts = CITIZEN_LASTS if person.role == Role.CITIZEN else STAFF_LASTS
        session = Session(token_hash=hashed(token), person=person.id, created_at=at, seen_at=at, expires_at=at + lasts)
        await session.save()
        await Session.delete().where(Session.expires_at < at)
        return token

    async def end(self, session: Open) -> None:
        await Session.delete().where(Session.id == session.id)

    def kept_by_browser(self, token: str, person: Person) -> Cookie:
        """A citizen's outlives the browser, an official's goes with it."""
        seconds = int(CITIZEN_LASTS.total_seconds()) if person.role == Role.CITIZEN else None
        return own_cookie(self.cookie, token, seconds, secure=self.secure)

    def dropped_by_browser(self) -> Cookie:
        return own_cookie(self.cookie, "", 0, secure=self.secure)


def own_cookie(name: str, value: str, seconds: int | None, *, secure: bool) -> Cookie:
    """No script reads it, no foreign page sends it with a form, no other host of the domain can set it."""
    return Cookie(name, value=value, max_age=seconds, secure=secure, httponly=True, samesite="lax")


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def holds(person: Person, session: Mapping[str, Any], at: datetime) -> bool:
    """By the role of now, not of the sign-in: who has become an official lives by the limits of officials."""
    if at >= session["expires_at"]:
        return False
    if person.role == Role.CITIZEN:
        return True
    return bool(at < session["created_at"] + STAFF_LASTS and at < session["seen_at"] + STAFF_IDLE)
