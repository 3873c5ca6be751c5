"""What in a text looks as if it were somebody's own business (§4.1, R10): names, phones, flats, number plates, papers.

The kinds are a closed list. What has a checksum (СНИЛС, bank cards) counts only where it holds; sums, dates, houses and
numbers of papers of the administration look alike and are nobody's business. Names stand in no pattern: whoever has
looked for them (workers/screening) hands them in.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.wording import LANGUAGES, N_, translations


class Private(StrEnum):
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    SNILS = "snils"
    PASSPORT = "passport"
    CARD = "card"
    FLAT = "flat"
    PLATE = "plate"


INSTEAD = {
    Private.NAME: N_("[name hidden]"),
    Private.PHONE: N_("[phone hidden]"),
    Private.EMAIL: N_("[e-mail hidden]"),
    Private.SNILS: N_("[document hidden]"),
    Private.PASSPORT: N_("[document hidden]"),
    Private.CARD: N_("[card hidden]"),
    Private.FLAT: N_("[flat hidden]"),
    Private.PLATE: N_("[number plate hidden]"),
}

# Every pattern begins where no word goes on and repeats nothing without a bound: a text is read in linear time.
D, GAP, DASH = "[0-9]", "[ \u00a0\u2007\u2009\u202f]", "[-‐‑‒–—−]"
START, END = r"(?<![\w-])(?<![0-9][.,])", r"(?![\w])(?![.,][0-9])(?!-[0-9])"
ANY = rf"(?:{GAP}|{DASH}|\.){{0,3}}"
NUMBER = rf"\(?{D}{{3}}\)?{ANY}{D}{{3}}{ANY}{D}{{2}}{ANY}{D}{{2}}"
REGION = rf"\(?{D}{{5}}\)?{ANY}{D}(?:{ANY}{D}{{2}}){{2}}|\(?{D}{{4}}\)?(?:{ANY}{D}{{2}}){{3}}"
NO_RANGE = rf"(?!\w)(?!\s?{DASH}\s?[0-9])(?![.,][0-9])"
# «в квартире 16 градусов» and «в квартире 3 человека» count something there.
NOT_COUNTED = (
    r"(?!\s?(?:градус|°|реб[её]н|дет(?:ей|ям)|челов|комнат|час(?:а|ов)?\b|дн[яей]|сут|недел|месяц|раза?\b|метр|м[²2 ,.]"
    r"|см\b|мм\b|кв\.?\s?м|процент|%|руб|тыс|лет\b|год|батаре|радиатор|окн[оа]|жильц(?:а|ов)|пенсионер(?:а|ов)|инвалид(?:а|ов)"
    r"|семь[ие]|семей|взросл|этаж|розет))"
)
# A flat may have a letter; after a space it is one only where something ends, and a word otherwise: «в», «с», «и».
LETTER = rf"(?:[а-яёa-z](?!\w)|{GAP}[абвг](?=[,.;)\n]|$))?"
FLAT = rf"{D}{{1,4}}{LETTER}(?:{GAP}?(?:{DASH}|/){GAP}?{D}{{1,4}}{LETTER})?"
AND_MORE = rf"(?:(?:,| и|{GAP}?{DASH}){GAP}?{FLAT})"
NUMBERED = rf"{GAP}{{0,3}}(?:№|N|номер|под номером)?{GAP}{{0,3}}"
# «в 4 кв. 2026», «кв. 2026 года»: a quarter of a year; «за квартиру 5400»: its price.
QUARTER = rf"(?!(?<=[1-4IV]{GAP})кв\.?{GAP}{{0,3}}20{D}{{2}}(?!\w))(?!кв\.?{GAP}{{0,3}}20{D}{{2}}{GAP}?г)"
PRICE = rf"(?!(?<=\bза{GAP})квартиру{GAP}?{D}{{4}})"
LETTERS = "АВЕКМНОРСТУХABEKMHOPCTYX"  # of Russian number plates; people type them in either alphabet
UNITS = r"(?!км|мм|см)"  # «в 100 км 20 минут» is no number plate


def pattern(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{way})" for way in ways), re.IGNORECASE)


@dataclass(frozen=True)
class Way:
    """`beside` is a word that has to stand shortly before; `holds` looks at the digits."""

    kind: Private
    looks: re.Pattern[str]
    beside: re.Pattern[str] | None = None
    holds: Callable[[str], bool] = bool


def is_snils(digits: str) -> bool:
    """Numbers up to 001-001-998 were given without a checksum."""
    number, sum_ = digits[:9], sum((9 - place) * int(digit) for place, digit in enumerate(digits[:9]))
    return number <= "001001998" or int(digits[9:]) == sum_ % 101 % 100


def is_card(digits: str) -> bool:
    """Luhn's sum, and a first digit that a payment system gives."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return digits[0] in "23456" and len(set(digits)) > 1 and sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def is_phone(digits: str) -> bool:
    """8 800 is a free line, and so of an organisation; no code of a region begins with 0, 1, 2, 5, 6 or 7."""
    code = digits[1:] if len(digits) == 11 else digits
    return len(code) < 10 or (code[0] in "3489" and not code.startswith("800"))


