"""The tree of topics as the forms and the cards show it (§5.2): what belongs where, how long an answer takes."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from domain.model import Message, Topic
from domain.offering import in_season
from domain.terms import TRACK_WORKDAYS


@dataclass(frozen=True)
class CategoryName:
    code: str
    name: str
    icon: str


@dataclass(frozen=True)
class TopicChoice:
    """`covered` and `not_covered` are examples; `emergency_hint` replaces the ordinary words about danger."""

    id: int
    name: str
    days: int
    photo_required: bool
    emergency: bool
    emergency_hint: str
    closed: bool
    covered: tuple[str, ...]
    not_covered: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    id: int
    name: str
    icon: str
    topics: tuple[TopicChoice, ...]


# One statement, and what it says is kept: every form with the topics asks it, and they change a few times a year.
TREE = """
SELECT (SELECT json_agg(c ORDER BY position, id) FROM (
            SELECT id, name, icon, position FROM category) c)::text AS categories,
       (SELECT json_agg(t ORDER BY position, id) FROM (
            SELECT id, category, name, track, photo_required, emergency, emergency_hint, closed, covered, not_covered,
                   season_from, season_to, position
            FROM topic WHERE active) t)::text AS topics
"""


async def tree(day: date, *, own: int | None = None) -> tuple[Branch, ...]:
    """Every category with its topics that are in use and in season, in the operator's order.

    `own` is the topic that a message has already: it stays to be chosen when its season is over.
    """
    (row,) = await Topic.raw(TREE)
    return grown(row["categories"] or "[]", row["topics"] or "[]", day, own)


@lru_cache(16)
def grown(categories: str, topics: str, day: date, own: int | None) -> tuple[Branch, ...]:
    leaves: dict[int, list[TopicChoice]] = defaultdict(list)
    for topic in json.loads(topics):
        if topic["id"] == own or in_season(topic["season_from"], topic["season_to"], day):
            leaves[topic["category"]].append(choice(topic))
    branches = json.loads(categories)
    return tuple(
        Branch(each["id"], each["name"], each["icon"], tuple(leaves[each["id"]]))
        for each in branches
        if leaves[each["id"]]
    )


ALIKE = ("id", "name", "photo_required", "emergency", "emergency_hint", "closed")
EXAMPLES = ("covered", "not_covered")


def choice(topic: dict[str, Any]) -> TopicChoice:
    told = {name: topic[name] for name in ALIKE} | {name: tuple(topic[name]) for name in EXAMPLES}
    return TopicChoice(days=TRACK_WORKDAYS[topic["track"]], **told)


# A registered message keeps the name that its topic had then.
OF_MESSAGE = """
SELECT stood('topics', tp.id, 'name', {}, tp.name) AS topic, c.code, c.name, c.icon
FROM topic tp JOIN category c ON c.id = tp.category WHERE tp.id = {}
"""


async def category_of(message: Message) -> tuple[str, CategoryName]:
    """The name of a message's topic, and the category that it belongs to."""
    (row,) = await Topic.raw(OF_MESSAGE, message.registered_at, message.topic)
    return row.pop("topic"), CategoryName(**row)
