"""The directories as the demo town begins with them: topics (§5.2), grounds (§2, §3), the commission (§4.4)."""

from datetime import date, datetime, timedelta
from typing import Any

from domain.model import Absence, BlockGround, Category, Ground, Member, Person, Responsibility, Territory, Topic
from domain.workdays import in_town
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
    await fill_commission(people)
    return {each.code: each for each in topics}


async def fill_districts(
    people: dict[str, Person], topics: dict[str, Topic], *, at: datetime
) -> list[tuple[int, list[str]]]:
    """The districts with their places, who answers there on what, and who is on leave just now."""
    data = read("districts")
    rows = [Territory(code=code, name=name, places=places) for code, (name, places) in data["territories"].items()]
    await Territory.insert(*rows)
    by_code = {each.code: each.id for each in rows}
    differing = [
        Responsibility(topic=topics[topic].id, territory=by_code[code], executor=people[executor].id)
        for topic, code, executor in data["responsible"]
    ]
    await Responsibility.insert(*differing)
    today = in_town(at).date()
    first, last = today - timedelta(days=3), today + timedelta(days=10)
    away, deputy = (people[key].id for key in data["away"])
    await Absence.insert(Absence(person=away, deputy=deputy, first_day=first, last_day=last))
    return [(each.id, each.places) for each in rows]


async def fill_commission(people: dict[str, Person]) -> None:
    """Who sits in the commission, and the reasons for which sending may be blocked."""
    data = read("commission")
    since = date.fromisoformat(data["since"])
    members = [people[key] for key in data["members"]]
    await Member.insert(*(Member(person=each.id, side=each.role, since=since) for each in members))
    grounds = [
        BlockGround(code=code, name=name, position=position)
        for position, (code, name) in enumerate(data["block_grounds"], 1)
    ]
    await BlockGround.insert(*grounds)


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
        emergency_hint=each.get("hint", ""),
        covered=each.get("covered", []),
        not_covered=each.get("not_covered", []),
        season_from=season_from,
        season_to=season_to,
        executor=people[each["executor"]].id,
        position=position,
    )
