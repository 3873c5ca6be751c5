"""What is somebody's own business is found in a text, and what only resembles it stays (§4.1)."""

import re
import time

import pytest
from tests.workers.private_words import NOT_PRIVATE, PRIVATE

from domain.personal import found
from workers.screening.names import names

BRACES = re.compile(r"\{(\w+):([^}]*)\}")


def seen(text: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, text[piece.start : piece.end]) for piece in found(text, names(text))]


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.rule("R10")
def test_what_stands_in_braces_is_found_as_what_it_is() -> None:
    told = {marked: seen(BRACES.sub(r"\2", marked)) for marked in lines(PRIVATE)}

    assert {marked: each for marked, each in told.items() if each != BRACES.findall(marked)} == {}


def test_what_only_resembles_it_stays() -> None:
    told = {text: seen(text) for text in lines(NOT_PRIVATE)}

    assert {text: each for text, each in told.items() if each} == {}


def test_the_table_is_as_long_as_it_should_be() -> None:
    cases = {*lines(PRIVATE), *lines(NOT_PRIVATE)}

    assert len(cases) >= 150


def test_nothing_that_is_repeated_makes_it_slow() -> None:
    """Each of them takes minutes where a pattern reads it twice over."""
    began = time.process_time()

    for endless in ("кв.", "кв. 1-", "квартиры 1, ", " ", "телефон", "8 (", "a@", "12-14 и "):
        found(f"кв.{endless * 20_000}")

    assert time.process_time() - began < 5
