"""The figures as a table, and whether the goals are reached."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.bench.filling import Filled
from tests.bench.measuring import CONNECTIONS, ROUNDS, SECONDS, Contender
from tests.bench.pictures import Photographs

QUERIES_AT_MOST = 12
OWN_LOAD = 2.0  # what the bench itself adds to the load of the machine
FLOORS = {
    "feed_same": "feed_floor",
    "feed": "feed_floor",
    "feed_own": "feed_floor",
    "queue_small": "queue_floor",
    "queue": "queue_floor",
    "sending": "sending_floor",
    "registering": "registering_floor",
}

ACTS = ("sending", "registering")  # what they ask stands in the table; the limit is that of a page


@dataclass(frozen=True)
class Goal:
    sentence: str
    reached: bool


@dataclass(frozen=True)
class Figures:
    contenders: Mapping[str, Contender]
    queries: Mapping[str, int]
    filled: Sequence[Filled]
    photos: Photographs
    load_before: float

    def thrift(self, name: str) -> float | None:
        """The web process's time for one request of the floor beside ours: busy neighbours change it least."""
        floor = FLOORS.get(name)
        return self.contenders[floor].web_ms / self.contenders[name].web_ms if floor else None

    def ratio(self, name: str) -> float | None:
        """Requests a second beside those of the floor."""
        floor = FLOORS.get(name)
        return self.contenders[name].rate / self.contenders[floor].rate if floor else None

    @property
    def growth(self) -> float:
        return self.contenders["queue"].waited_ms / self.contenders["queue_small"].waited_ms

    def goals(self) -> Iterator[Goal]:
        for name, least in (("feed_same", 0.7), ("feed", 0.7), ("queue", 0.5), ("sending", 0.5), ("registering", 0.5)):
            reached = self.ratio(name) or 0.0
            yield Goal(f"{self.contenders[name].name}: {reached:.2f} of its floor, at least {least}", reached >= least)
        many = self.contenders["queue"].name
        yield Goal(f"{many}: {self.growth:.2f} of its time at 10 000, at most 1.3", self.growth <= 1.3)
        most = max(count for name, count in self.queries.items() if name not in ACTS)
        yield Goal(f"queries a page: {most}, at most {QUERIES_AT_MOST}", most <= QUERIES_AT_MOST)
        ratio, child = self.photos.ratio, self.photos.child_mb
        yield Goal(f"a photo of 12 megapixels: {ratio:.2f} of Pillow's own time, at most 1.3", ratio <= 1.3)
        yield Goal(f"the child that decodes it: {child:.0f} MB, at most 1024", child <= 1024)


def spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


HEAD = """
| | requests/s | ratio to floor | by web CPU | median ms | web CPU ms | PostgreSQL CPU ms | queries | bytes |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def report(figures: Figures) -> str:
    lines = "\n".join(line(figures, name, each) for name, each in figures.contenders.items())
    goals = "\n".join(f"- {'reached' if goal.reached else 'MISSED'}: {goal.sentence}" for goal in figures.goals())
    return f"{circumstances(figures)}\n{warning(figures)}{HEAD}{lines}\n{photos(figures.photos)}\n\n{goals}"


def photos(found: Photographs) -> str:
    rows = (
        (
            "the first of a message, with the start of its child",
            found.first,
            f"{found.first_cpu / found.floor_cpu:.2f}",
        ),
        ("every further one", found.next, ""),
        ("its floor: Pillow's own decode, three resizes, three encodes", found.floor, "1.00"),
    )
    lines = "\n".join(f"| {name} | {time * 1000:.0f} | {time / found.floor:.2f} | {cpu} |" for name, time, cpu in rows)
    title = f"a photo of 12 megapixels, {found.bytes / 1e6:.1f} MB"
    return f"\n| {title} | ms | ratio to floor | by CPU |\n|---|---:|---:|---:|\n{lines}"


def warning(figures: Figures) -> str:
    """What stands beside its floor on a machine that is full stands there by chance."""
    if max(figures.load_before, os.getloadavg()[0] - OWN_LOAD) <= 1.0:
        return ""
    return "OTHERS WERE BUSY: requests/s and the goals below are no verdict; measure again on a quiet machine.\n"


def line(figures: Figures, name: str, contender: Contender) -> str:
    ratio, thrift = figures.ratio(name), figures.thrift(name)
    cells = [
        contender.name,
        f"{contender.rate:.0f}",
        f"{ratio:.2f}" if ratio is not None else "",
        f"{thrift:.2f}" if thrift is not None else "",
        f"{contender.waited_ms:.1f}",
        f"{contender.web_ms:.2f}",
        f"{contender.database_ms:.2f}",
        str(figures.queries.get(name, "")),
        str(contender.bytes or ""),
    ]
    return f"| {' | '.join(cells)} |"


def circumstances(figures: Figures) -> str:
    towns = ", ".join(f"{each.messages} messages ({each.waiting} not closed)" for each in figures.filled)
    return (
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores, load {figures.load_before:.1f} before and "
        f"{os.getloadavg()[0]:.1f} after. Towns: {towns}.\n"
        f"{CONNECTIONS} connections, medians of {ROUNDS} rounds of {SECONDS} s each, every contender in turn."
    )
