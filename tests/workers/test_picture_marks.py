"""Marks of photos over more than a hundred pictures: the fit ones bear none, the unfit ones theirs (§4.1, R14)."""

import pytest
from PIL import Image
from tests.workers import scenes

from workers.picture_marks import BLURRED, DARK, SMALL, marks

pytestmark = pytest.mark.rule("R14")


def marked(picture: Image.Image) -> dict[str, float]:
    return marks(picture, *picture.size)


def test_what_is_fit_to_be_sent_bears_no_mark() -> None:
    wrong = {name: found for name, picture in scenes.fit() if (found := marked(picture))}

    assert wrong == {}
    assert len(list(scenes.fit())) > 45


@pytest.mark.parametrize("mark", scenes.UNFIT)
def test_what_is_unfit_bears_its_mark(mark: str) -> None:
    found = {name: marked(picture) for name, picture in scenes.UNFIT[mark]()}

    assert [name for name, each in found.items() if mark not in each] == []
    assert len(found) >= 6


def test_of_photos_that_lie_on_their_side_those_are_marked_whose_sky_says_so() -> None:
    found = [marked(picture) for _, picture in scenes.sideways()]

    assert sum("sideways" in each for each in found) >= len(found) / 3
    assert all(each.keys() <= {"sideways"} for each in found)


def test_a_mark_tells_what_was_measured() -> None:
    (_, little), (_, night), (_, soft) = next(scenes.small()), next(scenes.dark()), next(scenes.blurred())

    assert marked(little)["small"] == 420 < SMALL
    assert 0 <= marked(night)["dark"] < DARK
    assert 0 <= marked(soft)["blurred"] < BLURRED


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 900), (900, 1), (3, 3)])
def test_a_picture_of_hardly_a_pixel_is_small_and_breaks_nothing(size: tuple[int, int]) -> None:
    for mode in ("RGB", "L"):
        assert "small" in marked(Image.new(mode, size, "white"))
