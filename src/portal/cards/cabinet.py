"""The cabinet (§2): one's own messages, the newest first, each with its clock and what is to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.model import Message, Person, Term
from domain.moves import Status
from domain.noticing import UNREAD
from domain.rulebook import rulebook
from domain.seeing import visible_to
from domain.wording import N_, translations
from domain.workdays import Calendar
from portal.cards.clocks import pressing, terms_of
from portal.cards.feed import Photo
from portal.cards.feedback import rating_term
from portal.cards.resolved import RESOLVED
from portal.cards.topics import CategoryName
from portal.clocks import ClockView, Timed, clock
from portal.desk.headlines import headline

ROWS = 20
RATE = N_("Rate the answer")
CORRECT = N_("Correct and send again")
REPLY = N_("Reply to the question")


@dataclass(frozen=True)
class Row:
    id: int
    number: str | None
    title: str
    address: str
    category: CategoryName
    status: str
    outcome: str | None
    clock: ClockView | None
    photo: Photo | None
    sent_at: datetime
    todo: str | None
    unread: bool


async def cabinet(person: Person, *, after: int, at: datetime, language: str) -> dict[str, Any]:
    query = visible_to(person).order_by(Message.id, ascending=False).limit(ROWS + 1)
    found = await (query.where(Message.id < after) if after else query)
    messages = found[:ROWS]
    facts = await facts_of([message.id for message in messages])
    terms = await terms_of(*(message.id for message in messages))
    calendar = (await rulebook()).calendar
    rows = [
        row(message, facts[message.id], terms[message.id], calendar, at=at, language=language) for message in messages
    ]
    older = f"/messages?after={messages[-1].id}" if len(found) > ROWS else None
    return {"rows": rows, "older": older, "newest": "/messages" if after else None}


FACTS = f"""
SELECT m.id, c.code, c.name, c.icon, f.id AS photo, CASE WHEN NOT {RESOLVED} THEN an.outcome END AS outcome,
       {UNREAD} AS unread
FROM message m JOIN topic tp ON tp.id = m.topic JOIN category c ON c.id = tp.category
LEFT JOIN LATERAL (SELECT id FROM attachment WHERE message = m.id AND answer IS NULL AND rating IS NULL
    AND state = 'ready' AND kind <> 'pdf' ORDER BY received_at, id LIMIT 1) f ON true
LEFT JOIN LATERAL (SELECT outcome FROM answer WHERE message = m.id AND state = 'approved'
    ORDER BY round DESC LIMIT 1) an ON true
WHERE m.id = ANY({{}})
"""  # noqa: S608


async def facts_of(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    return {each["id"]: each for each in await Message.raw(FACTS, list(ids))} if ids else {}


def row(
    message: Message, facts: dict[str, Any], terms: Sequence[Term], calendar: Calendar, *, at: datetime, language: str
) -> Row:
    title = headline(message.text)
    term = pressing(terms)
    return Row(
        id=message.id,
        number=message.number,
        title=title,
        address=message.address,
        category=CategoryName(facts["code"], facts["name"], facts["icon"]),
        status=message.status,
        outcome=facts["outcome"],
        clock=clock(term, calendar, at=at, language=language) if term else None,
        photo=Photo(f"/files/{facts['photo']}/small", title) if facts["photo"] else None,
        sent_at=message.sent_at,
        todo=todo(message, terms, at, language),
        unread=facts["unread"],
    )


def todo(message: Message, terms: Sequence[Timed], at: datetime, language: str) -> str | None:
    if message.status == Status.REFUSED:
        return translations(language).gettext(CORRECT)
    if message.status == Status.QUESTIONED:
        return translations(language).gettext(REPLY)
    if rating_term(message, terms, at):
        return translations(language).gettext(RATE)
    return None
