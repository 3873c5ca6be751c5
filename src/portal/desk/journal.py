"""The journal of a message in words (R33): what was done, by whom, when, and what was said with it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date

from domain.events import Kind
from domain.model import Event
from domain.moves import Role
from domain.taking import IN_PASSING
from domain.wording import N_, translations
from portal.cards.story import CHOICES
from portal.clocks import LABELS, why_counted_again
from portal.desk import (
    commission_sayings,
    control_sayings,
    hand_over_sayings,
    joining_sayings,
    mailing,
    photo_marks,
    publication_sayings,
)
from portal.desk.answer_notes import let_out, sent_for_review
from portal.desk.sharing_notes import asked_or_replied, opened_why, part_named, part_removed, part_text, standard_answer

COLUMNS = ("id", "message", "kind", "at", "data", "actor", "who", "role", "executor", "instead", "topic", "grounds")
EVENTS = """
SELECT e.id, e.message, e.kind, e.at, e.data::text AS data, p.id AS actor,
       CASE WHEN p.role <> 'citizen' THEN p.name END AS who, p.role, x.name AS executor, i.name AS instead,
       stood('topics', tp.id, 'name', e.at, tp.name) AS topic,
       (SELECT string_agg(stood('grounds', g.id, 'name', e.at, g.name), '; ' ORDER BY g.id) FROM ground g
        WHERE e.data->'grounds' @> to_jsonb(g.code)) AS grounds
FROM event e LEFT JOIN person p ON p.id = e.actor
LEFT JOIN person x ON x.id = (e.data->>'executor')::bigint
LEFT JOIN person i ON i.id = (e.data->>'instead_of')::bigint
LEFT JOIN topic tp ON e.kind IN ('message:registered','message:answered_at_once') AND tp.id = (e.data->>'topic')::bigint
WHERE e.message = {message} ORDER BY e.id
"""

SAVED = (Kind.DRAFTED, Kind.PART_WRITTEN)

Row = dict[str, Any]
Words = NullTranslations


@dataclass(frozen=True)
class Entry:
    what: str
    who: str | None
    at: datetime
    note: str | None
    icon: str
    kind: str


async def events(message: int) -> list[Row]:
    """What happened to this message, with the names that the journal speaks of, oldest first."""
    rows = await Event.raw(EVENTS.format(message="{}"), message)
    return happened([tuple(row.values()) for row in rows])


def happened(rows: Sequence[Sequence[Any]]) -> list[Row]:
    """The rows of EVENTS with their names, and what was said with them as values."""
    named = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return [{**row, "data": json.loads(row["data"])} for row in named]


def journal(
    rows: Sequence[Row], *, language: str, executor: bool = False, veiled: Callable[[str], str] = str
) -> list[Entry]:
    """Newest first, the author's words `veiled`. An `executor` needs the matter and not the person (R10)."""
    told = [row for row in rows if row["kind"] not in commission_sayings.NOT_FOR_EXECUTORS] if executor else rows
    entries = [entry(row, language=language, veiled=veiled) for row in without_repeats(told)]
    return entries[::-1]


def without_repeats(rows: Sequence[Row]) -> list[Row]:
    """Of drafts saved one after another only the last is worth a line."""
    drafts = [row["kind"] if row["kind"] in SAVED else None for row in rows]
    following = [*drafts[1:], None]
    return [row for row, this, after in zip(rows, drafts, following, strict=False) if this is None or this != after]


def entry(row: Row, *, language: str, veiled: Callable[[str], str] = str) -> Entry:
    words = translations(language)
    icon, what, note = SAYINGS[Kind(row["kind"])]
    said = {**row["data"], **{name: row[name] for name in ("executor", "topic", "grounds")}}
    text = note(said, words, language) or None
    if text and row["role"] == Role.CITIZEN:
        text = veiled(text)
    return Entry(words.gettext(what), who(row, words), row["at"], text, icon, row["kind"])


async def said(message: int, person: int, language: str, *, all: bool = False) -> Entry | None:
    """What this person did last to a message: a link can be forged, the journal cannot.

    What was published in the act of something else is left out, unless `all` is wanted.
    """
    own = [row for row in await events(message) if row["actor"] == person] if message else []
    told = [row for row in own if all or row["kind"] not in IN_PASSING]
    return entry(told[-1], language=language) if told else None


def who(row: Row, words: Words) -> str | None:
    """Of the author only that it was they: their name is opened, and not shown."""
    if row["role"] == Role.CITIZEN:
        return words.gettext("the author")
    if row["instead"]:
        return words.gettext("%(who)s, in place of %(absent)s") % {"who": row["who"], "absent": row["instead"]}
    return row["who"]


Note = Callable[[Row, Words, str], str]


def silent(said: Row, words: Words, language: str) -> str:
    return ""


def number_and_executor(said: Row, words: Words, language: str) -> str:
    values = {"number": said["number"], "executor": said["executor"], "topic": said["topic"]}
    return words.gettext("№ %(number)s, to %(executor)s, topic “%(topic)s”") % values


def to_executor(said: Row, words: Words, language: str) -> str:
    return words.gettext("to %(executor)s") % {"executor": said["executor"]}


def refusal(said: Row, words: Words, language: str) -> str:
    return " – ".join(part for part in (said["grounds"], said["reason"]) if part)


