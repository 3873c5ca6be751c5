"""What the journal says of the control of terms (R31–R33): who was told of a term, why it was late."""

from collections.abc import Callable
from datetime import date
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date

from domain.directories.escalation import WHOM
from domain.events import Kind
from domain.wording import N_
from portal.clocks import LABELS

Said = dict[str, Any]
Note = Callable[[Said, NullTranslations, str], str]


def term(said: Said, words: NullTranslations, language: str) -> str:
    """Reminders from before there was a ladder name nobody: they went to whoever had to act."""
    label = LABELS[said["owed"]]
    last = format_date(date.fromisoformat(said["due_on"]), "d MMMM", locale=language)
    text = words.gettext("%(term)s, last day %(day)s") % {"term": words.gettext(label), "day": last}
    names = [dict(WHOM)[each] for each in said.get("whom", ())]
    return "; ".join([text, *([", ".join(map(words.gettext, names))] if names else [])])


def question(said: Said, words: NullTranslations, language: str) -> str:
    return "; ".join(part for part in (term(said, words, language), said["question"]) if part)


def answer(said: Said, words: NullTranslations, language: str) -> str:
    return str(said["answer"])


SAYINGS: dict[Kind, tuple[str, str, Note]] = {
    Kind.TERM_REMINDER: ("bell", N_("Reminded of a term"), term),
    Kind.TERM_MISSED: ("alarm-clock", N_("Term missed"), term),
    Kind.TERM_ESCALATED: ("siren", N_("Told that a term stays unmet"), term),
    Kind.REASON_ASKED: ("circle-question-mark", N_("Asked why it is late"), question),
    Kind.REASON_GIVEN: ("message-square-text", N_("Said why it is late"), answer),
}
