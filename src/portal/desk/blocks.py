"""The blocks of an author as the moderators see them (R29): the one that holds, those before, and the reasons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

HISTORY = """
SELECT b.began_at, b.last_day, b.ends_at, b.ground_name, b.reason, b.lifted_at, p.name AS moderator,
       o.text AS objection, o.decision, o.reason AS answer
FROM block b JOIN person p ON p.id = b.imposed_by LEFT JOIN objection o ON o.block = b.id
WHERE b.person = {} ORDER BY b.id DESC LIMIT 20
"""
GROUNDS = "SELECT id, name FROM block_ground WHERE active ORDER BY position, id"


@dataclass(frozen=True)
class BlockLine:
    """A row of HISTORY, in its order."""

    began_at: datetime
    last_day: date
    ends_at: datetime
    ground_name: str
    reason: str
    lifted_at: datetime | None
    moderator: str
    objection: str | None
    decision: str | None
    answer: str | None


@dataclass(frozen=True)
class Blocks:
    """`running` holds now; `grounds` are there only where somebody may be blocked."""

    running: BlockLine | None
    earlier: list[BlockLine]
    grounds: list[tuple[int, str]]


def blocks(history: Sequence[Any], grounds: Sequence[Any], *, at: datetime, veiled: Callable[[str], str]) -> Blocks:
    """From the rows of HISTORY and GROUNDS."""
    lines = [seen(BlockLine(*row), veiled) for row in history]
    running = next((line for line in lines if line.lifted_at is None and line.ends_at > at), None)
    earlier = [line for line in lines if line is not running]
    return Blocks(running, earlier, [] if running else [(id, name) for id, name in grounds])


def seen(line: BlockLine, veiled: Callable[[str], str]) -> BlockLine:
    """An objection is in the words of the author."""
    return replace(line, objection=line.objection and veiled(line.objection))
