"""What of a case lies with co-executors (§4.1, R11): for the verbs that name them, wait for them or let them go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain import workdays
from domain.chosen import able_executor
from domain.errors import Sentence, Unfit, say
from domain.events import Kind, record
from domain.model import Message, Part, Person, Term
from domain.moves import WRITABLE, Mover, Status
from domain.terms import ANSWERS, OPEN, Owed

TASK_AT_MOST = 1000
REASON_AT_MOST = 500
NAMED = Part.removed_at.is_null()
# While the answer is looked at a part may still be finished: it may yet be sent back.
LIVELY = (*WRITABLE, Status.IN_REVIEW)


@dataclass(frozen=True)
class Wish:
    """Who is asked to do what by when; `place` tells apart several wishes of one form."""

    executor: int | None
    task: str
    due_on: date | None
    place: str = ""


async def entrust(
    message: Message,
    wishes: Sequence[Wish],
    *,
    by: Person,
    at: datetime,
    beside: Mapping[str, Sentence] | None = None,
) -> list[Part]:
    """Name co-executors, each with a part and an inner term; Unfit names every field of every wish that does not fit.

    `beside` is what does not fit in the form that the wishes stand in: all of it is told at once.
    Runs inside the transaction of a verb that holds the message.
    """
    limit = await last_day(message, at) if wishes else None
    errors = dict(beside or {})
    for place, wish in enumerate(wishes):
        wrong = misfits(wish, at, limit) | await wrong_executor(message, wish, wishes[:place], by)
        errors |= {f"{name}{wish.place}": sentence for name, sentence in wrong.items()}
    if errors:
        raise Unfit(errors)
    return [await entrust_one(message, wish, by=by, at=at) for wish in wishes]


async def last_day(message: Message, at: datetime) -> date:
    """The last day of the answer; when that has passed, today is all that is left."""
    owed = (Term.message == message.id) & Term.kind.is_in(list(ANSWERS)) & OPEN
    row = await Term.select(Term.due_on).where(owed).order_by(Term.due_on, ascending=False).first()
    today = workdays.in_town(at).date()
    return max(today, row["due_on"]) if row else today


def misfits(wish: Wish, at: datetime, limit: date | None) -> dict[str, Sentence]:
    errors: dict[str, Sentence] = {}
    if not wish.task.strip():
        errors["task"] = say("Say what the co-executor has to do.")
    elif len(wish.task) > TASK_AT_MOST:
        errors["task"] = say("No more than %(max_length)s characters fit here.", max_length=TASK_AT_MOST)
    if wish.due_on is None:
        errors["due_on"] = say("Say by which day the part is due.")
    elif wish.due_on < workdays.in_town(at).date():
        errors["due_on"] = say("This day has passed.")
    elif limit is not None and wish.due_on > limit:
        errors["due_on"] = say("The answer itself is due earlier, on %(day)s.", day=f"{limit:%d.%m.%Y}")
    return errors


async def wrong_executor(message: Message, wish: Wish, before: Sequence[Wish], by: Person) -> dict[str, Sentence]:
    if await able_executor(wish.executor) is None:
        return {"helper": say("Choose a co-executor from the list.")}
    if wish.executor in (by.id, message.executor):
        return {"helper": say("You are the executor yourself: choose somebody else.")}
    theirs = (Part.message == message.id) & (Part.round == message.round) & (Part.executor == wish.executor) & NAMED
    if wish.executor in [each.executor for each in before] or await Part.exists().where(theirs):
        return {"helper": say("This co-executor has a part of the case already.")}
    return {}


async def entrust_one(message: Message, wish: Wish, *, by: Person, at: datetime) -> Part:
    part = Part(
        message=message.id,
        round=message.round,
        executor=wish.executor,
        task=wish.task.strip(),
        due_on=wish.due_on,
        named_by=by.id,
        named_at=at,
    )
    await Part.insert(part)
    await Term.insert(inner_term(part, at))
    said = {"part": part.id, "executor": part.executor, "task": part.task, "due_on": part.due_on}
    await record(Kind.PART_NAMED, message, by=by, at=at, **said)
    return part


def inner_term(part: Part, at: datetime) -> Term:
    """A day that was named and not counted, a day off or not: correcting the calendar does not move it."""
    return Term(
        message=part.message,
        kind=Owed.PART,
        part=part.id,
        opened_at=at,
        due_on=part.due_on,
        runs_out_at=workdays.start_of(workdays.day_after(part.due_on)),
        remind_at=at,
        owed_by=part.executor,
    )


def still_open(message: Message) -> Any:
    """The parts of this round that nobody has finished or called off, as a condition of a query."""
    return (Part.message == message.id) & (Part.round == message.round) & Part.done_at.is_null() & NAMED


async def waived(message: Message, reason: str) -> dict[str, Any]:
    """What the journal says when an answer goes without the parts that are still open; Unfit without a reason."""
    missing = await Part.select(Part.id, Part.executor, Part.task).where(still_open(message)).order_by(Part.id)
    if not missing:
        return {}
    if not reason.strip():
        raise Unfit(
            {"without_parts": say("Parts of co-executors are still open: wait for them, or say why it goes without.")}
        )
    if len(reason) > REASON_AT_MOST:
        too_long = say("No more than %(max_length)s characters fit here.", max_length=REASON_AT_MOST)
        raise Unfit({"without_parts": too_long})
    return {"open_parts": missing, "without_parts": reason.strip()}


def instead(part: Part, by: Person) -> dict[str, int | None]:
    """In whose place a deputy works on a part; in nobody's on their own, even while they stand in for the executor."""
    return {"instead_of": None if part.executor == by.id else part.executor}


async def settle_term(part: Part, values: dict[Any, Any]) -> None:
    await Term.update(values).where((Term.part == part.id) & OPEN)


async def let_go(message: Message, *, by: Mover, at: datetime, because: Kind) -> None:
    """The executor no longer has the case, so nobody works on parts of theirs any more: `because` took it from them."""
    for part in await Part.objects().where(still_open(message)).order_by(Part.id):
        await end(part, message, by=by, at=at, because=because)


async def end(part: Part, message: Message, *, by: Mover, at: datetime, because: Kind = Kind.PART_REMOVED) -> None:
    """Nothing of the part is owed any more; what was written stays in the journal, and why it ends is told by letter.

    Runs inside the transaction of a verb that holds the message.
    """
    await Part.update({Part.removed_at: at}).where(Part.id == part.id)
    await settle_term(part, {Term.void_at: at})
    said = {"part": part.id, "executor": part.executor, "task": part.task, "text": part.text, "because": because}
    await record(Kind.PART_REMOVED, message, by=by, at=at, **said)
