"""The rules of an answer (§4.1–4.2, R13–R19) as a list: what a program can tell, and what a person looks at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations

from domain.answering import substance
from domain.attaching import fit
from domain.errors import Sentence
from domain.model import Answer
from domain.wording import N_, translations
from portal.desk import photo_marks
from portal.desk.answers import AnswerView, File

# Words that promise without a day (R18), as executors write them: stems, because Russian endings vary.
PROMISES = re.compile(
    r"в ближайшее время|в кратчайшие сроки|в ближайш\w+ (?:дни|срок\w*)|по мере возможности|"
    r"буд(?:ет|ут) (?:\w+ )?(?:выполнен|проведен|проведён|устранен|устранён|отремонтирован|установлен|решен|решён)\w*",
    re.IGNORECASE,
)
RULES = {
    "R13": N_("Photos are JPEG, PNG or TIFF, scans also PDF, at most 50 MB together"),
    "R14": N_("Photos are upright, sharp and need no cropping"),
    "R15": N_("One answer to one message"),
    "R16": N_("No document that answers another message"),
    "R17": N_("On the substance: every question is answered"),
    "R18": N_("No promise without an exact date"),
    "R19": N_("Another organisation is informed, and there is proof"),
}


@dataclass(frozen=True)
class Item:
    """`ok` is none for what only a person can judge."""

    rule: str
    ok: bool | None
    text: str
    note: str | None = None


def checklist(answer: AnswerView | None, *, today: date, bytes_at_most: int, language: str) -> list[Item]:
    words = translations(language)
    files = answer.files if answer else []
    notes = {
        "R13": wrong_files(files, bytes_at_most, words),
        "R14": photo_marks.note(files, words),
        "R16": used_elsewhere(files, words),
        "R17": substance_lacks(answer, today, words),
        "R18": loose_promise(answer, today, words),
    }
    return [
        Item(rule, verdict(rule, notes.get(rule), files), words.gettext(text), notes.get(rule))
        for rule, text in RULES.items()
    ]


def verdict(rule: str, note: str | None, files: Sequence[File]) -> bool | None:
    """A note is a fault; without one some rules still wait for somebody to look."""
    if rule == "R14" and files:
        return False if photo_marks.unfit(files) else None
    if note:
        return False
    if rule == "R19":
        return None
    return True


def wrong_files(files: Sequence[File], bytes_at_most: int, words: NullTranslations) -> str | None:
    wrong = fit(((file.kind, file.size) for file in files), bytes_at_most=bytes_at_most)
    return words.gettext(wrong.msgid) % wrong.values if wrong else None


def used_elsewhere(files: Sequence[File], words: NullTranslations) -> str | None:
    for file in files:
        if file.elsewhere:
            sentence = words.gettext("“%(name)s” already answers message № %(number)s.")
            return sentence % {"name": file.name, "number": file.elsewhere}
    return None


def substance_lacks(answer: AnswerView | None, today: date, words: NullTranslations) -> str | None:
    errors = lacking(answer, today)
    sentence = errors.get("outcome") or errors.get("text")
    return words.gettext(sentence.msgid) if sentence else None


def loose_promise(answer: AnswerView | None, today: date, words: NullTranslations) -> str | None:
    if answer is None:
        return None
    if sentence := lacking(answer, today).get("planned_on"):
        return words.gettext(sentence.msgid)
    found = PROMISES.search(answer.text) if answer.outcome != "planned" else None
    return words.gettext("“%(words)s” is no date") % {"words": found[0]} if found else None


def lacking(answer: AnswerView | None, today: date) -> dict[str, Sentence]:
    draft = Answer(_ignore_missing=True)
    if answer:
        draft.outcome, draft.text, draft.planned_on = answer.outcome, answer.text, answer.planned_on
    return substance(draft, today=today)
