"""The blocks of an author as the moderators see them (R29): the one that holds, those before, and the reasons."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.model import Block, BlockGround

HISTORY = """
SELECT b.began_at, b.last_day, b.ends_at, b.ground_name, b.reason, b.lifted_at, p.name AS moderator,
       o.text AS objection, o.decision, o.reason AS answer
FROM block b JOIN person p ON p.id = b.imposed_by LEFT JOIN objection o ON o.block = b.id
WHERE b.person = {} ORDER BY b.id DESC LIMIT 20
"""


@dataclass(frozen=True)
class BlockLine:
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


async def blocks(author: int, *, at: datetime) -> Blocks:
    lines = [BlockLine(**row) for row in await Block.raw(HISTORY, author)]
    running = next((line for line in lines if line.lifted_at is None and line.ends_at > at), None)
    earlier = [line for line in lines if line is not running]
    return Blocks(running, earlier, [] if running else await grounds())


async def grounds() -> list[tuple[int, str]]:
    """The reasons that can be named now."""
    chosen = BlockGround.select(BlockGround.id, BlockGround.name).where(BlockGround.active.eq(True))
    return [(row["id"], row["name"]) for row in await chosen.order_by(BlockGround.position, BlockGround.id)]
