"""The rules of an answer (§4.1–4.2, R13–R19) as a list: what a program can tell, and what a person looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations

from domain import pointed
from domain.attaching import fit
from domain.errors import Sentence
from domain.model import Answer
from domain.moderating import ANSWER_RULES, IN_WORDS
from domain.pointed import Point
from domain.substance import substance
from domain.wording import translations
from portal.desk import photo_marks
from portal.desk.answers import AnswerView, File
from portal.forms import Typed

NOTHING_YET = Answer(_ignore_missing=True, outcome=None, text="", planned_on=None)


@dataclass(frozen=True)
class Item:
    """`ok` is none for what only a person can judge; `clause` is that of the regulation."""

    rule: str
    ok: bool | None
    text: str
    clause: str
    note: str | None = None


def checklist(answer: AnswerView | None, *, today: date, bytes_at_most: int, language: str) -> list[Item]:
    words = translations(language)
    files = answer.files if answer else []
    lacks = substance(answer or NOTHING_YET, today=today)
    pointed_out = pointed.of(answer, today=today) if answer else []
    notes = {
        "R13": wrong_files(files, bytes_at_most, words),
        "R14": photo_marks.note(files, words),
        "R16": used_elsewhere(files, words),
        "R17": said(lacks.get("outcome") or lacks.get("text"), words),
        "R18": said(lacks.get("planned_on"), words) or quoted(pointed_out, "R18", words),
        "R19": quoted(pointed_out, "R19", words),
    }
    return [
        Item(rule, verdict(rule, notes.get(rule), answer), words.gettext(text), ANSWER_RULES[rule], notes.get(rule))
        for rule, text in IN_WORDS.items()
    ]


def verdict(rule: str, note: str | None, answer: AnswerView | None) -> bool | None:
    """A note is a fault; without one some rules still wait for somebody to look."""
    if rule == "R14" and answer and answer.files:
        return False if photo_marks.unfit(answer.files) else None
    if note:
        return False
    return None if rule in waiting(answer) else True


def waiting(answer: AnswerView | None) -> set[str]:
    """The rules that no program can judge: photos, the substance, and a proof that is there and has to be read."""
    if answer is None:
        return {"R17"}
    return {"R17"} | ({"R14"} if answer.files else set()) | ({"R19"} if answer.informed else set())


def said(sentence: Sentence | None, words: NullTranslations) -> str | None:
    return words.gettext(sentence.msgid) % sentence.values if sentence else None


def quoted(found: Sequence[Point], rule: str, words: NullTranslations) -> str | None:
    return " ".join(str(said(each.sentence, words)) for each in found if each.rule == rule) or None


def judged(form: Typed, verdict: str) -> list[str]:
    """The rules of which the reviewer has said that they are kept, or broken."""
    return [rule for rule in ANSWER_RULES if form.get(rule) == verdict]


def prefilled(items: Sequence[Item]) -> dict[str, str | None]:
    """What stands in the checklist before the reviewer has touched it: the verdicts of the program."""
    return {item.rule: {True: "kept", False: "broken", None: None}[item.ok] for item in items}


def wrong_files(files: Sequence[File], bytes_at_most: int, words: NullTranslations) -> str | None:
    wrong = fit(((file.kind, file.size) for file in files), bytes_at_most=bytes_at_most)
    return said(wrong, words)


def used_elsewhere(files: Sequence[File], words: NullTranslations) -> str | None:
    for file in files:
        if file.elsewhere:
            sentence = words.gettext("“%(name)s” already answers message № %(number)s (clause 4.2).")
            return sentence % {"name": file.name, "number": file.elsewhere}
    return None