def acceptance(said: Row, words: Words, language: str) -> str:
    finish = said.get("finish_on")
    until = words.gettext("to be finished by %(day)s") % {"day": day(finish, language)} if finish else ""
    return ", ".join(part for part in (said.get("scope", ""), until) if part)


def hand_back(said: Row, words: Words, language: str) -> str:
    competent = said.get("competent")
    named = words.gettext("competent: %(who)s") % {"who": competent} if competent else ""
    return "; ".join(part for part in (said["justification"], named) if part)


def sending(said: Row, words: Words, language: str) -> str:
    return words.gettext("sending %(nth)s") % {"nth": said["sending"]}


def broken_rules(said: Row, words: Words, language: str) -> str:
    return f"{', '.join(said['rules'])}: {said['remark']}"


def file_named(said: Row, words: Words, language: str) -> str:
    return str(said["name"])


def rated(said: Row, words: Words, language: str) -> str:
    name = CHOICES[said["choice"]]
    return words.gettext(name)


def rework(said: Row, words: Words, language: str) -> str:
    nth = words.gettext("rework %(nth)s of 3") % {"nth": said["rework"]}
    return f"{nth}: {said['remarks']}"


def reason(said: Row, words: Words, language: str) -> str:
    return said.get("reason", "")


def promised(said: Row, words: Words, language: str) -> str:
    return words.gettext("promised for %(day)s") % {"day": day(said["promised_on"], language)}


def recounted(said: Row, words: Words, language: str) -> str:
    values = {
        "term": label(said, words),
        "was": day(said["was"], language),
        "is": day(said["is"], language),
    }
    days = words.gettext("%(term)s: was %(was)s, now %(is)s") % values
    return f"{why_counted_again(said, language)}; {days}"


def which_letter(said: Row, words: Words, language: str) -> str:
    title = mailing.TITLES[said["letter"]]
    return words.gettext(title)


def label(said: Row, words: Words) -> str:
    name = LABELS[said["owed"]]
    return words.gettext(name)


def day(written: str, language: str) -> str:
    return format_date(date.fromisoformat(written), "d MMMM", locale=language)


SAYINGS: dict[Kind, tuple[str, str, Note]] = {
    Kind.SUBMITTED: ("send", N_("Sent"), silent),
    Kind.CORRECTED: ("pencil", N_("Corrected and sent again"), sending),
    Kind.REGISTERED: ("hash", N_("Registered"), number_and_executor),
    Kind.ANSWERED_AT_ONCE: ("message-square-text", N_("Registered and answered at once"), standard_answer),
    Kind.REFUSED: ("circle-x", N_("Registration refused"), refusal),
    Kind.QUESTIONED: ("message-circle", N_("Question to the author"), asked_or_replied),
    Kind.REPLIED: ("message-circle", N_("The author replied"), asked_or_replied),
    **joining_sayings.SAYINGS,
    Kind.ACCEPTED: ("check", N_("Accepted by the executor"), acceptance),
    Kind.HANDED_BACK: ("undo-2", N_("Handed back: not theirs"), hand_back),
    Kind.REROUTED: ("arrow-right", N_("Sent to another executor"), to_executor),
    **publication_sayings.SAYINGS,
    Kind.CONSENT_WITHDRAWN: ("eye-off", N_("Consent to publication withdrawn"), silent),
    Kind.PHOTO_EDITED: ("image", N_("Photo of the answer turned or cropped"), photo_marks.edited),
    Kind.PHOTO_CONFIRMED: ("circle-check", N_("Photo confirmed as readable"), photo_marks.confirmed),
    Kind.AUTHOR_OPENED: ("eye", N_("Name and contacts of the author opened"), opened_why),
    Kind.ORIGINAL_TAKEN: ("download", N_("Original of a file taken away"), file_named),
    Kind.PART_NAMED: ("users", N_("Co-executor named"), part_named),
    Kind.PART_WRITTEN: ("pencil", N_("Co-executor wrote for the answer"), silent),
    Kind.PART_DONE: ("circle-check", N_("Part of the case done"), part_text),
    Kind.PART_REMOVED: ("x", N_("Part of the case called off"), part_removed),
    Kind.DRAFTED: ("pencil", N_("Draft of the answer saved"), silent),
    Kind.SENT_FOR_REVIEW: ("message-square-text", N_("Answer sent for review"), sent_for_review),
    Kind.SENT_BACK: ("history", N_("Answer sent back to be mended"), broken_rules),
    Kind.APPROVED: ("circle-check", N_("Answer approved and sent to the citizen"), let_out),
    Kind.RATED: ("star", N_("Answer rated"), rated),
    Kind.SENT_TO_REWORK: ("history", N_("Sent to be reworked"), rework),
    Kind.BROUGHT_TO_COMMISSION: ("gavel", N_("Brought to the commission"), reason),
    Kind.CLOSED: ("archive", N_("Case closed"), silent),
    Kind.PROMISE_CAME: ("calendar-clock", N_("The promised date came: an additional answer is due"), promised),
    **hand_over_sayings.SAYINGS,
    **commission_sayings.SAYINGS,
    **control_sayings.SAYINGS,
    Kind.TERM_RECOUNTED: ("calendar-days", N_("Term counted again"), recounted),
    Kind.LETTER_RETURNED: ("undo-2", N_("A letter came back"), which_letter),
    Kind.LETTER_RESENT: ("send", N_("A letter was sent again"), which_letter),
    Kind.SUBSCRIPTION_ASKED: ("bell", N_("A guest asked to follow what is published"), silent),
}
