"""Each night topics are learned anew from what was registered: the moderators' choice is the teacher (§3, R07)."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context

from domain.model import Message, TopicModel
from workers.screening.knowing import directory
from workers.screening.topics import Line, Model, described

ENOUGH = 24  # registered messages on a topic, from which on it is learned from them
NEWEST = 20_000  # messages; older ones tell of a town that has changed
AMONG = 3  # suggestions that the moderator sees
# By way of the index of numbers: what is registered has one.
REGISTERED = f"""
SELECT text, code FROM (
    SELECT m.text, tp.code, m.id, count(*) OVER (PARTITION BY m.topic) AS same
    FROM (SELECT id, text, topic FROM message WHERE number IS NOT NULL ORDER BY id DESC LIMIT {NEWEST}) m
    JOIN topic tp ON tp.id = m.topic AND tp.active
) told WHERE same >= {{}} ORDER BY id
"""  # noqa: S608

Samples = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Learned:
    """The model, and for how many of the last tenth the rest had suggested the topic that was registered."""

    model: bytes
    tested: int
    found: int


async def learn(*, at: datetime) -> None:
    """Nothing is learned from a few: then the words of the directory know better."""
    rows = await Message.raw(REGISTERED, ENOUGH)
    told = [(row["text"], row["code"]) for row in rows]
    if not told:
        return
    lines = await directory()
    made = await asyncio.get_running_loop().run_in_executor(None, apart, told, lines)
    row = TopicModel(learned_at=at, messages=len(told), tested=made.tested, found=made.found, model=made.model)
    await TopicModel.insert(row)
    await TopicModel.delete().where(TopicModel.id < row.id)


def apart(told: Samples, lines: Mapping[str, Line]) -> Learned:
    """In a process of its own: the clock goes on meanwhile, and what learning needs of memory is given back."""
    with ProcessPoolExecutor(1, get_context("spawn")) as child:
        return child.submit(learned, told, lines).result()


def learned(told: Samples, lines: Mapping[str, Line]) -> Learned:
    known = [*described(lines.values())]
    last = told[len(told) - max(1, len(told) // 10) :]
    earlier = Model.learned([*known, *told[: len(told) - len(last)]])
    found = Counter(topic in [each.topic for each in earlier.suggest(text, AMONG)] for text, topic in last)
    return Learned(Model.learned([*known, *told]).to_bytes(), len(last), found[True])
