"""What the journal says of the commission and of blocks (R27, R29, R33): each kind with its icon, words and note."""

from collections.abc import Callable
from datetime import date
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date

from domain.events import Kind
from domain.wording import N_

Said = dict[str, Any]
Note = Callable[[Said, NullTranslations, str], str]
OUTCOMES = {"adopted": N_("adopted"), "rejected": N_("not adopted")}
# How the commission comes to its decision, and what is between an author and the moderators: nothing for executors.
NOT_FOR_EXECUTORS = {
    Kind.PRESENCE_NOTED, Kind.DECISION_PROPOSED, Kind.VOTED, Kind.BLOCKED, Kind.OBJECTED, Kind.BLOCK_LIFTED,
    Kind.BLOCK_KEPT, Kind.BLOCK_ENDED, Kind.AUTHOR_OPENED,
}  # fmt: skip


def day(written: str, language: str) -> str:
    return format_date(date.fromisoformat(written), "d MMMM", locale=language)


def sitting_day(said: Said, words: NullTranslations, language: str) -> str:
    return words.gettext("sitting of %(day)s") % {"day": day(said["held_on"], language)}


def presence(said: Said, words: NullTranslations, language: str) -> str:
    there = words.gettext("%(present)s of %(members)s") % {"present": len(said["present"]), "members": said["members"]}
    quorum = words.gettext("with a quorum") if said["quorum"] else words.gettext("without a quorum")
    return ": ".join(part for part in (f"{there}, {quorum}", ", ".join(said["present"])) if part)


def decision(said: Said, words: NullTranslations, language: str) -> str:
    parts = [f"{said['decision']}: {said['text']}"]
    if said.get("executor"):
        values = {"executor": said["executor"], "day": day(said["due_on"], language)}
        parts.append(words.gettext("to %(executor)s, by %(day)s") % values)
    return "; ".join(parts)


def votes(said: Said, words: NullTranslations, language: str) -> str:
    counts = {name: len(said[name]) for name in ("for", "against", "abstained")}
    counted = words.gettext("for %(for)s, against %(against)s, abstained %(abstained)s") % counts
    outcome = OUTCOMES[said["outcome"]]
    return f"{said['decision']}: {counted} – {words.gettext(outcome)}"


def closing(said: Said, words: NullTranslations, language: str) -> str:
    return f"№\N{NO-BREAK SPACE}{said['number']}, {day(said['held_on'], language)}"


def block(said: Said, words: NullTranslations, language: str) -> str:
    until = words.gettext("until %(day)s") % {"day": day(said["last_day"], language)}
    return f"{until}, {said['ground']}: {said['reason']}"


def objection(said: Said, words: NullTranslations, language: str) -> str:
    return str(said["text"])


def reason(said: Said, words: NullTranslations, language: str) -> str:
    return str(said["reason"])


def silent(said: Said, words: NullTranslations, language: str) -> str:
    return ""


SAYINGS: dict[Kind, tuple[str, str, Note]] = {
    Kind.SITTING_CALLED: ("calendar-days", N_("Put on the agenda of the commission"), sitting_day),
    Kind.PRESENCE_NOTED: ("users", N_("Members present at the commission noted"), presence),
    Kind.DECISION_PROPOSED: ("message-square-text", N_("Decision proposed at the commission"), decision),
    Kind.VOTED: ("list-checks", N_("The commission voted"), votes),
    Kind.DECIDED: ("gavel", N_("Decided by the commission"), decision),
    Kind.SITTING_CLOSED: ("archive", N_("Sitting of the commission closed"), closing),
    Kind.BLOCKED: ("lock", N_("Author blocked from sending"), block),
    Kind.OBJECTED: ("message-circle", N_("The author objected to the block"), objection),
    Kind.BLOCK_LIFTED: ("undo-2", N_("Block lifted by the coordinator"), reason),
    Kind.BLOCK_KEPT: ("lock", N_("Block kept by the coordinator"), reason),
    Kind.BLOCK_ENDED: ("check", N_("Block ended by itself"), silent),
}
