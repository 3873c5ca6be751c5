"""The moderator joins a message to a case on the same matter, or takes it out again (§2, §3).

A joined message is registered as any other; its author is answered by the answer of the case, and never later than
their own message would have been (5.2).
"""

from datetime import datetime
from typing import Any

from domain import moves
from domain.chosen import able_executor, known_topic, responsible, territory_of
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Unfit, say
from domain.events import Kind, record
from domain.joined import answer_term, case_of, joined_to
from domain.model import Message, Person, Term, Topic
from domain.moves import OFFERABLE, UNDECIDED, Role
from domain.numbering import next_number
from domain.offers import call_off
from domain.rulebook import Rulebook, rulebook
from domain.shares import let_go
from domain.taking import alter, take
from domain.terms import TRACK_WORKDAYS, Owed, at_the_executor, cancel, decided_on, owe, owed

LOCKED = "SELECT id FROM message WHERE id = ANY({}) ORDER BY id FOR NO KEY UPDATE"
CARRIED = "UPDATE message SET joined_to = {}, version = version + 1 WHERE joined_to = {}"
REASON_AT_MOST = 1000


async def join(message: Message, number: str, *, by: Person, at: datetime) -> None:
    """Join the message, and all that are joined to it, to the case of this number.

    Raises Unfit when that is no case of the same topic which is still to be answered, and in time for this author.
    """
    if not moves.JOIN.is_for(by, message):
        raise NotAllowed("This is not yours to do.")
    case = await numbered(number)
    book = await rulebook()
    async with atomic():
        topic = await known_topic(None, message)
        registration = {} if message.number else {"number": await next_number(at), "registered_at": at}
        carried = await joined_to(message)
        # In the order of their ids: two opposite joins come one after the other, and the second finds a joined message.
        await Message.raw(LOCKED, sorted(each.id for each in (message, case, *carried)))
        until = await fitting(message, topic, case, book, at=at)
        had = message.executor if message.status in OFFERABLE else None
        await take(moves.JOIN, message, by=by, joined_to=case.id, **registration)
        await alter(case, by=by)
        await Message.raw(CARRIED, case.id, message.id)
        await decided_on(message, at=at)
        await cancel(message, Owed.ACCEPTANCE, Owed.RETURN, Owed.ANSWER, at=at)
        await let_go(message, by=by, at=at, because=Kind.JOINED)
        await call_off(message, by=by, at=at)
        for each in (message, *carried):
            said = {"number": each.number, "case": case.id, "case_number": case.number, "answer_by": until.due_on}
            # To its author that is the word of its registration, or news of what was registered long ago.
            said["registers"] = each is message and bool(registration)
            said["executor"] = had if each is message else None
            await record(Kind.JOINED, each, by=by, at=at, **said)
            await record(Kind.TOOK_IN, case, by=by, at=at, joined=each.id, number=each.number)


async def numbered(number: str) -> Message:
    """The case of this number; that of a joined message is the one that it is joined to."""
    found = await Message.objects().get(Message.number == number.strip().removeprefix("№").strip())
    if found is None:
        raise Unfit({"number": say("There is no message of this number.")})
    return await case_of(found)


async def fitting(message: Message, topic: Topic, case: Message, book: Rulebook, *, at: datetime) -> Term:
    """The term by which the case is answered."""
    if message.id == case.id:
        raise Unfit({"number": say("This is the same case already.")})
    if case.topic != topic.id:
        raise Unfit({"number": say("Only messages on one topic are one matter (clause 2.1): this one is on another.")})
    until = await answer_term(case)
    if until is None:
        raise Unfit({"number": say("That message has been answered, or is not being answered now (clause 4.2).")})
    own = await own_term(message, topic, book, at=at)
    days = {"theirs": f"{until.due_on:%d.%m.%Y}", "own": f"{own.due_on:%d.%m.%Y}"}
    if until.runs_out_at <= at < own.runs_out_at:
        late = say(
            "The answer of that case is late, it was due by %(theirs)s, and this author is to be answered by %(own)s "
            "(clause 5.2): leave the message on its own.",
            **days,
        )
        raise Unfit({"number": late})
    if until.runs_out_at > own.runs_out_at:
        later = say(
            "That case is answered by %(theirs)s, this author by %(own)s (clause 5.2): join that one to this.", **days
        )
        raise Unfit({"number": later})
    return until


async def own_term(message: Message, topic: Topic, book: Rulebook, *, at: datetime) -> Any:
    """By when its author would be answered without the join (5.2)."""
    if message.status in UNDECIDED:
        return owed(Owed.ANSWER, message, book, at=at, days=TRACK_WORKDAYS[topic.track])
    own = await answer_term(message)
    if own is None:
        raise OutOfTurn("This message was answered once: it goes on by itself (clause 4.2).")
    return own


async def detach(message: Message, *, by: Person, at: datetime, reason: str) -> None:
    """Take the message out of its case, while that is not answered: it goes to its executor, and its term was running.

    The answer is owed from the registration, as if it had never been joined; to accept it the executor has the next
    working day, as after every sending.
    """
    if by.role != Role.MODERATOR:
        raise NotAllowed("This is not yours to do.")
    if wrong := wrong_reason(reason):
        raise Unfit({"reason": wrong})
    book = await rulebook()
    async with atomic():
        topic = await known_topic(None, message)
        case = await case_of(message)
        await Message.raw(LOCKED, sorted((message.id, case.id)))
        if message.joined_to is not None and await answer_term(case) is None:
            raise OutOfTurn("The case is answered, and its answer has reached this author as well (clause 4.2).")
        place = message.territory or await territory_of(message.address)
        official = await responsible(topic, place, await still_there(message.executor))
        await take(moves.DETACH, message, by=by, joined_to=None, executor=official.id, territory=place)
        await alter(case, by=by)
        days = TRACK_WORKDAYS[topic.track]
        answer = owed(Owed.ANSWER, message, book, at=message.registered_at, days=days, owed_by=official.id)
        await owe(answer, *at_the_executor(message, book, official.id, at))
        said = {"reason": reason.strip(), "executor": official.id, "case": case.id, "case_number": case.number}
        await record(Kind.DETACHED, message, by=by, at=at, **said)
        await record(Kind.LET_GO, case, by=by, at=at, joined=message.id, number=message.number, reason=reason.strip())


def wrong_reason(reason: str) -> Any:
    if not reason.strip():
        return say("Say why it is another matter. The author reads this.")
    if len(reason) > REASON_AT_MOST:
        return say("The text is longer than %(count)d characters. Shorten it.", count=REASON_AT_MOST)
    return None


async def still_there(executor: int | None) -> int | None:
    """Whoever had the message before, if they still execute."""
    return executor if await able_executor(executor) else None
