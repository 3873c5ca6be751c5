"""The regulation is covered: every rule has its code, its page and its test, and docs/regulation.md says so truly."""

import pytest
from tests.regulation import reading
from tests.regulation.__main__ import DOCUMENT, document
from tests.regulation.rules import CLAUSES, RULES

from domain import moves


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_test(rule: str) -> None:
    assert reading.tests()[rule] != []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_code_that_names_it_and_a_page_where_people_meet_it(rule: str) -> None:
    assert reading.code()[rule] != []
    assert reading.pages()[rule] != []


def test_nothing_names_a_rule_that_does_not_exist() -> None:
    assert set(RULES) == {f"R{n:02}" for n in range(1, 36)}
    assert set(reading.tests()) | set(reading.code()) | set(reading.pages()) <= set(RULES)


def test_every_move_belongs_to_a_clause_and_every_rule_does() -> None:
    assert {move.clause for move in moves.ALL} <= set(CLAUSES)
    assert {clause for clause, _ in RULES.values()} <= set(CLAUSES)


def test_every_move_is_taken_by_a_verb() -> None:
    taken = reading.verbs()

    assert [name for name, move in vars(moves).items() if isinstance(move, moves.Move) and not taken[name]] == []


def test_the_page_about_the_regulation_is_not_stale() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "Run `make regulation`."
