"""What is covered in a photo stays covered when the photo is turned, cropped and put back (§4.1, R10, R14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import WHOLE, Area, moved
from domain.fitness import UNTOUCHED, Edit

pytestmark = [pytest.mark.rule("R10", "R14")]
TOP_LEFT = Area(0, 0, 500, 250)
turns = st.sampled_from([0, 90, 180, 270])
spans = st.tuples(st.integers(0, 900), st.integers(50, 100))
areas = st.builds(lambda x, y: Area(x[0], y[0], x[1], y[1]), spans, spans)


@pytest.mark.parametrize(
    ("turn", "there"),
    [(90, Area(750, 0, 250, 500)), (180, Area(500, 750, 500, 250)), (270, Area(0, 500, 250, 500))],
)
def test_an_area_turns_with_the_photo(turn: int, there: Area) -> None:
    assert moved([TOP_LEFT], UNTOUCHED, Edit(turn)) == [there]


def test_an_area_grows_with_what_is_kept_and_goes_with_what_is_not() -> None:
    left_half, right_half = Edit(0, (0, 0, 0.5, 1)), Edit(0, (0.5, 0, 0.5, 1))

    assert moved([TOP_LEFT], UNTOUCHED, left_half) == [Area(0, 0, 1000, 250)]
    assert moved([TOP_LEFT], UNTOUCHED, right_half) == []
    assert moved([Area(250, 0, 500, 100)], UNTOUCHED, right_half) == [Area(0, 0, 500, 100)]


@given(area=areas, turn=turns, again=turns)
def test_there_and_back_covers_all_that_it_covered(area: Area, turn: int, again: int) -> None:
    edited = Edit(turn).cropped((0.1, 0.2, 0.7, 0.6)).turned(again)
    there = moved([area], UNTOUCHED, edited)
    kept = enclosed(area, edited)

    for back in moved(there, edited, UNTOUCHED):
        assert back.left <= kept[0] + 1
        assert back.top <= kept[1] + 1
        assert back.left + back.width >= kept[2] - 1
        assert back.top + back.height >= kept[3] - 1
    assert there or min(kept[2] - kept[0], kept[3] - kept[1]) <= 0


def enclosed(area: Area, edit: Edit) -> tuple[float, float, float, float]:
    """The part of the area that the edit keeps, by its sides, in thousandths of the original."""
    left, top, width, height = (side * WHOLE for side in edit.original((0, 0, 1, 1)))
    return (
        max(area.left, left),
        max(area.top, top),
        min(area.left + area.width, left + width),
        min(area.top + area.height, top + height),
    )
