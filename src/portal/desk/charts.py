"""A chart of weeks as coordinates (R32): the share of answers in time as a line over how many answers there were."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.desk.trends import Week

LEFT, STEP = 36, 33  # of the first bar, and from one to the next
TOP, BOTTOM = 20, 140  # of the line
FLOOR, TALLEST = 240, 64  # of the bars
GOAL = 95


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    height: int
    count: int
    monday: date

    @property
    def middle(self) -> int:
        return self.x + 13


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    value: int
    named: bool  # the first, the last and the lowest say their number
    lowest: bool

    @property
    def beside(self) -> int:
        """Where its number stands: the line comes down to the lowest from both sides."""
        return self.y + 16 if self.lowest else self.y - 9


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    points: list[Point]
    grid: list[tuple[int, int]]  # the height of each line and its percents
    goal: int

    @property
    def line(self) -> str:
        return "M" + "L".join(f"{point.x} {point.y}" for point in self.points) if self.points else ""


def chart(weeks: Sequence[Week]) -> Chart:
    values = [week.in_time for week in weeks if week.in_time is not None]
    lowest = min([85, *(value // 15 * 15 for value in values)])
    most = max([1, *(week.answers for week in weeks)])

    def height(value: float) -> int:
        return round(BOTTOM - (value - lowest) / (100 - lowest) * (BOTTOM - TOP))

    steps = [round(lowest + (100 - lowest) * part / 3) for part in range(4)]
    return Chart(
        bars=[bar(place, week, most) for place, week in enumerate(weeks)],
        points=points(weeks, height),
        grid=[(height(step), step) for step in steps],
        goal=height(GOAL),
    )


def bar(place: int, week: Week, most: int) -> Bar:
    height = round(TALLEST * week.answers / most)
    return Bar(LEFT + STEP * place, FLOOR - height, height, week.answers, week.monday)


def points(weeks: Sequence[Week], height: Callable[[float], int]) -> list[Point]:
    known = [(place, week.in_time) for place, week in enumerate(weeks) if week.in_time is not None]
    if not known:
        return []
    lowest = min(known, key=lambda each: each[1])[0]
    said = {known[0][0], known[-1][0], lowest}
    return [
        Point(LEFT + STEP * place + 13, height(value), value, named=place in said, lowest=place == lowest)
        for place, value in known
    ]
