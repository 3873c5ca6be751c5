"""The operator's directories as the demo town begins with them: topics (§5.2) and grounds of refusal (§3)."""

from typing import Any

from domain.model import Category, Ground, Person, Topic
from portal.town import read


async def fill(people: dict[str, Person]) -> dict[str, Topic]:
    """Write categories, topics and grounds; topics by their codes."""
    tree = read("topics")
    categories = [
        Category(code=each["code"], name=each["name"], icon=each["icon"], position=position)
        for position, each in enumerate(tree, 1)
    ]
    await Category.insert(*categories)
    topics = [
        topic(each, category, position, people)
        for category, branch in zip(categories, tree, strict=True)
        for position, each in enumerate(branch["topics"], 1)
    ]
    await Topic.insert(*topics)
    await Ground.insert(*(Ground(**each) for each in read("grounds")))
    return {each.code: each for each in topics}


def topic(each: dict[str, Any], category: Category, position: int, people: dict[str, Person]) -> Topic:
    season_from, season_to = each.get("season", (None, None))
    return Topic(
        category=category.id,
        code=each["code"],
        name=each["name"],
        track=each["track"],
        photo_required=each.get("photo", False),
        closed=each.get("closed", False),
        emergency=each.get("emergency", False),
        season_from=season_from,
        season_to=season_to,
        executor=people[each["executor"]].id,
        position=position,
    )
