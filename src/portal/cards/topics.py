"""The tree of topics as the forms and the cards show it (§5.2): what belongs where, how long an answer takes."""

from collections import defaultdict
from dataclasses import dataclass, field

from domain.model import Category, Message, Topic
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


# A registered message keeps the name that its topic had then.
OF_MESSAGE = """
SELECT stood('topics', tp.id, 'name', {}, tp.name) AS topic, c.code, c.name, c.icon
FROM topic tp JOIN category c ON c.id = tp.category WHERE tp.id = {}
"""


async def category_of(message: Message) -> tuple[str, CategoryName]:
    """The name of a message's topic, and the category that it belongs to."""
    (row,) = await Topic.raw(OF_MESSAGE, message.registered_at, message.topic)
    return row.pop("topic"), CategoryName(**row)
