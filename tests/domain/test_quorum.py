"""Quorum and majority, whatever the numbers (§4.4, R27)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quorum import SIDES, Quorum, adopted

CHOICES = st.sampled_from(["for", "against", "abstained"])


@pytest.mark.rule("R27")
@given(sides=st.lists(st.sampled_from(SIDES), max_size=12), absent=st.integers(0, 12), percent=st.integers(0, 99))
def test_a_quorum_is_more_than_the_share_with_somebody_of_each_side(
    sides: list[str], absent: int, percent: int
) -> None:
    quorum = Quorum(sides, len(sides) + absent, percent, both_sides=True)

    assert quorum.reached == (100 * len(sides) > percent * quorum.members and set(sides) == set(SIDES))


@pytest.mark.rule("R27")
@given(choices=st.lists(CHOICES, min_size=1, max_size=15))
def test_adopted_is_what_more_than_half_are_for(choices: list[str]) -> None:
    others = [each for each in choices if each != "for"]

    assert adopted(choices) == (choices.count("for") > len(others))


def test_a_commission_without_members_decides_nothing() -> None:
    assert not Quorum([], 0, 0, both_sides=False).reached
