"""The executor accepts a message that was sent to them, or hands it back as not theirs (§4.1)."""

from collections.abc import Sequence
from datetime import date, datetime

from domain import moves, workdays
from domain.database import atomic
from domain.errors import Sentence, Unfit, say
from domain.events import Kind, record
from domain.model import Message, Person
from domain.offers import call_off
from domain.shares import Wish, entrust, last_day, let_go
from domain.taking import take
from domain.terms import Owed, cancel, hand_on, meet, must_run

SCOPE_AT_MOST = 1000


async def accept(
    message: Message,
    *,
    by: Person,
    at: datetime,
    scope: str = "",
    finish_on: date | None = None,
    helpers: Sequence[Wish] = (),
) -> None:
    """Accept the message, with the scope of the work, its date, and whoever does a part of it (R11).

    None of these has to be told with it. Raises Unfit by field for a scope that is too long and a day that cannot hold.
    """
    async with atomic():
        await take(moves.ACCEPT, message, by=by)
        await meet(message, Owed.ACCEPTANCE, at=at)
        await record(Kind.ACCEPTED, message, by=by, at=at, scope=scope.strip(), finish_on=finish_on)
        await entrust(message, helpers, by=by, at=at, beside=await misfits(message, scope, finish_on, at=at))


async def misfits(message: Message, scope: str, finish_on: date | None, *, at: datetime) -> dict[str, Sentence]:
    errors: dict[str, Sentence] = {}
    if len(scope) > SCOPE_AT_MOST:
        errors["scope"] = say("No more than %(max_length)s characters fit here.", max_length=SCOPE_AT_MOST)
    if finish_on and finish_on < workdays.in_town(at).date():
        errors["finish_on"] = say("This day has passed.")
    elif finish_on and finish_on > (limit := await last_day(message, at)):
        errors["finish_on"] = say(
            "The answer itself is due earlier, on %(day)s: for longer work write an answer with a date (clause 4.3).",
            day=f"{limit:%d.%m.%Y}",
        )
    return errors


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
