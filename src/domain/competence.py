"""An answer that sends its reader to another organisation (§4.2, R19): found in Russian wording, by the forms of words.

    find("Дорога находится в ведении области.") → [Elsewhere(7, 34, "находится в ведении области")]

Pure, and read from end to end once, like the promises whose sentences it shares.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.promises.clauses import Sentence, sentences
from domain.promises.phrases import IF, pattern

SCOPE = r"(?:компетенци|ведени|ведомств|полномочи|юрисдикци|подведомственност|ответственност)\w*"
# Up to so many words between the verb and what it governs: «относится к исключительной компетенции».
SOME = r"(?:[\w-]+ ){0,3}?"
OURS = r"(?:наш\w*|администраци\w+ (?:город|округ|г\.|муниципал|михайлов)\w*|муниципальн\w+)"
# What «не» turns round: said so of ours it sends elsewhere, said so without «не» of others.
SAYS = pattern(
    rf"(?:относ(?:ится|ятся|ящ\w+)|отнес[её]?н\w*) к {SOME}{SCOPE}",
    rf"(?:вход(?:ит|ят|ящ\w+)) в {SOME}(?:{SCOPE}|обязанност\w+|зону|сферу|круг)",
    rf"(?:наход(?:ится|ятся|ящ\w+)|(?:со)?сто(?:ит|ят)|закреплен\w*|числ(?:ится|ятся)|передан\w*) (?:в|на) {SOME}"
    rf"(?:{SCOPE}|собственност\w+|балансе?|управлени\w+|обслуживани\w+)",
    r"принадлеж(?:ит|ат) (?!округ|город|админ|муниц|собственник|жител|частн)[\w-]+",
    rf"(?:явля(?:ется|ются)|лежит|возложен\w*) {SOME}(?:{SCOPE}|собственност\w+|обязанност\w+|зон\w+)",
    r"в (?:федеральн|областн|региональн|государственн|частн)\w+ собственности",
    r"в собственности (?:области|региона|государства|российской|застройщик|юрид|физич|ао\b|ооо\b|пао\b)[\w-]*",
    rf"(?:вне|за рамками|за пределами|в рамках) {SOME}{SCOPE}",
    rf"в {SOME}(?:компетенции|ведении|полномочиях|зоне ответственности)",
    r"(?:подведомствен\w+|неподведомствен\w+|уполномочен\w*|компетентн\w+)",
)
NOT = re.compile(r"\bне\b|\bвне\b|\bза рамками|\bза пределами|\bнеподвед")
NEAR = 12  # characters before the words in which their «не» stands
REACH = 50  # characters after them in which «нашего», «администрации города» say whose they are
# Sending on, and sending the reader themselves, need no «не».
SENDS = pattern(
    rf"(?:пере)?(?:направл|адресов|отправл|перед)\w+ {SOME}по {SOME}"
    r"(?:компетенции|принадлежности|подведомственности|назначению)",
    r"(?:пере)?(?:направл|адресов)\w+ (?:в адрес|в|к|для рассмотрения в|на рассмотрение(?: в)?) "
    r"(?:[\w-]+ ){0,2}?(?:компани|министерств|комитет|прокуратур|организаци|инспекци|оператор|росс|гу\b)[\w-]*",
    r"(?:обратитесь|обращайтесь|обратиться|обращаться) (?:\w+ ){0,3}?(?:в|во|к|ко) [\w-]+(?: [\w-]+)?",
)
HERE = re.compile(
    r"наш|\bнам\b|администраци\w+ (?:город|округ|г\.|муницип|михайлов)|портал|кабинет|еддс|единую дежурн|комисси|"
    r"будущем|дальнейшем|любое|врем|этом\b|этот\b|(?:в|к) (?:отдел|приемн|диспетчер|исполнител)"
)
MORE = re.compile(r"(?: (?:в|во|к|ко|для|по))? [\w-]+")  # one word of what follows makes the quotation readable


@dataclass(frozen=True)
class Elsewhere:
    """`text` is what stands from `start` to `end`, in characters."""

    start: int
    end: int
    text: str


def find(text: str) -> list[Elsewhere]:
    """Every place that says so, one a sentence, in their order."""
    places = (span for sentence in sentences(text) if not sentence.asks for span in first(sentence))
    return [Elsewhere(start, end, text[start:end]) for start, end in places]


def first(sentence: Sentence) -> Iterator[tuple[int, int]]:
    plain = sentence.text.replace("ё", "е")
    if IF.search(plain):
        return
    said = [match for match in SAYS.finditer(plain) if elsewhere(plain, match)]
    sent = [match for match in SENDS.finditer(plain) if not HERE.search(plain, match.start(), match.end() + REACH)]
    for match in sorted([*said, *sent], key=re.Match.start)[:1]:
        more = MORE.match(plain, match.end())
        start = match.start() - 3 if plain[: match.start()].endswith(" не ") else match.start()
        yield sentence.start + start, sentence.start + (more or match).end()


def elsewhere(plain: str, match: re.Match[str]) -> bool:
    """«не относится к нашей компетенции» sends away, «относится к нашей компетенции» does not."""
    if NOT.search(plain, max(0, match.start() - NEAR), match.end()):
        return True
    return re.search(OURS, plain[match.start() : match.end() + REACH]) is None
