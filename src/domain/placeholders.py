"""What stands in braces in a standard answer (R09) or in the words of a letter, and what takes its place."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import permutations

from babel.dates import format_date

from domain.model import Person
from domain.wording import LANGUAGES, translations

# The words of the directory are those of the moderators, and so are the dates in a filled answer.
LANGUAGE = LANGUAGES[0]
GREETING = "обращение"
NUMBER = "номер"
# What each stands for is said in the form of the directory.
PLACEHOLDERS = (GREETING, NUMBER, "тема", "категория", "адрес", "отправлено", "зарегистрировано", "отдел", "срок")
IN_BRACES = re.compile(r"\{\s*([^{}]*?)\s*\}")
FIRST = re.compile(r"\s*\{\s*" + GREETING + r"\s*\}\s*")
# Given name and patronymic, in whichever order the name is written: «Анна Викторовна», «Турал Мамед оглы».
BY_PATRONYMIC = re.compile(r"\b([^\W\d_]+) ([^\W\d_]+(?:ич|вна|чна)|[^\W\d_]+ (?:оглы|кызы))\b", re.IGNORECASE)
QUOTES = str.maketrans("«»„“”", '"' * 5)
IN_QUOTES = re.compile(r'"[^"]+"')
OF_WOMEN = ("вна", "чна", "кызы")


def odd_ones(text: str, known: Collection[str] = PLACEHOLDERS) -> list[str]:
    """What stands in braces and is no placeholder, and braces that lack their other half."""
    unknown = [found[0] for found in IN_BRACES.finditer(text) if found[1].lower() not in known]
    return unknown + re.findall(r"[{}]", IN_BRACES.sub("", text))


def lacking(text: str, needed: Collection[str]) -> list[str]:
    """The placeholders that a text has to have and has not."""
    there = {found[1].lower() for found in IN_BRACES.finditer(text)}
    return [name for name in needed if name not in there]


def greets_late(text: str) -> bool:
    """The form of address stands first or nowhere: only so can it be taken from what is published."""
    return any(found[1].lower() == GREETING for found in IN_BRACES.finditer(without_greeting(text)))


def greets(text: str) -> bool:
    return FIRST.match(text) is not None


def without_greeting(text: str) -> str:
    return FIRST.sub("", text, count=1) if greets(text) else text


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with what is known in its place; what is not known yet keeps its braces."""
    return IN_BRACES.sub(lambda found: facts.get(found[1].lower(), found[0]), text)


def named(author: Person) -> re.Match[str] | None:
    """Given name and patronymic; of two words the second may as well be a surname."""
    if author.is_organisation or len(author.name.split()) < 3:
        return None
    return BY_PATRONYMIC.search(author.name)


def greeting(author: Person) -> str:
    """How a letter begins; by name only where the name says how, as a guess would offend."""
    words = translations(LANGUAGE)
    found = named(author)
    if found is None:
        return words.gettext("Good day!")
    name = {"name": f"{found[1]} {found[2]}"}
    if found[2].lower().endswith(OF_WOMEN):
        return words.gettext("Dear Ms %(name)s!") % name
    return words.gettext("Dear Mr %(name)s!") % name


def names(author: Person, text: str) -> bool:
    """Whether a text speaks of its author, in whatever case: then it is not for everybody (R10).

    Of a person by patronymic, or where none is known by both their names; of an organisation by what stands in quotes.
    """
    if author.is_organisation:
        name = as_compared(author.name)
        quoted = IN_QUOTES.search(name)
        return (quoted[0] if quoted else name) in as_compared(text)
    found = named(author)
    words = [found[1], found[2]] if found else author.name.split()
    either = [words] if found else permutations(words)
    return len(words) > 1 and any(re.search(in_any_case(each), text, re.IGNORECASE) for each in either)


def as_compared(text: str) -> str:
    return text.translate(QUOTES).casefold()


def in_any_case(words: Sequence[str]) -> str:
    """The ends of words change with their case."""
    stems = (re.escape(word[: max(3, len(word) - 2)]) for word in words)
    return r"\b" + r"\w*\s+".join(stems)


def day(value: date) -> str:
    return format_date(value, "d MMMM y 'года'", locale=LANGUAGE)
