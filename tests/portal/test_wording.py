"""Both catalogues are complete, and keep the placeholders of what they translate."""

import re
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from tests.wording import Msgid, catalogue, key, sentences

PLACE = re.compile(r"%\((\w+)\)[ds]")


def translated(language: str) -> dict[Msgid, tuple[str, ...]]:
    return {key(message.id): parts(message.string) for message in catalogue(language) if message.id}


def parts(string: Any) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_sentence_is_translated(language: str) -> None:
    known = translated(language)

    missing = sorted(str(each) for each in set(sentences()) if not all(known.get(each) or ("",)))

    assert missing == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_form_of_a_plural_is_there(language: str) -> None:
    forms = Catalog(locale=language).num_plurals

    wrong = [id for id, strings in translated(language).items() if isinstance(id, tuple) and len(strings) != forms]

    assert wrong == []


@pytest.mark.parametrize("language", ["ru", "en"])
def test_translations_keep_the_placeholders(language: str) -> None:
    broken = [
        id
        for id, strings in translated(language).items()
        if any(set(PLACE.findall(string)) - set(PLACE.findall("".join(parts(id)))) for string in strings)
    ]

    assert broken == []


def test_nothing_stands_in_the_catalogue_that_nobody_says() -> None:
    said = set(sentences())

    assert sorted(str(id) for id in translated("ru") if id not in said) == []
