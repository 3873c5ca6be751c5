"""What the journal says with a question to the author (§3), a typical answer (R09), parts of co-executors (R11).

And with an opening of the author's data (§4.1).
"""

from datetime import date
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date

from domain.opening import REASONS
from portal.desk.answer_notes import stays
from portal.desk.headlines import headline

Row = dict[str, Any]
Words = NullTranslations


def standard_answer(said: Row, words: Words, language: str) -> str:
    values = {name: said[name] for name in ("number", "topic", "standard", "standard_version")}
    sent = words.gettext("№ %(number)s, topic “%(topic)s”: “%(standard)s”, version %(standard_version)s") % values
    return "; ".join(each for each in (sent, stays(said, words)) if each)


def asked_or_replied(said: Row, words: Words, language: str) -> str:
    return str(said.get("question") or said["reply"])


def part_named(said: Row, words: Words, language: str) -> str:
    values = {
        "executor": said["executor"],
        "task": said["task"],
        "day": format_date(date.fromisoformat(said["due_on"]), "d MMMM", locale=language),
    }
    return words.gettext("%(executor)s, by %(day)s: %(task)s") % values


def part_removed(said: Row, words: Words, language: str) -> str:
    return f"{said['executor']}: {said['task']}"


def part_text(said: Row, words: Words, language: str) -> str:
    return headline(said["text"])


def opened_why(said: Row, words: Words, language: str) -> str:
    reason = REASONS[said["reason"]]
    return ": ".join(part for part in (words.gettext(reason), said["words"]) if part)
