"""What a moderator needs beside an open message and its case: one question, because an open message asks many."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain import moves
from domain.model import Block, Message, StandardAnswer
from domain.standard_answers import FITTING
from portal.desk.blocks import GROUNDS, HISTORY, Blocks, blocks
from portal.desk.others import NEAR, Near, near

BESIDE = f"""
SELECT ARRAY(SELECT one FROM ({HISTORY}) one) AS history, ARRAY(SELECT one FROM ({GROUNDS}) one) AS grounds,
       ARRAY(SELECT s FROM standard_answer s WHERE {FITTING} ORDER BY s.name) AS standards,
       ARRAY(SELECT one FROM ({NEAR}) one) AS near
"""


@dataclass(frozen=True)
class Beside:
    """The blocks of the author, the standard answers in force for a topic, and the cases that it may be joined to."""

    blocks: Blocks
    standards: list[StandardAnswer]
    near: list[Near]


async def beside(message: Message, topic: int | None, *, at: datetime, veiled: Callable[[str], str]) -> Beside:
    """Without a topic there are no standard answers."""
    (found,) = await Block.raw(BESIDE, message.author, topic, message.id, list(moves.JOINABLE))
    return Beside(
        blocks(found["history"], found["grounds"], at=at, veiled=veiled),
        [StandardAnswer(_exists_in_db=True, **dict(row)) for row in found["standards"]],
        near(found["near"]),
    )
