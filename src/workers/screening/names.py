"""Names of people in a text (R10): by a model of Russian news (slovnet), and by the dictionary where it is blind.

The model stumbles where nobody writes capital letters or everything is in them; there two words that can only be a name
speak for one another. Streets, monuments, schools and firms bear names too, and those who hold a public office are
called by theirs: none of that is anybody's private business.
"""

import importlib.util
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from domain.promises.speech import dictionary
from workers.screening.topics import READ_AT_MOST

WORD = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)?")
INITIALS = re.compile(
    r"(?<![\w.])(?:[А-ЯЁ]\. ?[А-ЯЁ]\. ?[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]+)?"
    r"|[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]+)? [А-ЯЁ]\. ?(?:[А-ЯЁ]\.)?)"
)
# What bears a name stands before it, or a house number after it; who is called by an office is meant as its holder.
STREETS = re.compile(
    r"(?:\b(?:ул|пр|пр-т|просп|пер|пл|бул|б-р|ш|им|(?<!\d\s)г|гор|с|х|ст|п|пос|дер|д|мкр|ост|оз|р)\.|\b(?:улиц|проспект|переул|площад"
    r"|бульвар|шосс|набережн|проезд|тупик|аллея|алле|имени|памятник|бюст|мемориал|монумент|маршал|генерал|адмирал|космонавт"
    r"|станиц|хутор|посёл|посел|сел[аоуе]\b|деревн))[^.!?\n]{0,3}$",
    re.I,
)
# These have directors and doctors as well, whose names are longer than one word.
PLACES = re.compile(
    r"\b(?:парк|сквер|останов|школ|лице|гимнази|больниц|библиотек|музе|театр|двор[е]?ц|стадион|город|район|округ|област|кра[йя]\b"
    r"|магазин|кафе|ресторан|салон|аптек|рын[о]?к|торгов|тц\b|трц\b|ооо\b|ип\b|ао\b|зао\b|компани|фирм|гостиниц|рек[аиеу]\b|озер"
    r"|пруд|храм|церк|собор|мост[ауе]?\b|дом[ае]? культур|детск\w+ сад|на углу|перекр[её]ст\w+)[^.!?\n]{0,3}$",
    re.I,
)
OFFICES = re.compile(
    r"\b(?:президент|премьер|губернатор|мэр|министр|сенатор|депутат|глав[аыуе]|главой"
    r"|председател\w+ (?:дум|правит|комитет|совет))"
    r"[\w -]{0,40}$",
    re.I,
)
BY_STREET = re.compile(r"\b(?:по|на|угол|угла|между)\s+$", re.I)
HOUSE = re.compile(r"^[,\s]{0,2}(?:д\.?|дом)?\s?\d")
BEARERS = re.compile(
    r"^\s(?:курган|улиц|проспект|переул|бульвар|площад|сквер|парк|мост|пруд|лес|овраг|район|округ)\w{0,2}\b",
    re.IGNORECASE,
)
PUBLIC = {"ленин", "сталин", "путин", "пушкин", "гагарин", "чапаев", "жуков", "маркс", "энгельс", "киров", "калинин"}


@cache
def model() -> Any:
    """A second and 200 MB, once a process: in a worker, or for the command."""
    from navec import Navec
    from slovnet import NER
    from threadpoolctl import threadpool_limits

    # A text is too short to be shared: its helpers would do nothing but wait for one another at full speed.
    threadpool_limits(1)

    # Only the weights that come with natasha are used: importing it would ask for libraries that nobody needs.
    spec = importlib.util.find_spec("natasha")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError("The weights of natasha are not installed.")
    data = f"{spec.submodule_search_locations[0]}/data"
    ner = NER.load(f"{data}/model/slovnet_ner_news_v1.tar")
    return ner.navec(Navec.load(f"{data}/emb/navec_news_v1_1B_250K_300d_100q.tar"))


def names(text: str) -> list[tuple[int, int]]:
    """Where people are named, in the order of the text."""
    text = text[:READ_AT_MOST]
    pieces = sorted({*by_model(text), *by_initials(text), *by_dictionary(text)}, key=lambda each: (each[0], -each[1]))
    found: list[tuple[int, int]] = []
    for start, end in pieces:
        if not is_of_somebody(text, start, end):
            continue
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def by_model(text: str) -> Iterator[tuple[int, int]]:
    if not re.search(r"[А-ЯЁ]", text):
        return
    shouted = text.isupper() or sum(map(str.isupper, text)) * 2 > sum(map(str.isalpha, text))
    for span in model()(titled(text) if shouted else text).spans:
        if span.type == "PER":
            yield span.start, span.stop


def titled(text: str) -> str:
    """Of the same length: what everybody shouts is written as everybody writes."""
    return WORD.sub(lambda match: match[0][0] + match[0][1:].lower(), text)


def by_initials(text: str) -> Iterator[tuple[int, int]]:
    for match in INITIALS.finditer(text):
        if "Surn" in kinds(match[0].replace(".", " ").split()[-1 if match[0][1] == "." else 0]):
            yield match.start(), match.end()


def by_dictionary(text: str) -> Iterator[tuple[int, int]]:
    """Words side by side that are a first name, a patronymic, a surname: two of them make a name, whatever the case."""
    run: list[tuple[re.Match[str], set[str]]] = []
    for match in WORD.finditer(text):
        beside = run and text[run[-1][0].end() : match.start()].strip(" ") == ""
        if run and not beside:
            yield from named(run)
            run = []
        told = kinds(match[0])
        if told:
            run.append((match, told))
        elif run:
            yield from named(run)
            run = []
    yield from named(run)


def named(run: list[tuple[re.Match[str], set[str]]]) -> Iterator[tuple[int, int]]:
    told = set().union(*(each for _, each in run)) if run else set()
    if len(run) >= 2 and len(run) <= 4 and ("Patr" in told or {"Name", "Surn"} <= told):
        yield run[0][0].start(), run[-1][0].end()


@lru_cache(50_000)
def kinds_of(word: str) -> frozenset[str]:
    """Name, Patr, Surn: what a known word is first of all; a word of two letters is none."""
    if len(word) < 3:
        return frozenset()
    parses = dictionary().parse(word)
    best = parses[0].score
    sure = [each for each in parses if each.score >= best * 0.5 and dictionary().word_is_known(word)]
    return frozenset(kind for each in sure for kind in ("Name", "Patr", "Surn") if kind in each.tag)


def kinds(word: str) -> set[str]:
    return set(kinds_of(word.lower()))


def is_name(word: str) -> bool:
    """A word alone at the beginning of a sentence has a capital letter, whatever it is: «Тополя», «Дворник»."""
    first = dictionary().parse(word.lower())[0]
    return first.normal_form not in PUBLIC and (bool(kinds(word)) or not dictionary().word_is_known(word.lower()))


def is_of_somebody(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 60) : start], text[end : end + 12]
    words = text[start:end].split()
    if STREETS.search(before) or BEARERS.match(after):
        return False
    if len(words) == 1 and (PLACES.search(before) or HOUSE.match(after) or BY_STREET.search(before)):
        return False
    if OFFICES.search(before) or (before[-1:] in '«"“' and after[:1] in '»"”'):
        return False
    if len(words) == 1 and not is_name(words[0].strip(".")):
        return False
    return any(len(word) > 2 for word in words)
