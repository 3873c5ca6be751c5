"""The cabinet (§2): one's own messages, the newest first, each with its clock and what is to be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.model import Message, Person, Term
from domain.moves import Status
from domain.noticing import UNREAD
from domain.rulebook import rulebook
from domain.seeing import visible_to
from domain.terms import Owed
from domain.wording import N_, translations
from domain.workdays import Calendar
from portal.cards.clocks import pressing, terms_of
from portal.cards.feed import Photo
from portal.cards.feedback import rating_term
from portal.cards.resolved import ENDED
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
    cases = await cases_of(messages)
    terms = await terms_of(*(message.id for message in [*messages, *cases.values()]))
    calendar = (await rulebook()).calendar
    rows = [
        row(message, cases.get(message.id, message), facts[message.id], terms, calendar, at=at, language=language)
        for message in messages
    ]
    older = f"/messages?after={messages[-1].id}" if len(found) > ROWS else None
    return {"rows": rows, "older": older, "newest": "/messages" if after else None}


FACTS = f"""
SELECT m.id, c.code, c.name, c.icon, f.id AS photo, CASE WHEN NOT {ENDED.format(m="k")} THEN an.outcome END AS outcome,
       {UNREAD} AS unread
FROM message m JOIN topic tp ON tp.id = m.topic JOIN category c ON c.id = tp.category
JOIN message k ON k.id = coalesce(m.joined_to, m.id)
LEFT JOIN LATERAL (SELECT id FROM attachment WHERE message = m.id AND answer IS NULL AND rating IS NULL
    AND state = 'ready' AND kind <> 'pdf' ORDER BY received_at, id LIMIT 1) f ON true
LEFT JOIN LATERAL (SELECT outcome FROM answer WHERE message = k.id AND state = 'approved'
    ORDER BY round DESC LIMIT 1) an ON true
WHERE m.id = ANY({{}})
"""  # noqa: S608


async def cases_of(messages: Sequence[Message]) -> dict[int, Message]:
    """The case of each message that is joined to one."""
    joined = {message.id: message.joined_to for message in messages if message.joined_to is not None}
    found = await Message.objects().where(Message.id.is_in(list(joined.values()))) if joined else []
    cases = {case.id: case for case in found}
    return {id: cases[case] for id, case in joined.items()}


async def facts_of(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    return {each["id"]: each for each in await Message.raw(FACTS, list(ids))} if ids else {}


def row(
    message: Message,
    case: Message,
    facts: dict[str, Any],
    terms: Mapping[int, Sequence[Term]],
    calendar: Calendar,
    *,
    at: datetime,
    language: str,
) -> Row:
    title = headline(message.text)
    of_the_case = [term for term in terms[case.id] if case is message or term.kind != Owed.RATING]
    own = [] if case is message else terms[message.id]
    term = pressing([*of_the_case, *own])
    return Row(
        id=message.id,
        number=message.number,
        title=title,
        address=message.address,
        category=CategoryName(facts["code"], facts["name"], facts["icon"]),
        status=case.status,
        outcome=facts["outcome"],
        clock=clock(term, calendar, at=at, language=language) if term else None,
        photo=Photo(f"/files/{facts['photo']}/small", title) if facts["photo"] else None,
        sent_at=message.sent_at,
        todo=todo(case, terms[message.id], at, language),
        unread=facts["unread"],
    )


def todo(case: Message, terms: Sequence[Timed], at: datetime, language: str) -> str | None:
    if case.status == Status.REFUSED:
        return translations(language).gettext(CORRECT)
    if case.status == Status.QUESTIONED:
        return translations(language).gettext(REPLY)
    if rating_term(case, terms, at):
        return translations(language).gettext(RATE)
    return None
