"""Who follows what in the demo town: a citizen two streets, a guest the topics that most is written about (§2)."""

from datetime import datetime

from domain import following
from domain.following import Frequency, Wish
from domain.model import Person, Subscription, Topic

STREETS = ("ул. Мира", "ул. Садовая")
TOPICS = (
    "road-pothole",
    "yard-pothole",
    "lamp-dark",
    "yard-dirty",
    "bins-full",
    "stairwell-dark",
    "water-none",
    "hot-water",
)
GUEST, NEWCOMER = "sosed@mail.example", "gost@mail.example"


async def fill(people: dict[str, Person], topics: dict[str, Topic], *, at: datetime) -> None:
    for street in STREETS:
        await following.follow(Wish(street=street), by=people["anna"], at=at)
    for topic in TOPICS:
        wish = Wish(topic=topics[topic].id, frequency=Frequency.DAILY)
        await following.ask(wish, email=GUEST, language="ru", at=at)
    for row in await Subscription.objects().where(Subscription.confirmed_at.is_null()):
        await following.confirm(row.subscriber, row.id, at=at)


async def ask(*, at: datetime) -> None:
    """Somebody who has just asked, and not pressed the button of the letter yet."""
    await following.ask(Wish(street=STREETS[0], frequency=Frequency.WEEKLY), email=NEWCOMER, language="ru", at=at)
