"""Whether the commission may decide (§4.4, R27): enough of its members, from both sides; and what a vote comes to."""

from collections.abc import Sequence
from dataclasses import dataclass

SIDES = ("operator", "coordinator")


@dataclass(frozen=True)
class Quorum:
    """`sides` are those of the members who are present, of `members` in all."""

    sides: Sequence[str]
    members: int
    percent: int
    both_sides: bool

    @property
    def present(self) -> int:
        return len(self.sides)

    @property
    def needed(self) -> int:
        """How many members make more than the share that the operator has set."""
        return self.members * self.percent // 100 + 1

    @property
    def missing_sides(self) -> list[str]:
        return [side for side in SIDES if side not in self.sides] if self.both_sides else []

    @property
    def reached(self) -> bool:
        return self.present >= self.needed and not self.missing_sides


def adopted(choices: Sequence[str]) -> bool:
    """More than half of those who are present are for it; to abstain is not to be for it."""
    return 2 * sum(choice == "for" for choice in choices) > len(choices)
