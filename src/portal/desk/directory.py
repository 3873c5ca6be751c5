"""What the forms of the moderator choose from: topics by category, executors by department, grounds of refusal."""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from domain.model import Topic

# One statement for the three of them; the executors are found through their departments, never among the citizens.
QUERY = """
SELECT (SELECT json_agg(t ORDER BY t.position, t.id)::text FROM (
           SELECT tp.id, tp.name, tp.track, tp.closed, tp.executor, c.name AS category, c.position * 10000 + tp.position
           AS position FROM topic tp JOIN category c ON c.id = tp.category WHERE tp.active) t) AS topics,
       (SELECT json_agg(x ORDER BY x.organisation, x.name)::text FROM (
           SELECT p.id, p.name, o.short_name AS organisation FROM organisation o JOIN person p ON p.organisation = o.id
           WHERE p.role = 'executor' AND p.active) x) AS executors,
       (SELECT json_agg(g ORDER BY g.id)::text FROM (
           SELECT id, name, hint FROM ground WHERE active) g) AS grounds
"""

Pairs = list[tuple[int, str]]


@dataclass(frozen=True)
class TopicLine:
    id: int
    name: str
    track: int
    closed: bool
    executor: int
    category: str
    position: int


@dataclass(frozen=True)
class Executor:
    id: int
    name: str
    organisation: str


@dataclass(frozen=True)
class GroundLine:
    id: int
    name: str
    hint: str


@dataclass(frozen=True)
class Directory:
    topics: list[TopicLine]
    executors: list[Executor]
    grounds: list[GroundLine]

    def topic(self, id: int) -> TopicLine | None:
        return next((topic for topic in self.topics if topic.id == id), None)

    def executor(self, id: int | None) -> Executor | None:
        return next((each for each in self.executors if each.id == id), None)

    @cached_property
    def topics_by_category(self) -> list[tuple[str, Pairs]]:
        return [
            (category, [(topic.id, topic.name) for topic in members])
            for category, members in groupby(self.topics, key=lambda topic: topic.category)
        ]

    @cached_property
    def executors_by_department(self) -> list[tuple[str, Pairs]]:
        return [
            (department, [(each.id, each.name) for each in members])
            for department, members in groupby(self.executors, key=lambda each: each.organisation)
        ]


async def directory() -> Directory:
    (row,) = await Topic.raw(QUERY)
    return written(row["topics"] or "[]", row["executors"] or "[]", row["grounds"] or "[]")


@lru_cache(4)
def written(topics: str, executors: str, grounds: str) -> Directory:
    """What these texts say; kept, because they are read with every message and seldom change."""
    return Directory(
        [TopicLine(**each) for each in json.loads(topics)],
        [Executor(**each) for each in json.loads(executors)],
        [GroundLine(**each) for each in json.loads(grounds)],
    )
