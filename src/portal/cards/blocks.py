"""A block as its own person sees it (§2, R29): why, until when, and what became of the objection."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.blocked import block_of
from domain.model import Block, Objection, Person


@dataclass(frozen=True)
class BlockNotice:
    """`ended` tells of a block that holds no longer; `decision` is lifted or kept, where the coordinator answered."""

    began_at: datetime
    last_day: date
    ground: str
    reason: str
    ended: bool
    objection: str | None = None
    decision: str | None = None
    answer: str | None = None

    @property
    def may_object(self) -> bool:
        return not self.ended and self.objection is None


async def running(person: Person | None, *, at: datetime) -> BlockNotice | None:
    """For the banner: the block that holds now."""
    block = await block_of(person.id, at=at) if person else None
    return await notice(block, at=at) if block else None


async def latest(person: Person) -> Block | None:
    return await Block.objects().where(Block.person == person.id).order_by(Block.id, ascending=False).first()


async def notice(block: Block, *, at: datetime) -> BlockNotice:
    said = await Objection.objects().get(Objection.block == block.id)
    return BlockNotice(
        began_at=block.began_at,
        last_day=block.last_day,
        ground=block.ground_name,
        reason=block.reason,
        ended=bool(block.lifted_at) or block.ends_at <= at,
        objection=said.text if said else None,
        decision=said.decision if said else None,
        answer=said.reason if said else None,
    )
