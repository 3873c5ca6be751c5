"""A case and the messages that are joined to it (§2): one matter of several authors, and one answer to all of them.

What is joined is joined to the case itself and never to another joined message, so one step leads from it to its case.
"""

from collections.abc import Sequence
from datetime import date, datetime

from piccolo.query import Objects, OrderByRaw

from domain.events import Kind
from domain.model import Answer, Message, Person, Term
from domain.placeholders import names
from domain.rulebook import Rulebook
from domain.terms import OPEN, Opening, Owed, owed, promised
from domain.workdays import day_before, start_of

# What happens to a case is told to each of its authors; the rest is about its first author or their words (R10).
COURSE = (
    Kind.ACCEPTED, Kind.HANDED_BACK, Kind.REROUTED, Kind.SENT_FOR_REVIEW, Kind.SENT_BACK, Kind.APPROVED, Kind.RATED,
    Kind.SENT_TO_REWORK, Kind.BROUGHT_TO_COMMISSION, Kind.SITTING_CALLED, Kind.DECIDED, Kind.PROMISE_CAME,
    Kind.TERM_MISSED, Kind.TERM_RECOUNTED, Kind.CLOSED,
)  # fmt: skip
# Whoever wrote of it twice is one author: the case itself speaks for them, or else what they wrote first.
SPEAKS_FIRST = "joined_to NULLS FIRST, id"
VOICES = f"""
SELECT DISTINCT ON (author) id, author FROM message WHERE id = {{}} OR joined_to = {{}} ORDER BY author, {SPEAKS_FIRST}
"""  # noqa: S608
CLOSED = """
UPDATE term SET void_at = {} WHERE kind = 'rating' AND met_at IS NULL AND void_at IS NULL
    AND message IN (SELECT id FROM message WHERE id = ANY({}) OR joined_to = ANY({}))
"""
WAITED_FOR = """
SELECT DISTINCT coalesce(m.joined_to, m.id) AS id FROM message m JOIN term t ON t.message = m.id
WHERE (m.id = ANY({}) OR m.joined_to = ANY({})) AND t.kind = 'rating' AND t.met_at IS NULL AND t.void_at IS NULL
"""


def answered_by(message: Message) -> int:
    """The case whose answer answers this message: itself, unless it is joined to another."""
    return message.joined_to or message.id


async def case_of(message: Message) -> Message:
    """The message whose answer answers this one."""
    if message.joined_to is None:
        return message
    found = await Message.objects().get(Message.id == message.joined_to)
    assert found is not None, "the foreign key holds"  # noqa: S101
    return found


async def joined_to(case: Message) -> list[Message]:
    return await Message.objects().where(Message.joined_to == case.id).order_by(Message.id)


async def voice(theirs: Objects[Message], case: int) -> Message | None:
    """The message by which somebody has their say in the case, of those that they may see: it they read and rate by."""
    of_case = (Message.id == case) | (Message.joined_to == case)
    return await theirs.where(of_case).order_by(OrderByRaw(SPEAKS_FIRST)).first()


async def answer_term(case: Message) -> Term | None:
    """The term of the first answer (5.2), while nobody has got that answer yet; late it may be."""
    first = (Term.message == case.id) & (Term.kind == Owed.ANSWER) & OPEN
    return await Term.objects().where(first).first()


async def opened_by(answer: Answer, case: Message, book: Rulebook, *, at: datetime) -> list[Opening]:
    """What an answer opens that goes out now: the ratings of its authors, and the clock of what it promises (R22)."""
    if answer.outcome != "planned":
        return await windows(case, book, at=at, promised_on=None)
    promise = promised(case, on=answer.planned_on, at=at, owed_by=case.executor)
    return [*await windows(case, book, at=at, promised_on=answer.planned_on), promise]


async def windows(case: Message, book: Rulebook, *, at: datetime, promised_on: date | None) -> list[Opening]:
    """For each author of the case a window of their own in which they may rate its answer (R23).

    It is over when the promised day begins: then an additional answer is due, and is what they rate (R22).
    """
    opened = owed(Owed.RATING, case, book, at=at, days=book.limits.rating_days)
    if promised_on is not None and promised_on <= opened.due_on:
        until = day_before(promised_on)
        opened = opened._replace(due_on=until, runs_out_at=start_of(promised_on), workdays=None)
    voices = await Message.raw(VOICES, case.id, case.id)
    return [opened._replace(message=each["id"], owed_by=each["author"]) for each in voices]


async def close_windows(*cases: Message, at: datetime) -> None:
    """Their answers are rated no longer: others are due, or the commission has the case."""
    ids = [case.id for case in cases]
    await Term.raw(CLOSED, at, ids, ids)


async def waited_for(cases: Sequence[Message]) -> set[int]:
    """Those of the cases of which an author still has time to rate the answer."""
    ids = [case.id for case in cases]
    return {row["id"] for row in await Term.raw(WAITED_FOR, ids, ids)}


async def names_one_of_several(case: Message, text: str) -> bool:
    """Whether a text that goes to several authors speaks of one of them by name (R10)."""
    voices = await Message.raw(VOICES, case.id, case.id)
    if len(voices) < 2:
        return False
    people = await Person.objects().where(Person.id.is_in([each["author"] for each in voices]))
    return any(names(person, text) for person in people)
