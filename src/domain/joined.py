"""A case and the messages that are joined to it (§2): one matter of several authors, and one answer to all of them.

What is joined is joined to the case itself and never to another joined message, so one step leads from it to its case.
"""

from collections.abc import Sequence
from datetime import datetime

from domain.events import Kind
from domain.model import Message, Person, Term
from domain.placeholders import names
from domain.rulebook import Rulebook
from domain.terms import OPEN, Opening, Owed, owed

# What happens to a case is told to each of its authors; the rest is about its first author or their words (R10).
COURSE = (
    Kind.ACCEPTED, Kind.HANDED_BACK, Kind.REROUTED, Kind.SENT_FOR_REVIEW, Kind.SENT_BACK, Kind.APPROVED, Kind.RATED,
    Kind.SENT_TO_REWORK, Kind.BROUGHT_TO_COMMISSION, Kind.SITTING_CALLED, Kind.DECIDED, Kind.PROMISE_CAME,
    Kind.TERM_MISSED, Kind.TERM_RECOUNTED, Kind.CLOSED,
)  # fmt: skip
OF_THE_CASE = "SELECT id FROM message WHERE id = {} OR joined_to = {}"
# Whoever wrote of it twice is one author: they rate by the case itself, or by what they wrote first.
VOICES = """
SELECT DISTINCT ON (author) id, author FROM message WHERE id = {} OR joined_to = {}
ORDER BY author, joined_to NULLS FIRST, id
"""
CLOSED = f"""
UPDATE term SET void_at = {{}} WHERE kind = 'rating' AND met_at IS NULL AND void_at IS NULL
    AND message IN ({OF_THE_CASE})
"""  # noqa: S608
WAITING = f"""
SELECT EXISTS (SELECT FROM term WHERE kind = 'rating' AND met_at IS NULL AND void_at IS NULL
    AND message IN ({OF_THE_CASE})) AS waiting
"""  # noqa: S608


async def case_of(message: Message) -> Message:
    """The message whose answer answers this one: itself, unless it is joined to another."""
    if message.joined_to is None:
        return message
    found = await Message.objects().get(Message.id == message.joined_to)
    assert found is not None, "the foreign key holds"  # noqa: S101
    return found


async def joined_to(case: Message) -> list[Message]:
    return await Message.objects().where(Message.joined_to == case.id).order_by(Message.id)


async def answer_term(case: Message) -> Term | None:
    """The term of the first answer (5.2), while nobody has got that answer yet; late it may be."""
    first = (Term.message == case.id) & (Term.kind == Owed.ANSWER) & OPEN
    return await Term.objects().where(first).first()


async def windows(case: Message, book: Rulebook, *, at: datetime) -> list[Opening]:
    """For each author of the case a window of their own in which they may rate its answer (R23)."""
    opened = owed(Owed.RATING, case, book, at=at, days=book.limits.rating_days)
    voices = await Message.raw(VOICES, case.id, case.id)
    return [opened._replace(message=voice["id"], owed_by=voice["author"]) for voice in voices]


async def close_windows(case: Message, *, at: datetime) -> None:
    """The answer is rated no longer: another one is due, or the commission has the case."""
    await Term.raw(CLOSED, at, case.id, case.id)


async def others_wait(case: Message) -> bool:
    """Whether an author of the case still has time to rate its answer."""
    (row,) = await Term.raw(WAITING, case.id, case.id)
    return bool(row["waiting"])


async def names_one_of(authors: Sequence[int | None], text: str) -> bool:
    """Whether a text that goes to several authors speaks of one of them by name."""
    people = await Person.objects().where(Person.id.is_in(list(authors)))
    return any(names(person, text) for person in people)
