"""The citizen rates the answer; what is not solved goes to rework, and after three reworks to the commission (§4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import attaching, moves
from domain.case_files import freeze
from domain.database import atomic
from domain.errors import NotAllowed, Stale, Unfit, say
from domain.events import Kind, record, record_each
from domain.joined import answered_by, case_of, close_windows, waited_for
from domain.model import Answer, Message, Person, Rating
from domain.moves import Mover, Role, Status
from domain.remarks import LINES_AT_MOST, lines, note
from domain.rounds import current, current_of_each
from domain.rulebook import Rulebook, rulebook
from domain.taking import SYSTEM, at_rest, hold, take, take_each
from domain.terms import Owed, cancel, cancel_each, have_run_out, meet, must_run, owe, owed

CHOICES = ("solved", "accepted", "unsolved")
REMARKS_AT_MOST = 3000
SAID = """
SELECT (SELECT count(*) FROM rating WHERE answer = {} AND choice = 'solved') AS solved,
       (SELECT count(DISTINCT author) FROM message WHERE id = {} OR joined_to = {}) AS authors
"""
# One of the authors has accepted the answer, the others are silent: the reworks in a row end with it. OFFSET 0 has the
# planner look up the ratings of these answers alone; a join it would now and then rather read through the whole table.
ACCEPTED = """
UPDATE message SET reworks = 0 WHERE id IN (
    SELECT a.message FROM answer a
    WHERE a.id = ANY({}) AND EXISTS (SELECT FROM rating r WHERE r.answer = a.id OFFSET 0)
)
"""


@dataclass(frozen=True)
class Voice:
    """One of several authors of a case: what they say moves it as if its first author had said it."""

    id: int
    stands_in_for: tuple[int, ...]
    role: str = Role.CITIZEN


async def rate(
    message: Message,
    *,
    by: Person,
    at: datetime,
    choice: str,
    remarks: str = "",
    key: UUID | None = None,
    files: Sequence[UUID] = (),
) -> None:
    """Rate the current answer, once (R23). "Not solved" needs remarks and goes to rework (R24).

    Of several authors each rates for themselves. One "not solved" sends the case to rework; else it stays answered
    until the last of them has rated, or their time is over.
    """
    if message.author != by.id:
        raise NotAllowed("This is not yours to do.")
    check(choice, remarks)
    case = await case_of(message)
    answer = await rated_answer(case)
    book = await rulebook()
    async with atomic():
        await hold(case, by)
        rating = await write(answer, by, choice, remarks, at)
        if key is not None:
            await attaching.attach_all(key, files, to=case, rating=rating)
        await record(Kind.RATED, case, by=by, at=at, answer=answer.id, choice=choice, remarks=remarks.strip())
        await must_run(message, Owed.RATING, by=by, at=at)
        await meet(message, Owed.RATING, at=at)
        voice = Voice(by.id, (case.author,))
        if choice == "unsolved":
            await note(rating, lines(remarks))
            await contest(case, book, by=voice, at=at, remarks=remarks.strip())
        elif not await waited_for([case]):
            await settle(case, answer, by=voice, at=at)
        if case.status == Status.COMMISSION:
            await freeze(case, at=at)


def check(choice: str, remarks: str) -> None:
    if choice not in CHOICES:
        raise Unfit({"choice": say("Choose one of the options.")})
    said = lines(remarks) if choice == "unsolved" else []
    if choice == "unsolved" and not said:
        raise Unfit({"remarks": say("Say what is still wrong: the executor will go by your remarks.")})
    if len(said) > LINES_AT_MOST:
        raise Unfit(
            {"remarks": say("At most %(count)d remarks: put what belongs together on one line.", count=LINES_AT_MOST)}
        )
    if len(remarks) > REMARKS_AT_MOST:
        raise Unfit(
            {"remarks": say("The text is longer than %(count)d characters. Shorten it.", count=REMARKS_AT_MOST)}
        )


async def rated_answer(message: Message) -> Answer:
    return must_be_approved(await current(message))


def must_be_approved(answer: Answer | None) -> Answer:
    if answer is None or answer.state != "approved":
        raise Stale("This answer has already been rated, or another one is being prepared.")
    return answer


async def write(answer: Answer, by: Person, choice: str, remarks: str, at: datetime) -> int:
    rating = Rating(answer=answer.id, person=by.id, choice=choice, remarks=remarks.strip() or None, at=at)
    rows = await Rating.insert(rating).on_conflict((Rating.answer, Rating.person), "DO NOTHING")
    if not rows:
        raise Stale("This answer has already been rated.")
    return rows[0]["id"]


async def contest(message: Message, book: Rulebook, *, by: Mover, at: datetime, remarks: str) -> None:
    """Not solved: to rework, or to the commission (R25–R27)."""
    await cancel(message, Owed.PROMISE, at=at)
    await close_windows(message, at=at)
    nth = message.reworks + 1
    if goes_to_commission(message, book):
        await take(moves.APPEAL, message, by=by, reworks=moves.REWORKS_AT_MOST)
        await record(Kind.BROUGHT_TO_COMMISSION, message, by=by, at=at, reason=remarks)
        return
    await take(moves.SEND_TO_REWORK, message, by=by, reworks=nth, round=message.round + 1)
    days = book.limits.rework_workdays
    await owe(owed(Owed.REWORK, message, book, at=at, days=days, owed_by=message.executor))
    await record(Kind.SENT_TO_REWORK, message, by=by, at=at, rework=nth, remarks=remarks)


def goes_to_commission(message: Message, book: Rulebook) -> bool:
    """Where the next "not solved" leads: to rework at most three times in a row, the fourth to the commission.

    Where the operator reads §4.4 by its letter, the third sending itself goes to the commission.
    """
    nth = message.reworks + 1
    by_its_letter = book.limits.commission_on == "third_rework"
    return nth > moves.REWORKS_AT_MOST or (nth == moves.REWORKS_AT_MOST and by_its_letter)


async def settle(message: Message, answer: Answer, *, by: Mover, at: datetime) -> None:
    """Close the case, unless its answer promises something and this is not the last word on it.

    That it is solved is the last word if all its authors say so; who has accepted the answer ends the row of
    reworks (R27).
    """
    (said,) = await Rating.raw(SAID, answer.id, message.id, message.id)
    if promises(answer) and said["solved"] < said["authors"]:
        await take(moves.AWAIT_PROMISE, message, by=by, reworks=0)
        return
    await take(moves.CLOSE, message, by=by, reworks=0, closed_at=at)
    await end_of_each([message], by=by, at=at)


def promises(answer: Answer) -> bool:
    """Whether it names a date that is still to come (R22)."""
    return answer.outcome == "planned"


async def end_of_each(closed: Sequence[Message], *, by: Mover, at: datetime) -> None:
    """What belongs to the closing of a case: nothing promised runs on, and everybody is told."""
    await cancel_each(closed, Owed.PROMISE, at=at)
    await record_each([(Kind.CLOSED, each.id, {}) for each in closed], by=by, at=at)


async def close_unrated(*ids: int, at: datetime) -> int:
    """Nobody rated in time: the cases close unrated (R23), unless a promised date is still to come (R22).

    Of several authors the last is waited for. Returns how many did; one that somebody is moving now is left for the
    next sweep.
    """
    async with atomic():
        voices = await Message.objects().where(Message.id.is_in(list(ids)))
        cases = {case.id: case for case in await at_rest([answered_by(each) for each in voices])}
        due = await have_run_out([each for each in voices if answered_by(each) in cases], Owed.RATING, at=at)
        await cancel_each(due, Owed.RATING, at=at)
        ended = [cases[id] for id in {answered_by(each) for each in due}]
        waited = await waited_for(ended)
        over = [case for case in ended if case.status in moves.CLOSE.sources and case.id not in waited]
        answers = await current_of_each(over)
        promising = {each.id: promises(must_be_approved(answers.get(each.id))) for each in over}
        promised = [each for each in over if promising[each.id]]
        closed = [each for each in over if not promising[each.id]]
        await Message.raw(ACCEPTED, [each.id for each in answers.values()])
        await take_each(moves.AWAIT_PROMISE, promised, by=SYSTEM)
        await take_each(moves.CLOSE, closed, by=SYSTEM, closed_at=at)
        await end_of_each(closed, by=SYSTEM, at=at)
    return len(over)
