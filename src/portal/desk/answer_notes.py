"""What the journal says with an answer: sent to a second person, and let out by them (R17–R20)."""

from gettext import NullTranslations
from typing import Any

from domain.substance import OUTCOMES
from portal.desk.evidence import before_the_reviewer

Row = dict[str, Any]
Words = NullTranslations


def outcome(said: Row, words: Words) -> str:
    name = OUTCOMES.get(said.get("outcome") or "")
    return words.gettext(name) if name else ""


def sent_for_review(said: Row, words: Words, language: str) -> str:
    sentence = words.gettext("without parts of co-executors: %(reason)s")
    without = sentence % {"reason": said["without_parts"]} if said.get("without_parts") else ""
    parts = (outcome(said, words), stays(said, words), without)
    return "; ".join(each for each in parts if each)


def stays(said: Row, words: Words) -> str:
    """What was pointed out in the text, and is right as it is (R18, R19)."""
    quoted = ", ".join(words.gettext("“%(words)s”") % {"words": each} for each in said.get("insists") or ())
    return words.gettext("right as it is: %(words)s") % {"words": quoted} if quoted else ""


def let_out(said: Row, words: Words, language: str) -> str:
    """What was let out, in the version that the reviewer has read, rule by rule."""
    read = words.gettext("every rule confirmed in version %(version)s") % {"version": said.get("reviewed_version")}
    parts = (outcome(said, words), read if said.get("confirmed") else "", before_the_reviewer(said, words))
    return ", ".join(each for each in parts if each)
