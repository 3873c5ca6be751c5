"""`otklik terms` as a script reads it and as a person reads it."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.commands.terms import command

KEYS = [
    "moment",
    "moment_of_sending",
    "register_by",
    "decide_by",
    "accept_by",
    "return_by",
    "answer_by_track_1",
    "answer_by_track_2",
    "rework_by",
    "follow_up_by",
    "provisional",
    "days",
]


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")


def terms(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def objects(*moments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in terms(*moments, "--json").stdout.splitlines()]


@pytest.mark.rule("R04", "R05", "R06", "R11", "R12", "R22", "R25", "R30")
@pytest.mark.usefixtures("without_database")
def test_each_moment_is_one_object_with_every_term() -> None:
    monday, saturday = objects("2026-11-23T17:00:00+03:00", "2026-11-21T07:00:00Z")

    assert list(monday) == KEYS
    assert {key: monday[key] for key in KEYS[:-1]} == {
        "moment": "2026-11-23T17:00:00+03:00",
        "moment_of_sending": "2026-11-23T17:00:00+03:00",
        "register_by": "2026-11-24T23:59:59+03:00",
        "decide_by": "2026-11-25T23:59:59+03:00",
        "accept_by": "2026-11-24T23:59:59+03:00",
        "return_by": "2026-11-24T23:59:59+03:00",
        "answer_by_track_1": "2026-12-03T23:59:59+03:00",
        "answer_by_track_2": "2026-12-11T23:59:59+03:00",
        "rework_by": "2026-11-26T23:59:59+03:00",
        "follow_up_by": "2026-11-26T23:59:59+03:00",
        "provisional": False,
    }
    assert saturday["moment"] == "2026-11-21T10:00:00+03:00"
    assert saturday["moment_of_sending"] == "2026-11-23T00:00:00+03:00"


@pytest.mark.usefixtures("without_database")
def test_every_term_tells_the_days_counted_and_the_days_skipped_and_why() -> None:
    (object_,) = objects("2026-11-02T10:00:00+03:00")

    assert list(object_["days"]) == KEYS[1:-2]
    assert object_["days"]["rework_by"] == {
        "counted": ["2026-11-03", "2026-11-05", "2026-11-06"],
        "skipped": [{"day": "2026-11-04", "why": "holiday", "name": "День народного единства"}],
        "provisional": False,
    }


@pytest.mark.rule("R35")
@pytest.mark.usefixtures("without_database")
def test_a_year_without_an_official_calendar_is_marked_by_the_whole_and_by_the_term() -> None:
    (object_,) = objects("2026-12-30T12:00:00+03:00")

    assert object_["provisional"] is True
    assert object_["days"]["register_by"]["provisional"] is False
    assert object_["days"]["decide_by"]["provisional"] is True


@pytest.mark.usefixtures("without_database")
def test_the_offset_is_the_one_the_town_had_then() -> None:
    (object_,) = objects("2019-06-03T13:00:00Z")

    assert object_["moment"] == "2019-06-03T17:00:00+04:00"
    assert object_["register_by"] == "2019-06-04T23:59:59+04:00"


@pytest.mark.usefixtures("without_database")
@pytest.mark.parametrize("wrong", ["2026-11-23T10:00:00", "2026-11-23", "завтра", "9999-12-31T10:00:00Z", ""])
def test_a_moment_that_cannot_be_counted_is_named_and_the_others_are_not_lost(wrong: str) -> None:
    result = terms("2026-11-23T10:00:00Z", wrong, "2026-11-24T10:00:00Z", "--json")

    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 2
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith(f"{wrong}: ")


def test_no_moment_at_all_is_a_wrong_call() -> None:
    assert terms("--json").exit_code == 2


@pytest.mark.usefixtures("without_database")
def test_a_person_reads_it_in_russian() -> None:
    result = terms("2026-12-31T12:00:00+03:00")

    assert result.exit_code == 0
    assert "Зарегистрировать до" in result.stdout
    assert "11.01.2027 23:59:59  (предварительно)" in result.stdout
    assert "01.01–06.01 Новогодние каникулы" in result.stdout
    assert "09.01–10.01 выходной, 16.01–17.01 выходной" in result.stdout


@pytest.mark.rule("R34")
async def test_the_operator_s_corrections_and_settings_count_where_there_is_a_database(database: None) -> None:
    from domain.database import DB

    assert DB.pool is not None
    await DB.pool.execute("INSERT INTO calendar_day (day, working, reason) VALUES ('2026-11-24', false, 'День города')")
    await DB.pool.execute("UPDATE setting SET rework_workdays = 2")

    line = json.loads(started("2026-11-23T17:00:00+03:00").stdout)

    assert line["register_by"] == "2026-11-25T23:59:59+03:00"
    assert line["rework_by"] == "2026-11-26T23:59:59+03:00"
    assert line["days"]["register_by"]["skipped"] == [{"day": "2026-11-24", "why": "correction", "name": "День города"}]


def test_a_database_that_does_not_answer_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")

    result = started("2026-11-23T17:00:00+03:00")

    assert result.returncode == 0
    assert "поправки оператора не учтены" in result.stderr
    assert json.loads(result.stdout)["register_by"] == "2026-11-24T23:59:59+03:00"


def started(*moments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person starts it: it brings its own event loop."""
    otklik = [sys.executable, "-c", "from portal.commands import main; main()", "terms", "--json"]
    return subprocess.run([*otklik, *moments], capture_output=True, check=False, env=os.environ, text=True)
