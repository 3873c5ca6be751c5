"""`otklik screen`: a text in, what stands out in it, whatever the text is and with nothing running (§3)."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

OTKLIK = Path(sys.executable).parent / "otklik"
ALONE = {"PATH": os.environ["PATH"]}


def asked(text: str | bytes, *options: str, env: dict[str, str] = ALONE) -> str:
    given = text if isinstance(text, bytes) else text.encode()
    told = subprocess.run([OTKLIK, "screen", *options], input=given, env=env, capture_output=True, timeout=60)
    assert (told.returncode, told.stderr) == (0, b"")
    return told.stdout.decode()


def screened(text: str | bytes) -> dict[str, Any]:
    return dict(json.loads(asked(text, "--json")))


@pytest.mark.rule("R10")
def test_it_tells_topics_private_places_and_grounds_with_nothing_running() -> None:
    text = "Пахнет газом!\r\nВо дворе на ул. Мира не горит фонарь, звоните Анне Петровой 8 900 000-00-42, дебилы\n"

    told = screened(text)

    first = told["topics"][0]
    assert (first["category"], first["topic"]) == ("Уличное освещение", "Не горит фонарь")
    pieces = [(each["kind"], text[each["start"] : each["end"]]) for each in told["personal_data"]]
    assert pieces == [("name", "Анне Петровой"), ("phone", "8 900 000-00-42")]
    assert (told["obscene"], told["emergency"]) == (True, True)
    assert told["grounds"] == ["G01", "G03", "G16"]


def test_hostile_input_is_answered_within_seconds() -> None:
    runs = "😀".encode() * 1000 + b"1" * 10_000 + b" " * 2000 + "годрешени".encode() * 500
    odd = b"\x00\xff\xed\xa0\x80" + runs + "яма. ".encode() * 120_000

    began = time.monotonic()
    told = screened(odd)

    assert told["personal_data"] == []
    assert time.monotonic() - began < 30  # of which the loading of two models takes most


def test_people_read_it_in_words_and_a_database_that_is_away_is_not_waited_for() -> None:
    away = {**ALONE, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}

    told = asked("На улице Мира яма, мой телефон 8 900 000-00-42", env=away)

    assert "тема: Дороги и тротуары → Яма на проезжей части" in told
    assert "31–46  номер телефона: '8 900 000-00-42'" in told
