"""An executor hands a case over to a colleague of the department, who takes it or returns it (§4.1, R11, R12).

Silence is no acceptance: until the colleague has taken the case it is the giver's, with every term of it, and the terms
go on as they were counted. What is not within the competence of the department goes back to the moderator instead.
"""

from datetime import date, datetime
from typing import Any

from domain import moves, workdays
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Unfit, say
from domain.events import Kind, record
from domain.model import HandOver, Message, Part, Person, Term
from domain.moves import OFFERABLE, acting
from domain.offers import WAITS
from domain.shares import NAMED
from domain.taking import alter, hold
from domain.terms import OPEN, Owed, hand_on

WORDS_AT_MOST = 1000
GOES_WITH = (Owed.ACCEPTANCE, Owed.RETURN, Owed.ANSWER, Owed.REWORK, Owed.FOLLOW_UP)
# Who executes in the same department, is not away today and has no part in this round: the deputy first. Nobody while
# the case stands under an instruction, because the commission has named its executor (R27).
COLLEAGUES = """
SELECT p.id, p.name, p.position FROM person giver
JOIN person p ON p.organisation = giver.organisation AND p.role = 'executor' AND p.active AND p.id <> giver.id
WHERE giver.id = {}
AND NOT EXISTS (SELECT FROM absence WHERE person = p.id AND active AND {} BETWEEN first_day AND last_day)
AND NOT EXISTS (SELECT FROM term WHERE message = {} AND kind = 'instruction' AND met_at IS NULL AND void_at IS NULL)
AND NOT EXISTS (SELECT FROM part WHERE message = {} AND round = {} AND executor = p.id AND removed_at IS NULL)
ORDER BY (SELECT min(first_day) FROM absence WHERE person = giver.id AND deputy = p.id AND active AND last_day >= {})
         NULLS LAST, p.name
"""


async def colleagues(message: Message, *, on: date) -> list[dict[str, Any]]:
    """To whom the case can be offered: whoever stands in for its executor, now or soon, before the others."""
    return await Person.raw(COLLEAGUES, *asked_of(message, on))


def asked_of(message: Message, on: date) -> tuple[Any, ...]:
    """What COLLEAGUES asks of a case on a day."""
    return message.executor, on, message.id, message.id, message.round, on


async def offer(message: Message, to: int | None, words: str, *, by: Person, at: datetime) -> None:
    """Offer the case to a colleague, with words; they see it from now on, and nothing else changes yet."""
    must_lead(message, by)
    await must_not_be_instructed(message)
    if errors := await misfits(message, to, words, on=workdays.in_town(at).date()):
        raise Unfit(errors)
    async with atomic():
        await hold(message, by)
        must_be_offerable(message)
        if await HandOver.exists().where((HandOver.message == message.id) & WAITS):
            raise OutOfTurn("The case is offered to a colleague already: wait, or withdraw it (clause 4.1).")
        said: dict[str, Any] = {"giver": message.executor, "taker": to, "words": words.strip()}
        await HandOver.insert(HandOver(message=message.id, offered_at=at, **said))
        await record(Kind.HAND_OVER_OFFERED, message, by=by, at=at, executor=to, words=words.strip())


def must_lead(message: Message, by: Person) -> None:
    if not moves.SEND_FOR_REVIEW.is_for(by, message):
        raise NotAllowed("Only the executor of the case hands it over (clause 4.1).")


async def must_not_be_instructed(message: Message) -> None:
    """An instruction comes only from the commission, with which no offer waits: so it cannot come in between."""
    if await Term.exists().where((Term.message == message.id) & (Term.kind == Owed.INSTRUCTION) & OPEN):
        raise OutOfTurn(
            "The commission has named you for this instruction (clause 4.4): a case with it is not handed over."
        )


def must_be_offerable(message: Message) -> None:
    if message.status not in OFFERABLE:
        raise OutOfTurn("A case is handed over while its executor works on it (clause 4.1): now it lies with others.")


async def misfits(message: Message, to: int | None, words: str, *, on: date) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if to not in [each["id"] for each in await colleagues(message, on=on)]:
        errors["taker"] = say("Clause 4.1: choose a colleague of your department, who is there and has no part in it.")
    if not words.strip():
        errors["words"] = say("Say what is done and what is left.")
    elif len(words) > WORDS_AT_MOST:
        errors["words"] = say("No more than %(max_length)s characters fit here.", max_length=WORDS_AT_MOST)
    return errors


async def take(message: Message, *, by: Person, at: datetime) -> None:
    """The colleague takes the case: it is theirs from now on, with its running terms as they were counted."""
    async with atomic():
        found = await offered(message, by)
        must_be_offerable(message)
        part = (Part.message == message.id) & (Part.round == message.round) & (Part.executor == found.taker) & NAMED
        if await Part.exists().where(part):
            raise OutOfTurn("You have a part of this case: its executor has to call it off first (clause 4.1).")
        await alter(message, by=by, executor=found.taker)
        await hand_on(message, *GOES_WITH, to=found.taker)
        await settle(found, "taken", at)
        said = {"executor": found.taker, "giver": found.giver, **instead(found, by)}
        await record(Kind.HAND_OVER_TAKEN, message, by=by, at=at, **said)


async def give_back(message: Message, words: str, *, by: Person, at: datetime) -> None:
    """The colleague returns the offer, with the reason: the case has never left its executor."""
    if not words.strip():
        raise Unfit({"words": say("Say why you return it.")})
    if len(words) > WORDS_AT_MOST:
        too_long = say("No more than %(max_length)s characters fit here.", max_length=WORDS_AT_MOST)
        raise Unfit({"words": too_long})
    async with atomic():
        found = await offered(message, by)
        await settle(found, "returned", at)
        said = {"executor": found.giver, "words": words.strip(), **instead(found, by)}
        await record(Kind.HAND_OVER_RETURNED, message, by=by, at=at, **said)


def instead(found: HandOver, by: Person) -> dict[str, int | None]:
    """In whose place a deputy answers an offer; in nobody's one that was made to themselves."""
    return {"instead_of": None if found.taker == by.id else found.taker}


async def withdraw(message: Message, *, by: Person, at: datetime) -> None:
    """The executor keeps the case after all: the colleague no longer sees it."""
    must_lead(message, by)
    async with atomic():
        await hold(message, by)
        found = await waiting(message)
        await settle(found, "withdrawn", at)
        await record(Kind.HAND_OVER_WITHDRAWN, message, by=by, at=at, executor=found.taker)


async def offered(message: Message, by: Person) -> HandOver:
    """The offer that waits for this person; the message is held first, so of two deeds at once one comes second."""
    await hold(message, by)
    found = await waiting(message)
    if found.taker not in acting(by):
        raise NotAllowed("The case was not offered to you (clause 4.1).")
    return found


async def waiting(message: Message) -> HandOver:
    found = await HandOver.objects().where((HandOver.message == message.id) & WAITS).first()
    if found is None:
        raise OutOfTurn("The case is no longer offered: it was taken, returned or kept meanwhile (clause 4.1).")
    return found


async def settle(found: HandOver, outcome: str, at: datetime) -> None:
    values: dict[Any, Any] = {HandOver.outcome: outcome, HandOver.settled_at: at}
    await HandOver.update(values).where(HandOver.id == found.id)
