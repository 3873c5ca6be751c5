"""What the forms of the moderator choose from: topics, territories, executors by department, grounds of refusal."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import groupby

from domain.chosen import recognised
from domain.model import Topic

# One statement for all of them; the executors are found through their departments, never among the citizens.
QUERY = """
SELECT (SELECT json_agg(t ORDER BY t.position, t.id)::text FROM (
           SELECT tp.id, tp.name, tp.track, tp.closed, tp.executor, c.name AS category, c.position * 10000 + tp.position
           AS position FROM topic tp JOIN category c ON c.id = tp.category WHERE tp.active) t) AS topics,
       (SELECT json_agg(x ORDER BY x.organisation, x.name)::text FROM (
           SELECT p.id, p.name, o.short_name AS organisation, d.name AS deputy, a.last_day AS away_until
           FROM organisation o JOIN person p ON p.organisation = o.id
           LEFT JOIN absence a ON a.person = p.id AND a.active AND {} BETWEEN a.first_day AND a.last_day
           LEFT JOIN person d ON d.id = a.deputy
           WHERE p.role = 'executor' AND p.active) x) AS executors,
       (SELECT json_agg(g ORDER BY g.id)::text FROM (
           SELECT id, name, hint FROM ground WHERE active) g) AS grounds,
       (SELECT json_agg(r ORDER BY r.name)::text FROM (
           SELECT id, name, places FROM territory WHERE active) r) AS territories,
       (SELECT json_agg(json_build_array(topic, territory, executor))::text
        FROM responsibility WHERE active) AS differing
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
    deputy: str | None
    away_until: str | None

    @property
    def back(self) -> date | None:
        """The last day of the absence that runs today."""
        return date.fromisoformat(self.away_until) if self.away_until else None


@dataclass(frozen=True)
class TerritoryLine:
    id: int
    name: str
    places: list[str]


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
    territories: list[TerritoryLine]
    differing: dict[tuple[int, int], int]

    def topic(self, id: int) -> TopicLine | None:
        return next((topic for topic in self.topics if topic.id == id), None)

    def executor(self, id: int | None) -> Executor | None:
        return next((each for each in self.executors if each.id == id), None)

    def responsible(self, topic: TopicLine, territory: int | None) -> Executor | None:
        """Who answers on the topic there, as the domain chooses when the moderator names nobody."""
        return self.executor(self.differing.get((topic.id, territory or 0), topic.executor))

    def territory_of(self, address: str) -> int | None:
        return recognised(address, [(each.id, each.places) for each in self.territories])

    @property
    def territory_names(self) -> Pairs:
        return [(each.id, each.name) for each in self.territories]

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


async def directory(today: date) -> Directory:
    (row,) = await Topic.raw(QUERY, today)
    return written(*(row[name] or "[]" for name in ("topics", "executors", "grounds", "territories", "differing")))


@lru_cache(4)
def written(topics: str, executors: str, grounds: str, territories: str, differing: str) -> Directory:
    """What these texts say; kept, because they are read with every message and seldom change."""
    return Directory(
        [TopicLine(**each) for each in json.loads(topics)],
        [Executor(**each) for each in json.loads(executors)],
        [GroundLine(**each) for each in json.loads(grounds)],
        [TerritoryLine(**each) for each in json.loads(territories)],
        {(topic, territory): executor for topic, territory, executor in json.loads(differing)},
    )
