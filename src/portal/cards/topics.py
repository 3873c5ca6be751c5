"""The tree of topics as the forms and the cards show it (§5.2): what belongs where, how long an answer takes."""

from collections import defaultdict
from dataclasses import dataclass, field

from domain.model import Category, Topic
from domain.terms import TRACK_WORKDAYS


@dataclass(frozen=True)
class CategoryName:
    code: str
    name: str
    icon: str


@dataclass(frozen=True)
class TopicChoice:
    id: int
    name: str
    days: int
    photo_required: bool
    emergency: bool
    closed: bool


@dataclass(frozen=True)
class Branch:
    id: int
    name: str
    icon: str
    topics: list[TopicChoice] = field(default_factory=list)


async def tree() -> list[Branch]:
    """Every category with its active topics, in the operator's order."""
    leaves: dict[int, list[TopicChoice]] = defaultdict(list)
    for topic in await Topic.objects().where(Topic.active.eq(True)).order_by(Topic.position).order_by(Topic.id):
        leaves[topic.category].append(
            TopicChoice(
                topic.id,
                topic.name,
                TRACK_WORKDAYS[topic.track],
                topic.photo_required,
                topic.emergency,
                topic.closed,
            )
        )
    categories = await Category.objects().order_by(Category.position).order_by(Category.id)
    return [Branch(each.id, each.name, each.icon, leaves[each.id]) for each in categories if leaves[each.id]]


async def category_of(topic: int) -> tuple[str, CategoryName]:
    """The name of a topic, and the category that it belongs to."""
    of = Topic.category
    (row,) = await Topic.select(Topic.name, of.code, of.name, of.icon).where(Topic.id == topic)
    return row["name"], CategoryName(row["category.code"], row["category.name"], row["category.icon"])