CALLED = re.compile(
    r"тел\b|телеф|звон|моб\b|мобил|сотов|whats|ватс|вотс|вайбер|viber|telegram|телеграм|мой номер|номер мой|по номеру"
    r"|пишите|пришлите",
    re.I,
)
PAPERS = re.compile(r"паспорт|сери[яию]|удостоверени", re.I)
# Right before digits, these words say that they are of a paper and of nobody; not in «жду сообщений», which has no
# number, nor where somebody is to be called.
OF_A_PAPER = re.compile(
    r"(?:сч[её]т|договор|контракт|заявк|(?:обращени|сообщени)(?!й)|накладн|инвентарн|квитанци|приказ|постановлени)\w{0,4}"
    r"(?: (?:№|номер))?[ :№]{0,3}$",
    re.IGNORECASE,
)
INSURED = re.compile(r"снилс|страхов|пенсионн", re.I)
WAYS = (
    Way(Private.EMAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W_][\w-]{1,62}")),
    Way(
        Private.CARD,
        pattern(rf"{START}{D}{{4}}(?:[ \u00a0-]?{D}{{4}}){{3}}(?:[ \u00a0-]?{D}{{1,3}})?{END}"),
        holds=is_card,
    ),
    Way(Private.SNILS, pattern(rf"{START}{D}{{3}}[ -]{D}{{3}}[ -]{D}{{3}}[ -]{{1,3}}{D}{{2}}{END}"), holds=is_snils),
    Way(Private.SNILS, pattern(rf"{START}{D}{{11}}{END}"), INSURED, is_snils),
    Way(
        Private.PASSPORT,
        pattern(
            rf"{START}{D}{{2}} ?{D}{{2}}{GAP}?,?{GAP}?(?:№|N|номер)?{GAP}?{D}{{6}}{END}",
            rf"{START}{D}{{2}}{GAP}?(?:№{GAP}?)?{D}{{7}}{END}",
        ),
        PAPERS,
    ),
    Way(Private.PASSPORT, pattern(rf"{START}{D}{{2}} {D}{{2}} (?:№ ?)?{D}{{6}}{END}")),
    Way(Private.PHONE, pattern(rf"(?<![\w+-])(?:\+7|[78]){ANY}(?:{NUMBER}|{REGION}){END}"), holds=is_phone),
    Way(Private.PHONE, pattern(rf"{START}\(?9{D}{{2}}\)?{ANY}{D}{{3}}{ANY}{D}{{2}}{ANY}{D}{{2}}{END}"), CALLED),
    Way(Private.PHONE, pattern(rf"{START}\(9{D}{{2}}\){ANY}{D}{{3}}{ANY}{D}{{2}}{ANY}{D}{{2}}{END}")),
    Way(Private.PHONE, pattern(rf"(?<!\w)\([348]{D}{{3,4}}\){GAP}?{D}{{1,3}}{DASH}?{D}{{2}}{DASH}?{D}{{2}}{END}")),
    Way(Private.PHONE, pattern(rf"{START}{D}{{3}}{DASH}{D}{{2}}{DASH}{D}{{2}}{END}")),
    Way(Private.PHONE, pattern(rf"{START}{D}{{1,2}}{DASH}{D}{{2}}{DASH}{D}{{2}}{END}"), CALLED),
    Way(
        Private.PLATE,
        re.compile(rf"{START}[{LETTERS}]{D}{{3}}[{LETTERS}]{{2}}(?:{GAP}?{D}{{2,3}})?(?!\w)"),
    ),
    Way(
        Private.PLATE,
        pattern(rf"{START}[{LETTERS}]{GAP}?{D}{{3}}{GAP}?{UNITS}[{LETTERS}]{{2}}{GAP}?{D}{{2,3}}(?!\w)"),
    ),
    Way(
        Private.FLAT,
        pattern(
            rf"\bквартир(?:ы|ах|ам|ами)?{NUMBERED}{FLAT}{AND_MORE}{{1,5}}{NO_RANGE}{NOT_COUNTED}",
            rf"\b{QUARTER}(?:кв|комн|flat|apt)(?![а-яёa-z])\.?{NUMBERED}{FLAT}(?:,{D}{{1,4}}){{0,5}}{NO_RANGE}",
            rf"\b{PRICE}(?:квартир(?:а|е|у|ы|ой)|комнат[аеуы]){NUMBERED}{FLAT}{NO_RANGE}{NOT_COUNTED}",
            rf"{START}{D}{{1,3}}{GAP}?{DASH}?{GAP}?(?:я|й|ая|ой|ю|ую|ей){GAP}(?:квартир(?:а|е|у|ы|ой)|комнат[аеуы])\b",
            rf"(?<=\bв ){D}{{1,3}}{GAP}(?:квартире|комнате)\b",
            rf"(?<=\bиз ){D}{{1,3}}{GAP}(?:квартиры|комнаты)\b",
        ),
    ),
)
BEFORE = 60  # characters in which the word beside has to stand


