"""A directory as a sheet of a file: its columns in words, a text in every cell, other rows named by their codes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain import directories
from domain.directories import reading
from domain.directories.describing import Directory, Field
from domain.directories.kinds import Choice, Flag, Misfit, Reference
from domain.errors import say
from domain.wording import LANGUAGES, N_, translations

TITLE_AT_MOST = 31  # of a sheet in a workbook
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
NOT_IN_XML = re.compile("[\ufffe\uffff]")
NO_CODE = N_("There is no row with the code “%(code)s”.")


@dataclass(frozen=True)
class Sheet:
    """One table of a file: the headings, and each row with its number in the file. Every cell is a text."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def title(directory: Directory, language: str) -> str:
    """What the sheet of a directory is called in a workbook."""
    return NOT_IN_TITLES.sub(" ", translations(language).gettext(directory.title))[:TITLE_AT_MOST]


def directory_of(name: str) -> Directory | None:
    """By its own name, or by its title in any language."""
    wanted = name.strip().casefold()
    for each in directories.ALL:
        if wanted in (each.name, *(title(each, language).casefold() for language in LANGUAGES)):
            return each
    return None


def field_of(directory: Directory, column: str) -> Field | None:
    """By its own name, or by its label in any language."""
    return next((each for each in directory.fields if column.strip() == each.name or called(column, each.label)), None)


def called(text: str, label: str) -> bool:
    names = (translations(language).gettext(label).casefold() for language in LANGUAGES)
    return " ".join(text.split()).casefold() in names


async def sheet(directory: Directory, language: str) -> Sheet:
    """The whole directory, as it is written to a file."""
    codes = {each.to: await codes_of(each.to) for each in directory.references.values()}
    columns = [translations(language).gettext(each.label) for each in directory.fields]
    rows = [
        (number, [written(each, row[each.name], codes, language) for each in directory.fields])
        for number, row in enumerate(await reading.rows(directory), 2)
    ]
    return Sheet(title(directory, language), columns, rows)


Codes = Mapping[str, Mapping[int, str]]


async def codes_of(name: str) -> dict[int, str]:
    """By what the rows of a directory are known where others point at them."""
    to = directories.find(name)
    if to is None:
        raise LookupError(f"there is no directory {name}")
    (key,) = to.key
    return {row["id"]: str(row[key]) for row in await reading.rows(to)}


def written(field: Field, value: Any, codes: Codes, language: str) -> str:
    words = translations(language)
    match field.kind:
        case Flag() as kind:
            return words.gettext(kind.write(value))
        case Choice(options=options) if value in dict(options):
            return words.gettext(dict(options)[value])
        case Reference(to=to):
            return codes[to].get(value, "")
        case kind:
            return NOT_IN_XML.sub("", kind.write(value))


def as_typed(field: Field, text: str, codes: Codes) -> str:
    """The text of a cell as the form of the row would send it; Misfit for a code that no row has."""
    match field.kind:
        case Choice(options=options):
            return next((str(value) for value, label in options if called(text, label)), text)
        case Reference(to=to) if code := text.strip():
            for id, known in codes[to].items():
                if known == code:
                    return str(id)
            raise Misfit(say(NO_CODE, code=code[:60]))
        case _:
            return text
