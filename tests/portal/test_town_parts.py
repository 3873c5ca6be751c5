"""What the demo town is made of: its directories, its texts, its drawings, and the messages that are to come."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageOps
from tests.people import MONDAY, Town

from domain.model import Category, Person
from domain.moves import Role, Status
from domain.workdays import TOWN, Calendar
from portal.town import drawings, read, texts
from portal.town.casting import Casting
from portal.town.directories import topic
from portal.town.hours import Hours

ICONS = Path(__file__).parents[2] / "static" / "vendor" / "lucide" / "sprite.svg"
TAKEN_AT = 0x9003


async def test_every_topic_has_a_category_an_executor_and_a_track(town: Town) -> None:
    icons = ICONS.read_text(encoding="utf-8")

    categories = {each.id: each for each in await Category.objects()}
    executors = await Person.select(Person.id).where(Person.role == Role.EXECUTOR).output(as_list=True)

    assert len(categories) == 15
    assert all(f'id="i-{each.icon}"' in icons for each in categories.values())
    for each in town.topics.values():
        assert each.category in categories, each.code
        assert each.executor in executors, each.code
        assert each.track in (1, 2), each.code
        assert (each.season_from is None) == (each.season_to is None), each.code


async def test_every_story_has_its_topic_its_drawing_and_dates_only_where_they_belong(town: Town) -> None:
    for story in texts.stories():
        assert story["topic"] in town.topics
        assert story.get("scene") is None or story["scene"] in drawings.SCENES
        assert all("{date}" in text for text in story["planned"]), story["topic"]
        assert all("{date}" not in text for text in story["solved"] + story["impossible"]), story["topic"]


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 23, 15, 18, tzinfo=TOWN),
        datetime(2026, 7, 5, 3, 0, tzinfo=TOWN),
        datetime(2027, 1, 4, 12, 0, tzinfo=TOWN),
        datetime(2026, 2, 24, 8, 31, tzinfo=TOWN),
    ],
    ids=["a busy Monday", "a summer Sunday at night", "the holidays of January", "the first minute of a Tuesday"],
)
def test_the_queues_are_full_whatever_day_it_is(at: datetime) -> None:
    hours = Hours(Calendar(), at, Random(1))
    people = {each["key"]: Person(id=number) for number, each in enumerate(read("people")["officials"], 1)}
    topics = {
        each["code"]: topic(each, Category(id=1), 1, people) for branch in read("topics") for each in branch["topics"]
    }

    plans = Casting(hours, topics, ["anna", "boris"]).everything()

    assert len(plans) == 300
    assert all(plan.sent_at < at for plan in plans)
    assert all(moment < at for plan in plans for moment in plan.when.values())
    # Questions to authors are switched off in the demo town, as they are until the operator allows them.
    assert {plan.until for plan in plans} == {None, *Status} - {Status.CLOSED, Status.QUESTIONED, Status.JOINED}


def test_office_hours_end_and_begin_again() -> None:
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=TOWN)

    moment = Hours(Calendar(), MONDAY, Random(1)).later(friday, 2)

    assert moment.date().isoformat() == "2026-11-23"
    assert moment.hour in (9, 10)


@pytest.mark.parametrize("scene", drawings.SCENES)
def test_a_scene_is_the_same_place_before_and_after(scene: str) -> None:
    before, again = (drawings.draw(scene, 3, taken_at=MONDAY) for _ in range(2))
    after = drawings.draw(scene, 3, taken_at=MONDAY, mended=True)

    assert before == again != after
    for photo in (Image.open(BytesIO(before)), Image.open(BytesIO(after))):
        assert photo.getexif().get_ifd(0x8769)[TAKEN_AT] == "2026:03:02 10:00:00"
        assert ImageOps.exif_transpose(photo).size == (1280, 960)


def test_some_photos_were_taken_sideways() -> None:
    photos = [Image.open(BytesIO(drawings.draw("dump", seed, taken_at=MONDAY))) for seed in range(8)]

    assert {photo.size for photo in photos} == {(1280, 960), (960, 1280)}
