"""What has happened to a message, told to its author: plain words, departments instead of names (R33, R10)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from typing import Any

from domain.events import Kind
from domain.joined import COURSE
from domain.model import Event, Message
from domain.moves import Role
from domain.opening import REASONS
from domain.terms import Owed
from domain.wording import N_, translations
from portal.cards.steps import day
from portal.clocks import LABELS, why_counted_again

QUERY = """
SELECT e.kind, e.at, e.actor, e.data::text AS data, p.role, o.name AS organisation, xo.name AS receiver
FROM event e LEFT JOIN person p ON p.id = e.actor LEFT JOIN organisation o ON o.id = p.organisation
LEFT JOIN person x ON x.id = (e.data->>'executor')::bigint LEFT JOIN organisation xo ON xo.id = x.organisation
WHERE e.message = {} OR e.message = {} AND e.kind = ANY({})
    AND e.id > (SELECT max(id) FROM event WHERE message = {} AND kind = 'message:joined')
ORDER BY e.id DESC
"""
# Drafts, parts, remarks of the reviewer and reminders are between officials; what is not here is not told.
SAYINGS: dict[str, tuple[str, str]] = {
    Kind.SUBMITTED: ("send", N_("You sent the message")),
    Kind.CORRECTED: ("send", N_("You corrected it and sent it again")),
    Kind.REGISTERED: ("hash", N_("Registered and sent to the executor")),
    Kind.ANSWERED_AT_ONCE: ("message-square-text", N_("Registered, and answered at once")),
    Kind.REFUSED: ("circle-x", N_("Registration refused")),
    Kind.QUESTIONED: ("message-circle", N_("The moderator has a question")),
    Kind.REPLIED: ("send", N_("You replied to the question")),
    Kind.JOINED: ("git-merge", N_("Joined to another message on the same matter")),
    Kind.DETACHED: ("undo-2", N_("Goes on by itself: sent to its executor")),
    Kind.ACCEPTED: ("wrench", N_("Accepted by the executor")),
    Kind.HANDED_BACK: ("undo-2", N_("Not theirs: handed back to the moderator")),
    Kind.REROUTED: ("send", N_("Sent to another executor")),
    Kind.AUTHOR_OPENED: ("eye", N_("An official opened your name and contacts")),
    Kind.PUBLISHED: ("megaphone", N_("Published without your name")),
    Kind.ANSWER_PUBLISHED: ("megaphone", N_("The answer is published")),
    Kind.PUBLICATION_REJECTED: ("eye-off", N_("Not published")),
    Kind.CONSENT_WITHDRAWN: ("eye-off", N_("You withdrew your consent: nothing of it is published any longer")),
    Kind.SENT_FOR_REVIEW: ("shield-check", N_("The answer is written and is being checked")),
    Kind.SENT_BACK: ("history", N_("The answer is being mended after the check")),
    Kind.APPROVED: ("message-square-text", N_("You have an answer")),
    Kind.RATED: ("star", N_("You rated the answer")),
    Kind.SENT_TO_REWORK: ("history", N_("Sent to rework with your remarks")),
    Kind.BROUGHT_TO_COMMISSION: ("gavel", N_("Brought to the commission")),
    Kind.SITTING_CALLED: ("calendar-days", N_("On the agenda of the commission")),
    Kind.DECIDED: ("gavel", N_("The commission has decided")),
    Kind.BLOCKED: ("lock", N_("You cannot send messages for a while")),
    Kind.OBJECTED: ("message-circle", N_("You objected to the block")),
    Kind.BLOCK_LIFTED: ("undo-2", N_("The block is lifted")),
    Kind.BLOCK_KEPT: ("lock", N_("The block stays")),
    Kind.BLOCK_ENDED: ("check", N_("You can send messages again")),
    Kind.PROMISE_CAME: ("calendar-clock", N_("The promised day has come: an additional answer is due")),
    Kind.TERM_MISSED: ("alarm-clock", N_("A term was missed")),
    Kind.TERM_RECOUNTED: ("calendar-clock", N_("A term was counted again")),
    Kind.CLOSED: ("check", N_("Closed")),
}
ANOTHER_CONTESTS = N_("Sent to rework with the remarks of another author")
REJECTED = {"message": N_("the message"), "answer": N_("the answer"), "photo": N_("a photo")}
CHOICES = {
    "solved": N_("Solved"),
    "accepted": N_("Not solved, but the answer is clear"),
    "unsolved": N_("Not solved"),
}


@dataclass(frozen=True)
class Entry:
    what: str
    who: str | None
    at: datetime
    note: str | None
    icon: str


async def events(message: Message) -> list[dict[str, Any]]:
    """What happened to the message, and since it was joined to a case, what happens to that."""
    rows: list[dict[str, Any]] = await Event.raw(QUERY, message.id, message.joined_to, list(COURSE), message.id)
    return [{**row, "data": json.loads(row["data"])} for row in rows]


def story(rows: Sequence[dict[str, Any]], language: str, *, reader: int) -> list[Entry]:
    words = translations(language)
    return [
        Entry(words.gettext(what), who(row, words), row["at"], note(row, words, language), icon)
        for row in rows
        if row["kind"] in SAYINGS and row["data"].get("owed") != Owed.PART
        for icon, what in said_to(reader, row)
    ]


def said_to(reader: int, row: dict[str, Any]) -> list[tuple[str, str]]:
    """What another author of the case says of its answer is not told, only that it went to rework (R10)."""
    icon, what = SAYINGS[row["kind"]]
    if row["kind"] == Kind.RATED and row["actor"] != reader:
        return []
    if row["kind"] == Kind.SENT_TO_REWORK and row["actor"] != reader:
        return [(icon, ANOTHER_CONTESTS)]
    return [(icon, what)]


def who(row: dict[str, Any], words: NullTranslations) -> str | None:
    """No name; and of an opening not even the office: that there was one is enough to ask about it."""
    if row["kind"] == Kind.AUTHOR_OPENED:
        return None
    match row["role"]:
        case Role.MODERATOR:
            return words.gettext("moderator")
        case Role.EXECUTOR:
            return row["organisation"] or words.gettext("executor")
        case Role.COORDINATOR | Role.OPERATOR | Role.CONTROLLER:
            return row["organisation"]
        case _:
            return None


def note(row: dict[str, Any], words: NullTranslations, language: str) -> str | None:
    data = row["data"]
    match row["kind"]:
        case Kind.REGISTERED:
            return f"№\N{NO-BREAK SPACE}{data['number']}, {row['receiver']}"
        case Kind.ANSWERED_AT_ONCE:
            return f"№\N{NO-BREAK SPACE}{data['number']}"
        case Kind.REROUTED | Kind.DETACHED:
            return row["receiver"]
        case Kind.JOINED:
            return f"№\N{NO-BREAK SPACE}{data['case_number']}"
        case Kind.ACCEPTED if data.get("finish_on"):
            planned = date.fromisoformat(data["finish_on"])
            return words.gettext("the work is planned by %(day)s") % {"day": day(planned, language)}
        case Kind.AUTHOR_OPENED:
            reason = REASONS[data["reason"]]
            return words.gettext(reason)
        case Kind.RATED:
            choice: str = data["choice"]
            return words.gettext(CHOICES[choice])
        case Kind.PUBLICATION_REJECTED:
            return f"{what_was_rejected(data, words)}: {data['named']}. {data['words']}"
        case Kind.SENT_TO_REWORK:
            return words.gettext("rework %(number)s of 3") % {"number": data["rework"]}
        case Kind.SITTING_CALLED:
            held_on = date.fromisoformat(data["held_on"])
            return words.gettext("sitting of %(day)s") % {"day": day(held_on, language)}
        case Kind.DECIDED:
            return str(data["decision"])
        case Kind.BLOCKED:
            last_day = date.fromisoformat(data["last_day"])
            return words.gettext("until %(day)s") % {"day": day(last_day, language)}
        case Kind.TERM_MISSED:
            owed = Owed(data["owed"])
            return words.gettext(LABELS[owed])
        case Kind.TERM_RECOUNTED:
            owed = Owed(data["owed"])
            return f"{words.gettext(LABELS[owed])}: {why_counted_again(data, language)}"
        case _:
            return None


def what_was_rejected(data: Mapping[str, Any], words: NullTranslations) -> str:
    what = "photo" if data.get("photo") else "answer" if data.get("answer") else "message"
    return words.gettext(REJECTED[what])
