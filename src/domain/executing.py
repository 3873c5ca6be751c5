"""The executor accepts a message that was sent to them, or hands it back as not theirs (§4.1)."""

from collections.abc import Sequence
from datetime import date, datetime

from domain import moves
from domain.database import atomic
from domain.errors import Unfit, say
from domain.events import Kind, record
from domain.model import Message, Person
from domain.offers import call_off
from domain.shares import Wish, entrust, let_go
from domain.taking import take
from domain.terms import Owed, cancel, hand_on, meet, must_run


async def accept(
    message: Message,
    *,
    by: Person,
    at: datetime,
    scope: str = "",
    finish_on: date | None = None,
    helpers: Sequence[Wish] = (),
) -> None:
    """Accept the message, with the scope of the work, its date, and whoever does a part of it (R11)."""
    async with atomic():
        await take(moves.ACCEPT, message, by=by)
        await meet(message, Owed.ACCEPTANCE, at=at)
        await record(Kind.ACCEPTED, message, by=by, at=at, scope=scope.strip(), finish_on=finish_on)
        await entrust(message, helpers, by=by, at=at)


async def hand_back(message: Message, *, by: Person, at: datetime, justification: str, competent: str = "") -> None:
    """Hand the message back to the moderator with a reasoned justification, while the term for it runs (R12)."""
    if not justification.strip():
        raise Unfit({"justification": say("Give the reason why this is not yours.")})
    async with atomic():
        await take(moves.HAND_BACK, message, by=by)
        await must_run(message, Owed.RETURN, by=by, at=at)
        await meet(message, Owed.RETURN, at=at)
        await cancel(message, Owed.ACCEPTANCE, at=at)
        await hand_on(message, Owed.ANSWER, to=None)
        await let_go(message, by=by, at=at, because=Kind.HANDED_BACK)
        await call_off(message, by=by, at=at)
        said = {"justification": justification.strip(), "competent": competent.strip()}
        await record(Kind.HANDED_BACK, message, by=by, at=at, **said)
