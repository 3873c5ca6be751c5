"""Before registration is decided on the moderator may ask the author one question; silence is a refusal (§3, R06, R08).

The clocks of registration do not wait: the reply has to come while the decision can still be made in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from domain import attaching, moves, terms, workdays
from domain.database import atomic
from domain.errors import OutOfTurn, Unfit, say
from domain.events import Kind, record
from domain.model import Ground, Message, Person, Question, Term
from domain.rulebook import Rulebook, rulebook
from domain.taking import SYSTEM, at_rest, take
from domain.terms import Opening, Owed, decided_on, have_run_out, meet, must_run, owe
from domain.wording import LANGUAGES, N_, translations

QUESTION_AT_MOST, REPLY_AT_MOST = 1000, 3000
SILENT = N_("The moderator's question was not answered in time: “%(question)s”")
ANSWER_IT = N_("Answer the question in the text of the message and send it again.")


@dataclass(frozen=True)
class Window:
    """Until when a reply is awaited: so many working days, and to the hour where the decision itself is due."""

    workdays: int
    due_on: date
    runs_out_at: datetime
    counting: str | None

    @property
    def last_moment(self) -> datetime:
        return last_minute(self.runs_out_at)


def last_minute(runs_out_at: datetime) -> datetime:
    """As people are told it: the midnight at which a day is over is the last minute of that day."""
    ends = workdays.in_town(runs_out_at)
    return ends if ends.time() > time() else ends - timedelta(minutes=1)


def window(book: Rulebook, decide_on: date, *, at: datetime) -> Window | None:
    """The time that a question asked now leaves for its reply; none when the decision can no longer wait (R06)."""
    left = workdays.working_days_between(book.calendar, workdays.in_town(at).date(), decide_on)
    hour = datetime.combine(decide_on, time(book.limits.registration_hour), workdays.TOWN)
    if at >= hour:
        return None
    days = min(book.limits.clarifying_workdays, left)
    if days == 0:
        return Window(0, decide_on, hour, None)
    counted = workdays.in_workdays(book.calendar, at, days)
    ends = min(counted.runs_out_at, hour)
    return Window(days, counted.due_on, ends, terms.how(Owed.CLARIFICATION, counted, book))


async def reply_by(message: Message, book: Rulebook, *, at: datetime) -> Window | None:
    """When a question asked now would have to be answered; none where it cannot be asked."""
    if not book.limits.clarifying or message.status not in moves.ASK.sources or await asked(message):
        return None
    return await remaining(message, book, at=at)


async def remaining(message: Message, book: Rulebook, *, at: datetime) -> Window | None:
    running = (Term.message == message.id) & (Term.kind == Owed.DECISION) & terms.RUNNING
    decision = await Term.select(Term.due_on).where(running).first()
    return window(book, decision["due_on"], at=at) if decision else None


async def asked(message: Message) -> bool:
    return await Question.exists().where((Question.message == message.id) & (Question.sending == message.sending))


async def ask(message: Message, text: str, *, by: Person, at: datetime) -> None:
    """Put one question to the author, once for each sending, if the operator allows it and the term leaves time."""
    if not text.strip():
        raise Unfit({"question": say("Write the question.")})
    if len(text) > QUESTION_AT_MOST:
        raise Unfit(
            {"question": say("The text is longer than %(count)d characters. Shorten it.", count=QUESTION_AT_MOST)}
        )
    book = await rulebook()
    async with atomic():
        if not book.limits.clarifying:
            raise OutOfTurn("Questions to authors are switched off (clause 3).")
        await take(moves.ASK, message, by=by)
        if await asked(message):
            raise OutOfTurn("One question was asked already: now decide on registration (clause 3).")
        until = await remaining(message, book, at=at)
        if until is None:
            raise OutOfTurn("The decision on registration is due: there is no time left for a reply (clause 3).")
        question = Question(message=message.id, person=by.id, asked_at=at, sending=message.sending, text=text.strip())
        await Question.insert(question)
        await owe(awaited(message, until, at=at))
        said = {"id": question.id, "question": question.text, "sending": message.sending, "until": until.runs_out_at}
        await record(Kind.QUESTIONED, message, by=by, at=at, **said)


def awaited(message: Message, until: Window, *, at: datetime) -> Opening:
    return Opening(
        message=message.id,
        kind=Owed.CLARIFICATION,
        opened_at=at,
        workdays=until.workdays,
        due_on=until.due_on,
        runs_out_at=until.runs_out_at,
        owed_by=message.author,
        counting=until.counting,
    )


async def reply(
    message: Message, text: str, *, by: Person, at: datetime, key: UUID | None = None, files: Sequence[UUID] = ()
) -> None:
    """What the author adds, once and in time; the message itself stays as it was sent."""
    if not text.strip():
        raise Unfit({"reply": say("Write your reply.")})
    if len(text) > REPLY_AT_MOST:
        raise Unfit({"reply": say("The text is longer than %(count)d characters. Shorten it.", count=REPLY_AT_MOST)})
    await check_files(key, files)
    async with atomic():
        await take(moves.REPLY, message, by=by)
        await must_run(message, Owed.CLARIFICATION, by=by, at=at)
        await meet(message, Owed.CLARIFICATION, at=at)
        own = (Question.message == message.id) & (Question.sending == message.sending)
        await Question.update({Question.answer: text.strip(), Question.answered_at: at}).where(own)
        if key:
            await attaching.attach_all(key, files, to=message)
        said = {"reply": text.strip(), "sending": message.sending, "files": len(set(files)) if key else 0}
        await record(Kind.REPLIED, message, by=by, at=at, **said)


async def check_files(key: UUID | None, files: Sequence[UUID]) -> None:
    received = await attaching.received(key, files) if key else []
    limit = (await rulebook()).limits.files_bytes
    if wrong := attaching.fit(((file.kind, file.size) for file in received), bytes_at_most=limit):
        raise Unfit({"files": wrong})


async def refuse_silence(*ids: int, at: datetime) -> int:
    """Nobody replied in time: registration is refused on the ground of the setting (R08). Returns how many were."""
    return sum([await refuse_one(id, at=at) for id in ids])


async def refuse_one(id: int, *, at: datetime) -> bool:
    ground = (await rulebook()).limits.clarifying_ground
    async with atomic():
        due = await have_run_out(await at_rest([id]), Owed.CLARIFICATION, at=at)
        if not due:
            return False
        (message,) = due
        question = await Question.objects().get(
            (Question.message == message.id) & (Question.sending == message.sending)
        )
        await take(moves.REFUSE_SILENCE, message, by=SYSTEM)
        await decided_on(message, at=at)
        codes = await Ground.select(Ground.code).where(Ground.id == ground) if ground else []
        words = translations(LANGUAGES[0])  # kept in the journal, as the moderator's own words would be
        said = {
            "grounds": [each["code"] for each in codes],
            "reason": words.gettext(SILENT) % {"question": question.text if question else ""},
            "proposal": words.gettext(ANSWER_IT),
        }
        await record(Kind.REFUSED, message, by=SYSTEM, at=at, **said)
    return True
