"""What the journal says of messages that are joined to a case, and taken out of it again (§2)."""

from collections.abc import Callable
from datetime import date
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date

from domain.events import Kind
from domain.wording import N_

Said = dict[str, Any]
Note = Callable[[Said, NullTranslations, str], str]


def joined(said: Said, words: NullTranslations, language: str) -> str:
    by = format_date(date.fromisoformat(said["answer_by"]), "d MMMM", locale=language)
    values = {"number": said["number"], "case": said["case_number"], "day": by}
    return words.gettext("№ %(number)s to № %(case)s, answered by %(day)s") % values


def detached(said: Said, words: NullTranslations, language: str) -> str:
    values = {"case": said["case_number"], "executor": said["executor"], "reason": said["reason"]}
    return words.gettext("out of № %(case)s, to %(executor)s: %(reason)s") % values


def took_in(said: Said, words: NullTranslations, language: str) -> str:
    return f"№ {said['number']}"


def let_go(said: Said, words: NullTranslations, language: str) -> str:
    return f"№ {said['number']}: {said['reason']}"


SAYINGS: dict[Kind, tuple[str, str, Note]] = {
    Kind.JOINED: ("git-merge", N_("Joined to another message"), joined),
    Kind.DETACHED: ("undo-2", N_("Taken out of another case"), detached),
    Kind.TOOK_IN: ("git-merge", N_("Another message joined to this one"), took_in),
    Kind.LET_GO: ("undo-2", N_("Another message taken out of this case"), let_go),
}
