"""The executor writes the answer and sends it for review; a promise comes due (§4.2–4.3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain import (
    attaching,
    by_itself,
    fitness,
    follow_ups,
    informing,
    moves,
    pairs,
    pointed,
    remarks,
    shares,
    workdays,
)
from domain.database import atomic
from domain.errors import OutOfTurn, Sentence, Stale, Unfit, say
from domain.events import Kind, record, record_each
from domain.informing import NOBODY, Informed
from domain.joined import close_windows
from domain.model import Answer, Attachment, Message, Person
from domain.offers import call_off
from domain.remarks import Reply
from domain.rounds import current, current_of_each, must_write
from domain.rulebook import Rulebook, rulebook
from domain.substance import TEXT_AT_MOST, WRITE, no_outcome, substance
from domain.taking import SYSTEM, at_rest, hold, take, take_each
from domain.terms import Opening, Owed, cancel_each, have_run_out, meet_each, owe, owed


@dataclass(frozen=True)
class Written:
    """What the executor has written so far: an unfinished draft may lack anything."""

    outcome: str | None = None
    text: str = ""
    planned_on: date | None = None
    key: UUID | None = None
    files: Sequence[UUID] = ()
    dropped: Sequence[UUID] = ()
    informed: Informed = NOBODY
    replies: Mapping[int, Reply] = field(default_factory=dict)
    pairs: Mapping[UUID, UUID | None] = field(default_factory=dict)


async def draft(
    message: Message, written: Written, *, by: Person, at: datetime, version: int | None = None, pressed: bool = True
) -> Answer:
    """Save the draft of the answer. Raises Stale when another window saved one since `version` was opened.

    Where nobody has `pressed`, a page saves while somebody types: then one line of the journal tells of the sitting.
    """
    await must_write(message, by)
    if errors := no_draft(written):
        raise Unfit(errors)
    async with atomic():
        await hold(message, by)
        answer = await save(message, written, by, version)
        await change_files(message, answer, written)
        await remarks.reply(message, written.replies)
        if pressed or not await by_itself.is_told(Kind.DRAFTED, message, by=by, at=at, answer=answer.id):
            await record(Kind.DRAFTED, message, by=by, at=at, answer=answer.id, version=answer.version)
    return answer


def no_draft(written: Written) -> dict[str, Sentence]:
    """What does not fit even into a draft, which may lack anything."""
    errors = {**no_outcome(written.outcome), **informing.too_long(written.informed)}
    if len(written.text) > TEXT_AT_MOST:
        errors["text"] = say("The text is longer than %(count)d characters. Shorten it.", count=TEXT_AT_MOST)
    return errors


async def save(message: Message, written: Written, by: Person, version: int | None) -> Answer:
    """The message is held, so between reading the draft and writing it nobody else writes."""
    values: dict[Any, Any] = {
        "outcome": written.outcome,
        "text": written.text,
        "planned_on": written.planned_on,
        "author": by.id,
        **written.informed.columns(),
    }
    if written.informed.file in written.dropped:
        values["informed_file"] = None
    answer = await current(message)
    if answer is None:
        answer = Answer(message=message.id, round=message.round, **values)
        await Answer.insert(answer)
        return answer
    if version == answer.version - 1 and await stands(message, answer, written, values):
        return answer  # this very saving, of which the page has not heard
    if version is not None and version != answer.version:
        raise Stale("The draft was saved in another window meanwhile.")
    values["version"] = answer.version + 1
    await Answer.update(values).where(Answer.id == answer.id)
    for name, value in values.items():
        setattr(answer, name, value)
    return answer


async def stands(message: Message, answer: Answer, written: Written, values: Mapping[Any, Any]) -> bool:
    """Whether the same person has already saved the same, to the last reply and pair."""
    same = all(getattr(answer, name) == value for name, value in values.items())
    return same and await remarks.stand(message, written.replies) and await pairs.stand(answer, written.pairs)


async def change_files(message: Message, answer: Answer, written: Written) -> None:
    await pairs.pair(message, answer, written.pairs)
    if written.key and await attaching.attach(written.key, written.files, to=message, answer=answer.id):
        await pairs.propose(message, answer)
    if written.dropped:
        mine = (Attachment.answer == answer.id) & Attachment.id.is_in(list(written.dropped))
        loose: dict[Any, Any] = {Attachment.answer: None, Attachment.message: None, Attachment.before: None}
        await Attachment.update(loose).where(mine)


async def send_for_review(
    message: Message, *, by: Person, at: datetime, without_parts: str = "", insists: Collection[str] = ()
) -> None:
    """Send the answer to a second person, if it keeps the rules that a program can check (R13, R14, R16–R19, R24).

    `without_parts` says why it goes without the parts of co-executors that are still open (R11), `insists` are the
    words that were pointed out and are right as they are (R18, R19).
    """
    await must_write(message, by)
    book = await rulebook()
    async with atomic():
        await hold(message, by)
        answer = await fit_to_send(message, at=at, bytes_at_most=book.limits.files_bytes)
        waived = await shares.waived(message, without_parts)
        stays = pointed.insisted(pointed.of(answer, today=workdays.in_town(at).date()), insists)
        await take(moves.SEND_FOR_REVIEW, message, by=by)
        await call_off(message, by=by, at=at)
        sent: dict[Any, Any] = {
            "state": "in_review",
            "author": by.id,
            "sent_for_review_at": at,
            "rules": [],
            "remark": None,
        }
        await Answer.update(sent).where(Answer.id == answer.id)
        said = {"answer": answer.id, "outcome": answer.outcome, "text": answer.text, "planned_on": answer.planned_on}
        informed, replied = informing.of(answer).columns(), await remarks.replied(message)
        said |= {**informed, **replied, "insists": stays}
        await record(Kind.SENT_FOR_REVIEW, message, by=by, at=at, **said, **waived)


async def fit_to_send(message: Message, *, at: datetime, bytes_at_most: int) -> Answer:
    answer = await current(message)
    if answer is None:
        raise Unfit({"text": say(WRITE)})
    files = await Attachment.objects().where(Attachment.answer == answer.id)
    today = workdays.in_town(at).date()
    errors = await follow_ups.unsaid(message, answer, today=today) | substance(answer, today=today)
    proofs = [file.id for file in files]
    errors |= informing.misfits(informing.of(answer), sent_at=message.sent_at, at=at, files=proofs)
    wrong = await attaching.wrong_answer_files(message, files, bytes_at_most=bytes_at_most)
    if wrong := wrong or await fitness.unfit(answer):
        errors["files"] = wrong
    if errors := errors | await remarks.unanswered(message):
        raise Unfit(errors)
    return answer


async def follow_up(*ids: int, at: datetime) -> int:
    """The promised dates have come: the cases open for an additional answer, with clocks of their own (R22).

    Returns how many did; a promise that another answer has replaced is no longer owed, and a case that somebody is
    moving now is left for the next sweep.
    """
    book = await rulebook()
    async with atomic():
        due = await have_run_out(await at_rest(ids), Owed.PROMISE, at=at)
        replaced = [each for each in due if each.status not in moves.FOLLOW_UP.sources]
        await cancel_each(replaced, Owed.PROMISE, at=at)
        answers = await current_of_each(due)
        waiting = [each for each in due if each.status in moves.FOLLOW_UP.sources]
        came = [(each, must_promise(answers.get(each.id))) for each in waiting]
        await take_each(moves.FOLLOW_UP, waiting, by=SYSTEM, next_round=True)
        await follow_ups.begin(came)
        await meet_each(waiting, Owed.PROMISE, at=at)
        await close_windows(*waiting, at=at)
        await owe(*(additional(case, promise, book) for case, promise in came))
        told = [(Kind.PROMISE_CAME, case.id, {"promised_on": promise.planned_on}) for case, promise in came]
        await record_each(told, by=SYSTEM, at=at)
    return len(came)


def must_promise(answer: Answer | None) -> Answer:
    if answer is None or answer.outcome != "planned":
        raise OutOfTurn("No promise was made in this answer.")
    return answer


def additional(message: Message, promise: Answer, book: Rulebook) -> Opening:
    """The term of the additional answer: from the promised date, a day off or not."""
    came, days = workdays.start_of(promise.planned_on), book.limits.follow_up_workdays
    return owed(Owed.FOLLOW_UP, message, book, at=came, days=days, owed_by=message.executor)