@dataclass(frozen=True)
class Found:
    """A piece of the text, and what it is."""

    start: int
    end: int
    kind: Private

    @property
    def instead(self) -> str:
        """What stands in its place, in the language of the town: the record is the same for every reader."""
        words = INSTEAD[self.kind]
        return translations(LANGUAGES[0]).gettext(words)


def found(text: str, names: Iterable[tuple[int, int]] = ()) -> list[Found]:
    """In the order of the text; of two that overlap the one that begins first. `names` is where people are named."""
    pieces: list[Found] = []
    people = (Found(start, end, Private.NAME) for start, end in names)
    for piece in sorted([*every(text), *people], key=lambda piece: (piece.start, -piece.end)):
        if not pieces or piece.start >= pieces[-1].end:
            pieces.append(piece)
    return pieces


def standing(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where these names stand in a text, whole: in one that was edited since they were found, for instance."""
    for name in names:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield match.span()


def every(text: str) -> Iterator[Found]:
    taken: set[int] = set()  # a card is no phone, whatever its groups look like
    for way in WAYS:
        for match in way.looks.finditer(text):
            if match.start() in taken or not speaks_for(way, text, match):
                continue
            taken.update(range(match.start(), match.end()))
            yield Found(match.start(), match.end(), way.kind)


def speaks_for(way: Way, text: str, match: re.Match[str]) -> bool:
    def stands_before(words: re.Pattern[str]) -> bool:
        return words.search(text, max(0, match.start() - BEFORE), match.start()) is not None

    if way.beside and not stands_before(way.beside):
        return False
    plain = match[0].isdigit() or way.kind == Private.PASSPORT
    called = way.kind == Private.PHONE and stands_before(CALLED)
    # A card has its sum: «на счёт» before it changes nothing.
    if plain and way.kind != Private.CARD and not called and stands_before(OF_A_PAPER):
        return False
    return way.holds(re.sub(r"[^0-9]", "", match[0]) or match[0])


def named(text: str, name: str) -> list[str]:
    """The words of a person's name that the text holds, whatever their endings; a word of three letters is no name."""
    return sorted({word.casefold() for each in own_words(text, name) for word in each.split()})


def own_words(text: str, name: str) -> list[str]:
    """The same as they stand in the text, those that follow one another as one piece."""
    stems = [re.escape(part[: max(4, len(part) - 2)]) for part in re.findall(r"\w{4,}", name.casefold())]
    word = rf"\b(?:{'|'.join(stems)})\w*"
    return list(dict.fromkeys(re.findall(rf"{word}(?:\s+{word})*", text, re.IGNORECASE))) if stems else []
