"""`otklik promises`: a text in, its promises out, whatever the text is (R18)."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.commands.promises import command


def asked(text: str | bytes, *options: str) -> Result:
    result = CliRunner().invoke(command, [*options], input=text)
    assert result.exit_code == 0, result.output
    return result


def promises(text: str | bytes) -> list[dict[str, Any]]:
    (line,) = asked(text, "--json").stdout.splitlines()
    return list(json.loads(line)["promises"])


@pytest.mark.rule("R18")
def test_promises_are_told_with_their_places_and_dates() -> None:
    text = "Яму заделаем в ближайшее время. Бордюр заменят до 15 декабря 2030 года."

    undated, dated = promises(text)

    assert undated == {"start": 4, "end": 30, "text": "заделаем в ближайшее время", "date": None}
    assert dated == {"start": 39, "end": 70, "text": "заменят до 15 декабря 2030 года", "date": "2030-12-15"}


@pytest.mark.parametrize("odd", [b"", b"\xff\xfe\x00", b"\xd0", "Яма заделана.", b"\x00" * 100, "\ufeff\r\n"])
def test_a_text_without_promises_has_an_empty_list(odd: str | bytes) -> None:
    assert promises(odd) == []


def test_people_read_them_as_lines() -> None:
    told = asked("Яму\nзаделаем\nскоро.").stdout

    assert told == "4–18  точной даты нет  заделаем скоро\n"


def test_nothing_promised_is_said_in_words() -> None:
    assert asked("Яма заделана.").stdout == "Текст ничего не обещает.\n"
