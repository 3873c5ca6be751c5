"""The executor writes the answer and sends it for review; a promise comes due (§4.2–4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from domain import attaching, fitness, moves, shares, workdays
from domain.database import atomic
from domain.errors import OutOfTurn, Sentence, Stale, Unfit, say
from domain.events import Kind, record
from domain.model import Answer, Attachment, Message, Person
from domain.rulebook import rulebook
from domain.taking import SYSTEM, hold, stale, take
from domain.terms import Owed, cancel, has_run_out, meet, owe, owed
from domain.wording import N_

OUTCOMES = ("solved", "planned", "impossible")  # 4.3
TEXT_AT_MOST = 6000


@dataclass(frozen=True)
class Written:
    """What the executor has written so far: an unfinished draft may lack anything."""

    outcome: str | None = None
    text: str = ""
    planned_on: date | None = None
    key: UUID | None = None
    files: Sequence[UUID] = ()
    dropped: Sequence[UUID] = ()


async def current(message: Message) -> Answer | None:
    """The one answer of this round (R15); answers of earlier rounds stay in the history."""
    return await Answer.objects().get((Answer.message == message.id) & (Answer.round == message.round))


async def draft(message: Message, written: Written, *, by: Person, at: datetime, version: int | None = None) -> Answer:
    """Save the draft of the answer. Raises Stale when another window saved one since `version` was opened."""
    if not moves.SEND_FOR_REVIEW.is_for(by, message) or message.status not in moves.WRITABLE:
        await may_write(message, by)
    if written.outcome is not None and written.outcome not in OUTCOMES:
        raise Unfit({"outcome": say("Choose the outcome.")})
    if len(written.text) > TEXT_AT_MOST:
        raise Unfit({"text": say("The text is longer than %(count)d characters. Shorten it.", count=TEXT_AT_MOST)})
    async with atomic():
        await hold(message, by)
        answer = await save(message, written, by, version)
        await change_files(message, answer, written)
        await record(Kind.DRAFTED, message, by=by, at=at, answer=answer.id, version=answer.version)
    return answer


async def may_write(message: Message, by: Person) -> None:
    if moves.SEND_FOR_REVIEW.is_for(by, message):
        raise await stale(message, by)
    moves.SEND_FOR_REVIEW.check(by, message)


async def save(message: Message, written: Written, by: Person, version: int | None) -> Answer:
    """The message is held, so between reading the draft and writing it nobody else writes."""
    values: dict[Any, Any] = {
        "outcome": written.outcome,
        "text": written.text,
        "planned_on": written.planned_on,
        "author": by.id,
    }
    answer = await current(message)
    if answer is None:
        answer = Answer(message=message.id, round=message.round, **values)
        await Answer.insert(answer)
        return answer
    if version is not None and version != answer.version:
        raise Stale("The draft was saved in another window meanwhile.")
    values["version"] = answer.version + 1
    await Answer.update(values).where(Answer.id == answer.id)
    for name, value in values.items():
        setattr(answer, name, value)
    return answer


async def change_files(message: Message, answer: Answer, written: Written) -> None:
    if written.key is not None:
        await attaching.attach(written.key, written.files, to=message, answer=answer.id)
    if written.dropped:
        mine = (Attachment.answer == answer.id) & Attachment.id.is_in(list(written.dropped))
        await Attachment.update({Attachment.answer: None, Attachment.message: None}).where(mine)


async def send_for_review(message: Message, *, by: Person, at: datetime, without_parts: str = "") -> None:
    """Send the answer to a second person, if it keeps the rules that a program can check (R13, R14, R16, R17, R18).

    `without_parts` says why it goes without the parts of co-executors that are still open (R11).
    """
    if not moves.SEND_FOR_REVIEW.is_for(by, message) or message.status not in moves.WRITABLE:
        await may_write(message, by)
    book = await rulebook()
    async with atomic():
        await hold(message, by)
        answer = await fit_to_send(message, at=at, bytes_at_most=book.limits.files_bytes)
        waived = await shares.waived(message, without_parts)
        await take(moves.SEND_FOR_REVIEW, message, by=by)
        sent: dict[Any, Any] = {
            "state": "in_review",
            "author": by.id,
            "sent_for_review_at": at,
            "rules": [],
            "remark": None,
        }
        await Answer.update(sent).where(Answer.id == answer.id)
        said = {"answer": answer.id, "outcome": answer.outcome, "text": answer.text, "planned_on": answer.planned_on}
        await record(Kind.SENT_FOR_REVIEW, message, by=by, at=at, **said, **waived)


async def fit_to_send(message: Message, *, at: datetime, bytes_at_most: int) -> Answer:
    answer = await current(message)
    if answer is None:
        raise Unfit({"text": say("Write the answer first.")})
    if errors := substance(answer, today=at.astimezone(workdays.TOWN).date()):
        raise Unfit(errors)
    await attaching.check_answer_files(message, answer, bytes_at_most=bytes_at_most)
    if wrong := await fitness.unfit(answer):
        raise Unfit({"files": wrong})
    return answer


TEXT_NEEDED = {
    "solved": N_("Say what was done."),
    "planned": N_("Say which measures are planned."),
    "impossible": N_("Give the reason why it cannot be solved."),
}


def substance(answer: Answer, *, today: date) -> dict[str, Sentence]:
    """What the answer lacks to be on the substance (R17), and the date that a promise needs (R18)."""
    errors: dict[str, Sentence] = {}
    if not answer.outcome:
        errors["outcome"] = say("Choose the outcome.")
    if not answer.text.strip():
        errors["text"] = say(TEXT_NEEDED.get(answer.outcome or "", "Write the answer first."))
    planned_on = cast("date | None", answer.planned_on)
    if answer.outcome == "planned" and (planned_on is None or planned_on <= today):
        errors["planned_on"] = say("A planned answer names the exact date, later than today.")
    return errors


async def follow_up(id: int, *, at: datetime) -> bool:
    """The promised date has come: the case opens for an additional answer, with a clock of its own (R22).

    Returns whether it did; a promise that another answer has replaced is no longer owed.
    """
    book = await rulebook()
    async with atomic():
        message = await Message.objects().where(Message.id == id).lock_rows("UPDATE").first()
        if message is None or not await has_run_out(message, Owed.PROMISE, at=at):
            return False
        if message.status not in moves.FOLLOW_UP.sources:
            await cancel(message, Owed.PROMISE, at=at)
            return False
        promise = await current(message)
        if promise is None or promise.outcome != "planned":
            raise OutOfTurn("No promise was made in this answer.")
        await take(moves.FOLLOW_UP, message, by=SYSTEM, round=message.round + 1)
        await meet(message, Owed.PROMISE, at=at)
        await cancel(message, Owed.RATING, at=at)
        came = workdays.start_of(promise.planned_on)
        days = book.limits.follow_up_workdays
        await owe(owed(Owed.FOLLOW_UP, message, book, at=came, days=days, owed_by=message.executor))
        await record(Kind.PROMISE_CAME, message, by=SYSTEM, at=at, promised_on=promise.planned_on)
    return True
