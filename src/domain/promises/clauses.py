"""Sentences and their clauses (R18): where one statement ends and the next begins, abbreviations and dates apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from domain.promises.speech import Form, Word, words

ENDS = re.compile(r"[.!?…]+[»\")]*(?=\s|$)|[\n\r]\s*(?=[\n\r]|[-–—•*·]\s|\d+[.)]\s|$)|[\n\r]+(?=\s*[А-ЯЁA-Z])|;")
ABBREVIATED = re.compile(
    r"(?:^|[\s(«])(?:г|гг|ул|д|стр|п|пп|ст|ч|ред|руб|тыс|млн|млрд|им|пос|пер|пл|пр|просп|кв|корп|обл|р|с|см|т|тел|каб|"
    r"мкр|б|наб|рис|прим|орг|янв|февр?|мар|апр|авг|сент?|окт|нояб?|дек|и\.о|т\.е|т\.к|т\.п|т\.д|ориент|раб|нач|[а-яё])$"
)
A_YEAR = re.compile(r"(?:20\d\d\s?|\.\d\d\s?)гг?$")
MARKS = re.compile(r"[,:()]|\s[-–—]+\s|;")
JOINS = ("и", "а", "но", "однако", "поэтому", "затем", "зато")
PREDICATES = (Form.BE, Form.FUTURE, Form.MAYBE, Form.YOURS, Form.PRESENT, Form.PAST, Form.DONE)
QUOTED = re.compile(r"«[^«»]{0,2000}»|“[^“”]{0,2000}”|„[^„“]{0,2000}“|\"[^\"\n]{0,2000}\"")
SAYS = re.compile(r"\w")
REACH = 40  # words to either side of «и» among which its predicates are looked for
SHORTEST = 4  # letters of the shortest promise
SENTENCE_AT_MOST = 1500  # characters: longer ones are no sentences but lists or noise, and are taken in parts


@dataclass(frozen=True)
class Clause:
    """`text` is in lower case and as long as what it was cut from; `after` is the mark that stands before it."""

    start: int
    text: str
    after: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def words(self) -> list[Word]:
        return list(words(self.text, self.start))

    @cached_property
    def plain(self) -> str:
        """For patterns: ё as е, everything else in its place."""
        return self.text.replace("ё", "е")

    @property
    def first(self) -> str:
        return self.words[0].text if self.words else ""

    def has(self, *forms: Form) -> bool:
        return any(word.form in forms for word in self.words)


@dataclass(frozen=True)
class Sentence:
    start: int
    text: str
    asks: bool = False
    clauses: list[Clause] = field(default_factory=list)


def lowered(text: str) -> str:
    """In lower case and with plain spaces, every character in its own place."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return re.sub(r"[^\S\n\r]", " ", low)


def unquoted(text: str) -> str:
    """What others said is blanked out, unless the whole text is one quotation."""
    whole = text.strip()
    return QUOTED.sub(lambda match: match[0] if len(match[0]) > 0.8 * len(whole) else blank(match[0]), text)


def blank(quotation: str) -> str:
    return " " * len(quotation)


def sentences(text: str) -> Iterator[Sentence]:
    text = unquoted(text)
    low = lowered(text)
    begins = 0
    for match in ENDS.finditer(text):
        if match[0] == "." and shortens(low, match.start(), text[match.end() : match.end() + 3]):
            continue
        yield from sentence(low, begins, match.end())
        begins = match.end()
    yield from sentence(low, begins, len(low))


def shortens(low: str, dot: int, following: str) -> bool:
    """Whether the dot belongs to an abbreviation; «2026 г.» before a capital letter ends the sentence as well."""
    before = low[max(0, dot - 12) : dot]
    if A_YEAR.search(before):
        return not following.strip()[:1].isupper()
    return ABBREVIATED.search(before) is not None


def sentence(low: str, start: int, end: int) -> Iterator[Sentence]:
    while start < end:
        part = min(end, start + SENTENCE_AT_MOST)
        if part < end:
            part = max(low.rfind(" ", start, part), start + SENTENCE_AT_MOST // 2)
        text = low[start:part]
        if len(text.strip()) >= SHORTEST:
            yield Sentence(start, text, text.rstrip(' »")').endswith("?"), list(clauses(text, start)))
        start = part


def clauses(text: str, offset: int) -> Iterator[Clause]:
    """Cut at commas, brackets and dashes, and before «и», «но» where a predicate stands on either side."""
    begins, mark = 0, ""
    for match in MARKS.finditer(text):
        if match[0] == "," and inside_number(text, match.start()):
            continue
        if SAYS.search(text, begins, match.start()):
            yield from joined(Clause(offset + begins, text[begins : match.start()], mark))
        begins, mark = match.end(), match[0].strip()
    yield from joined(Clause(offset + begins, text[begins:], mark))


def inside_number(text: str, comma: int) -> bool:
    return text[comma - 1 : comma].isdigit() and text[comma + 1 : comma + 2].isdigit()


def joined(clause: Clause) -> Iterator[Clause]:
    """«будет вывезен и утилизирован» is one promise: what «будет» governs is not cut from it."""
    begins, mark = clause.start, clause.after
    places = [n for n, word in enumerate(clause.words) if word.text in JOINS][:REACH]
    for n in places:
        left = [word for word in clause.words[max(0, n - REACH) : n] if word.start >= begins]
        right = clause.words[n + 1 : n + 1 + REACH]
        if stands_alone(left) and stands_alone(right) and not governed(left, right):
            cut = clause.words[n].start
            yield Clause(begins, clause.text[begins - clause.start : cut - clause.start], mark)
            begins, mark = cut, clause.words[n].text
    yield Clause(begins, clause.text[begins - clause.start :], mark)


def stands_alone(part: list[Word]) -> bool:
    return any(word.form in PREDICATES for word in part)


def governed(left: list[Word], right: list[Word]) -> bool:
    led = any(word.form == Form.BE for word in left)
    following = next((word for word in right if word.form in (*PREDICATES, Form.INFINITIVE)), None)
    return led and following is not None and following.form in (Form.DONE, Form.INFINITIVE)
