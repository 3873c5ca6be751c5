"""The tree of topics as the forms and the cards show it (§5.2): what belongs where, how long an answer takes."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from domain.model import Category, Message, Topic
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
    covered: list[str]
    not_covered: list[str]


@dataclass(frozen=True)
class Branch:
    id: int
    name: str
    icon: str
    topics: list[TopicChoice] = field(default_factory=list)


async def tree(day: date, *, own: int | None = None) -> list[Branch]:
    """Every category with its topics that are in use and in season, in the operator's order.

    `own` is the topic that a message has already: it stays to be chosen when its season is over.
    """
    leaves: dict[int, list[TopicChoice]] = defaultdict(list)
    for topic in await Topic.objects().where(Topic.active.eq(True)).order_by(Topic.position).order_by(Topic.id):
        if topic.id == own or in_season(topic.season_from, topic.season_to, day):
            leaves[topic.category].append(choice(topic))
    categories = await Category.objects().order_by(Category.position).order_by(Category.id)
    return [Branch(each.id, each.name, each.icon, leaves[each.id]) for each in categories if leaves[each.id]]


ALIKE = ("id", "name", "photo_required", "emergency", "emergency_hint", "closed", "covered", "not_covered")


def choice(topic: Topic) -> TopicChoice:
    return TopicChoice(days=TRACK_WORKDAYS[topic.track], **{name: getattr(topic, name) for name in ALIKE})


# A registered message keeps the name that its topic had then.
OF_MESSAGE = """
SELECT stood('topics', tp.id, 'name', {}, tp.name) AS topic, c.code, c.name, c.icon
FROM topic tp JOIN category c ON c.id = tp.category WHERE tp.id = {}
"""


async def category_of(message: Message) -> tuple[str, CategoryName]:
    """The name of a message's topic, and the category that it belongs to."""
    (row,) = await Topic.raw(OF_MESSAGE, message.registered_at, message.topic)
    return row.pop("topic"), CategoryName(**row)
