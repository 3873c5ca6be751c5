"""What is known of the topics when a text is read: the directory, and the model that was learned last."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import lru_cache

from domain.model import Topic, TopicModel
from workers.screening.topics import Line, Model, described

LINES = """
SELECT tp.code, tp.name, c.code AS category_code, c.name AS category, tp.covered AS examples
FROM topic tp JOIN category c ON c.id = tp.category WHERE tp.active ORDER BY tp.id
"""
LATEST = "SELECT id FROM topic_model ORDER BY id DESC LIMIT 1"


async def directory() -> dict[str, Line]:
    """The topics in use, by code."""
    rows = await Topic.raw(LINES)
    return by_code(Line(**{**row, "examples": tuple(row["examples"])}) for row in rows)


def by_code(lines: Iterable[Line]) -> dict[str, Line]:
    return {line.code: line for line in lines}


async def model_for(lines: Mapping[str, Line]) -> Model:
    """The latest that was learned from messages; before there is one, what the directory itself says."""
    rows = await TopicModel.raw(LATEST)
    if not rows:
        return await asyncio.to_thread(of_directory, tuple(lines.values()))
    return await learned(rows[0]["id"])


@lru_cache(2)
def of_directory(lines: tuple[Line, ...]) -> Model:
    return Model.learned(described(lines))


# A model never changes, so one that was read is kept.
KEPT: dict[int, Model] = {}


async def learned(id: int) -> Model:
    if id not in KEPT:
        (row,) = await TopicModel.select(TopicModel.model).where(TopicModel.id == id)
        KEPT.clear()
        KEPT[id] = Model.from_bytes(row["model"])
    return KEPT[id]
