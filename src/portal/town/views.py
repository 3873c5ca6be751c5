"""What officials of the demo town look for every morning, kept as views of their search."""

from urllib.parse import urlencode

from domain import viewing
from domain.model import Person, Topic

VIEWS = {
    "marina": {
        "Просрочено": {"term": "late"},
        "Вернули исполнители": {"status": "handed_back"},
        "Ямы на дорогах": {"q": "яма", "topic": "road-pothole"},
    },
    "pavel": {"Сдать сегодня": {"term": "today"}, "Дорабатываю": {"status": "rework"}},
    "elena": {"Просрочено по дорогам": {"term": "late", "topic": "road-pothole"}, "Идёт срок": {"term": "running"}},
}


async def fill(people: dict[str, Person], topics: dict[str, Topic]) -> None:
    for key, views in VIEWS.items():
        for name, asked in views.items():
            topic = {"topic": topics[asked["topic"]].id} if "topic" in asked else {}
            await viewing.save(name, urlencode({**asked, **topic}), by=people[key])
