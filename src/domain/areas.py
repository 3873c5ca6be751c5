"""Areas of a photo, in thousandths of the sides of what one sees, so that they fit every size of it (§4.1, R10)."""

from collections.abc import Sequence
from math import ceil, floor
from typing import NamedTuple

from domain.errors import Unfit, say
from domain.fitness import Box, Edit

AREAS_AT_MOST = 40
WHOLE = 1000


class Area(NamedTuple):
    left: int
    top: int
    width: int
    height: int


def fit(areas: Sequence[Area]) -> None:
    """Raise Unfit unless every area lies within the picture and is one."""
    if len(areas) > AREAS_AT_MOST:
        raise Unfit({"areas": say("At most %(count)d areas can be covered.", count=AREAS_AT_MOST)})
    for area in areas:
        inside = min(area.left, area.top) >= 0 and max(area.left + area.width, area.top + area.height) <= WHOLE
        if not inside or min(area.width, area.height) < 1:
            raise Unfit({"areas": say("Each area lies within the picture: from 0 to 100 % of its width and height.")})


def moved(areas: Sequence[Area], was: Edit, now: Edit) -> list[Area]:
    """The same places of a photo that was turned or cropped anew; without those that are no longer in the picture."""
    seen = [enclosing(now.shows(was.original(shares(area)))) for area in areas]
    return [area for area in seen if min(area.width, area.height) > 0]


def shares(area: Area) -> Box:
    return area.left / WHOLE, area.top / WHOLE, area.width / WHOLE, area.height / WHOLE


def enclosing(box: Box) -> Area:
    """As much of it as lies within the picture, and a little more rather than less."""
    left, top, width, height = (side * WHOLE for side in box)
    west, north = max(0, floor(left)), max(0, floor(top))
    return Area(west, north, min(WHOLE, ceil(left + width)) - west, min(WHOLE, ceil(top + height)) - north)
