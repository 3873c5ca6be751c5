"""Words of a text and what they are (R18): pymorphy3 reads each form once, odd and endless ones are left unread."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

SOFT = "\u0301\u00ad\u200b"  # stress marks and invisible hyphens stand inside words
WORD = re.compile(rf"[^\W\d_](?:[^\W\d_{SOFT}]|[{SOFT}])*(?:-[^\W\d_]+)*")
LOOKALIKES = str.maketrans("aceopxykmtbhë", "асеорхукмтвнё")
READABLE = 30  # letters: no Russian verb is longer
# Only these endings can be a form that matters here; the dictionary is not asked about the rest.
ENDING = re.compile(
    r"(?:[уюаи]|[её][мт]|[иуюая][мт]|[её]шь|ишь|[её]те|ите|т?ь|л[аои]?|[нт][аоы]?|[дж]ен|чь|ти|ов[аоы]?)(?:с[яь])?$"
)


# A verb that the dictionary lacks is built from one that it has («допокрасим»); other unknown words are names or noise.
PREFIXED = re.compile("(?:пере|за|от|до|про|вы|ра[сз]|под|над|на|об|о|по|с|в[зос]*|из|ис|при|у|недо|спро)[а-я]{5}")


class Form(StrEnum):
    BE = "be"  # будем, будет, будут, буду
    FUTURE = "future"  # perfective, ours or theirs: устраним, приступят
    MAYBE = "maybe"  # the same form is present and future: организуем
    YOURS = "yours"  # сможете, получите
    PRESENT = "present"
    PAST = "past"
    DONE = "done"  # выполнен: past alone, future after «будет»
    INFINITIVE = "infinitive"
    OTHER = "other"


@dataclass(frozen=True)
class Reading:
    form: Form
    lemma: str = ""
    person: str = ""


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    text: str  # in lower case, without stress marks, ё as е
    reading: Reading

    @property
    def form(self) -> Form:
        return self.reading.form


NOTHING = Reading(Form.OTHER)
BE = {"буду": "1per", "будем": "1per", "будет": "3per", "будут": "3per"}


def words(text: str, offset: int = 0) -> Iterator[Word]:
    """`text` in lower case; places count from `offset`."""
    for match in WORD.finditer(text):
        plain = plain_of(match[0])
        yield Word(offset + match.start(), offset + match.end(), plain, reading(plain))


def plain_of(word: str) -> str:
    if not word.isalpha():
        word = word.translate({ord(each): None for each in SOFT})
    if not word.isascii():
        word = word.translate(LOOKALIKES)
    return word.replace("ё", "е")


@cache
def dictionary() -> Any:
    """Loaded by the first who asks: most processes of the portal never do."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@lru_cache(20_000)
def reading(word: str) -> Reading:
    if word in BE:
        return Reading(Form.BE, "быть", BE[word])
    if word in ("будешь", "будете"):
        return Reading(Form.YOURS, "быть")
    if len(word) > READABLE or word.isascii() or not ENDING.search(word):
        return NOTHING
    if not dictionary().word_is_known(word) and not PREFIXED.match(word):
        return NOTHING
    return read(dictionary().parse(word))


def read(parses: list[Any]) -> Reading:
    """The likeliest meaning that matters; a rare verb hidden in a common noun («смету») is no verb."""
    verbs = [parse for parse in parses if parse.tag.POS in ("VERB", "INFN", "PRTS") and "impr" not in parse.tag]
    weight = sum(parse.score for parse in parses if parse.tag.POS in ("VERB", "INFN", "PRTS"))
    if not verbs or weight < (0.1 if any("1per" in parse.tag and "plur" in parse.tag for parse in verbs) else 0.3):
        return NOTHING
    tense = {parse.tag.tense: parse for parse in reversed(verbs) if parse.tag.POS == "VERB"}
    if future := tense.get("futr"):
        form = Form.MAYBE if "pres" in tense else Form.FUTURE
        return Reading(Form.YOURS if future.tag.person == "2per" else form, future.normal_form, future.tag.person or "")
    first = verbs[0]
    if first.tag.POS == "INFN":
        return Reading(Form.INFINITIVE, first.normal_form)
    if first.tag.POS == "PRTS":
        return Reading(Form.DONE, first.normal_form)
    if first.tag.tense == "past":
        return Reading(Form.PAST, first.normal_form)
    form = Form.YOURS if first.tag.person == "2per" else Form.PRESENT
    return Reading(form, first.normal_form, first.tag.person or "")
