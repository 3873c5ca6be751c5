"""Files of strangers, made while the tests run: what phones and scanners write, what breaks, what attacks, what lies.

Each knows what should become of it. `every()` is the whole set, `mutants()` is without end and seeded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from random import Random

from workers.inspecting import EMPTY, NOT_A_KIND
from workers.pictures import REASONS

FAMILIES = ("jpegs", "pngs", "tiffs", "phones", "broken", "bombs", "disguised", "names")
SECRET = b"SECRET"  # every word that a file of ours hides begins so, and none may be found in what is stored


@dataclass(frozen=True)
class Hostile:
    """`reason` is a msgid of a refusal; `upright` says that the four quarters must stand as they were drawn."""

    name: str
    content: bytes
    kind: str | None
    reason: str | None = None
    upright: bool = False
    size: tuple[int, int] | None = None

    @property
    def outcome(self) -> str:
        return "refused" if self.reason else "accepted"


def shown(name: str, content: bytes, kind: str = "jpeg", *, size: tuple[int, int] | None = None) -> Hostile:
    """Accepted, and the quarters stand upright."""
    return Hostile(name, content, kind, upright=True, size=size)


def taken(name: str, content: bytes, kind: str = "jpeg", *, size: tuple[int, int] | None = None) -> Hostile:
    """Accepted; how it looks is not the question."""
    return Hostile(name, content, kind, size=size)


def refused(name: str, content: bytes, kind: str, reason: str = "damaged") -> Hostile:
    return Hostile(name, content, kind, REASONS[reason])


def turned_away(name: str, content: bytes) -> Hostile:
    """Refused at the door, by its first bytes."""
    return Hostile(name, content, None, NOT_A_KIND if content else EMPTY)


@cache
def family(name: str) -> tuple[Hostile, ...]:
    return tuple(import_module(f"tests.hostile.{name}").files())


def every() -> list[Hostile]:
    return [file for name in FAMILIES for file in family(name)]


def mutants(seed: int) -> Iterator[Hostile]:
    """Files of the set, each spoiled in one to four ways; only that they harm nobody is known of them."""
    from tests.hostile.mutating import mutated

    chance = Random(seed)
    pictures = [file for file in every() if len(file.content) < 200_000]
    for number in range(10**9):
        one, other = chance.choice(pictures), chance.choice(pictures)
        yield Hostile(f"mutant-{seed}-{number}.bin", mutated(one.content, other.content, chance), one.kind)
