"""Whoever controls the terms asks why a case is late, and its executor answers in the case (§5.1, R32)."""

from datetime import datetime
from typing import Any, cast

from domain import moves
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Unfit, say
from domain.events import Kind, record
from domain.model import Message, Person, ReasonRequest, Term
from domain.moves import Role, Status
from domain.taking import hold
from domain.terms import DUTIES, OPEN, Owed
from domain.workdays import TOWN

CONTROLLERS = (Role.CONTROLLER, Role.COORDINATOR)
REASON_AT_MOST = 2000
OF_CASES = [kind for kind in DUTIES if kind != Owed.PART]  # a part is between two executors
WAITS = ReasonRequest.answered_at.is_null()


async def ask_reason(message: Message, question: str = "", *, by: Person, at: datetime) -> None:
    """Ask why a term of the case has run out unmet; whoever is its executor when it is answered answers."""
    if by.role not in CONTROLLERS:
        raise NotAllowed("Only whoever controls the terms asks for the reason (clause 5.1).")
    if len(question) > REASON_AT_MOST:
        raise Unfit({"question": say("No more than %(max_length)s characters fit here.", max_length=REASON_AT_MOST)})
    async with atomic():
        await hold(message, by)
        late = await late_term(message, at)
        await must_be_unasked(message)
        asked = ReasonRequest(message=message.id, term=late.id, question=question.strip(), asked_by=by.id, asked_at=at)
        await ReasonRequest.insert(asked)
        said = {"request": asked.id, "owed": late.kind, "due_on": late.due_on, "question": asked.question}
        await record(Kind.REASON_ASKED, message, by=by, at=at, **said)


async def late_term(message: Message, at: datetime) -> Term:
    """The term of the case that has been late for longest."""
    if cast("int | None", message.executor) is None or message.status == Status.HANDED_BACK:
        raise OutOfTurn("Nobody executes this message yet: there is nobody to ask (clause 5.1).")
    late = (Term.message == message.id) & Term.kind.is_in(list(OF_CASES)) & OPEN & (Term.runs_out_at <= at)
    found = await Term.objects().where(late).order_by(Term.runs_out_at).order_by(Term.id).first()
    if found is None:
        raise OutOfTurn("Nothing is late in this case: a reason is asked for what has run out (clause 5.1).")
    return found


async def must_be_unasked(message: Message) -> None:
    asked = await ReasonRequest.objects(ReasonRequest.asked_by).get((ReasonRequest.message == message.id) & WAITS)
    if asked is not None:
        when = asked.asked_at.astimezone(TOWN)
        raise OutOfTurn(
            "The reason was asked already: by %(who)s on %(day)s. The executor has not answered yet.",
            who=asked.asked_by.name,
            day=f"{when:%d.%m.%Y}",
        )


async def give_reason(message: Message, reason: str, *, by: Person, at: datetime) -> None:
    """The present executor says why, whoever was asked: with a case that was sent on goes what is asked of it."""
    if not moves.SEND_FOR_REVIEW.is_for(by, message):
        raise NotAllowed("Only the executor of the case gives the reason (clause 5.1).")
    if not reason.strip():
        raise Unfit({"reason": say("Say why the term has run out.")})
    if len(reason) > REASON_AT_MOST:
        raise Unfit({"reason": say("No more than %(max_length)s characters fit here.", max_length=REASON_AT_MOST)})
    async with atomic():
        await hold(message, by)
        values: dict[Any, Any] = {"answer": reason.strip(), "answered_by": by.id, "answered_at": at}
        theirs = (ReasonRequest.message == message.id) & WAITS
        given = await ReasonRequest.update(values).where(theirs).returning(ReasonRequest.id, ReasonRequest.asked_by)
        if not given:
            raise OutOfTurn("Nobody asks for a reason in this case now: it was answered already.")
        said = {"request": given[0]["id"], "asked_by": given[0]["asked_by"], "answer": reason.strip()}
        await record(Kind.REASON_GIVEN, message, by=by, at=at, **said)
