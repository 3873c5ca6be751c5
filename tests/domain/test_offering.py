"""What a topic asks of a message: its season, and a photo where one is needed (§2)."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import fresh, submitted

from domain import attaching, moderating, submitting
from domain.errors import Unfit
from domain.model import Attachment, Message, Person, Topic
from domain.offering import in_season
from domain.submitting import Matter
from domain.workdays import TOWN

pytestmark = pytest.mark.usefixtures("database")
SPRING = datetime(2026, 4, 20, 10, 0, tzinfo=TOWN)


async def asks(topic: Topic, **needs: Any) -> None:
    await Topic.update(dict[Any, Any](needs)).where(Topic.id == topic.id)


async def file(key: UUID, by: Person, kind: str = "jpeg") -> UUID:
    known = {"content_hash": uuid4().hex, "kind": kind, "size": 10, "by": by.id, "at": MONDAY}
    return (await attaching.receive(id=uuid4(), key=key, name="a", **known)).id  # type: ignore[arg-type]


def matter(topic: Topic, *files: UUID, dropped: tuple[UUID, ...] = ()) -> Matter:
    return Matter(
        text="A hole.", topic=topic.id, address="Mira 41", consent=True, files=list(files), dropped=list(dropped)
    )


async def wrong(town: Town, said: Matter, *, key: UUID | None = None, at: datetime = MONDAY) -> dict[str, object]:
    with pytest.raises(Unfit) as trouble:
        await submitting.submit(said, key=key or uuid4(), by=town.anna, at=at)
    assert await Message.count() == 0
    return dict(trouble.value.errors)


async def refused(town: Town, message: Message) -> Message:
    said = {"grounds": [town.grounds["G13"].id], "reason": "No.", "proposal": "Yes."}
    await moderating.refuse(message, by=town.marina, at=MONDAY, **said)  # type: ignore[arg-type]
    return await fresh(message)


@pytest.mark.rule("R03")
async def test_a_topic_that_needs_a_photo_takes_no_message_without_one(town: Town) -> None:
    await asks(town.pothole, photo_required=True)
    key = uuid4()

    assert list(await wrong(town, matter(town.pothole))) == ["files"]
    assert list(await wrong(town, matter(town.pothole, await file(key, town.anna, "pdf")), key=key)) == ["files"]

    message = await submitting.submit(
        matter(town.pothole, await file(key, town.anna)), key=key, by=town.anna, at=MONDAY
    )
    assert await Attachment.count().where(Attachment.message == message.id) == 1


@pytest.mark.rule("R03")
async def test_the_photo_of_another_form_is_none_of_this_message(town: Town) -> None:
    await asks(town.pothole, photo_required=True)
    theirs = await file(uuid4(), town.boris)

    assert list(await wrong(town, matter(town.pothole, theirs))) == ["files"]


@pytest.mark.rule("R03", "R08")
async def test_a_correction_keeps_its_photo_and_may_not_drop_the_last_one(town: Town) -> None:
    await asks(town.pothole, photo_required=True)
    key = uuid4()
    photo = await file(key, town.anna)
    message = await submitting.submit(matter(town.pothole, photo), key=key, by=town.anna, at=MONDAY)
    message = await refused(town, message)

    with pytest.raises(Unfit) as trouble:
        await submitting.correct(message, matter(town.pothole, dropped=(photo,)), by=town.anna, at=MONDAY)
    await submitting.correct(message, matter(town.pothole), by=town.anna, at=MONDAY)

    assert list(trouble.value.errors) == ["files"]
    assert await Attachment.count().where(Attachment.message == message.id) == 1


@pytest.mark.rule("R03")
async def test_a_topic_out_of_season_is_refused_with_its_days(town: Town) -> None:
    ice = town.topics["road-ice"]

    errors = await wrong(town, matter(ice), at=SPRING)
    message = await submitting.submit(matter(ice), key=uuid4(), by=town.anna, at=MONDAY)

    assert errors["topic"].values == {"first": "01.11", "last": "31.03"}  # type: ignore[attr-defined]
    assert message.topic == ice.id


@pytest.mark.rule("R03", "R08")
async def test_whoever_corrects_keeps_the_topic_whose_season_is_over(town: Town) -> None:
    ice, grass = town.topics["road-ice"], town.topics["grass"]
    message = await submitting.submit(matter(ice), key=uuid4(), by=town.anna, at=MONDAY)
    message = await refused(town, message)
    april = SPRING - timedelta(days=10)

    with pytest.raises(Unfit):
        await submitting.correct(message, matter(grass), by=town.anna, at=april)
    await submitting.correct(message, matter(ice), by=town.anna, at=april)

    assert (await fresh(message)).topic == ice.id


@pytest.mark.parametrize(
    ("first", "last", "day", "runs"),
    [
        ("04-15", "10-31", date(2026, 4, 14), False),
        ("04-15", "10-31", date(2026, 4, 15), True),
        ("04-15", "10-31", date(2026, 10, 31), True),
        ("11-01", "03-31", date(2026, 1, 1), True),
        ("11-01", "03-31", date(2026, 11, 1), True),
        ("11-01", "03-31", date(2026, 4, 1), False),
        ("02-29", "02-29", date(2026, 2, 28), False),
        (None, None, date(2026, 7, 1), True),
    ],
)
def test_a_season_has_both_its_ends_and_may_wrap_the_year(
    first: str | None, last: str | None, day: date, runs: bool
) -> None:
    assert in_season(first, last, day) is runs


@pytest.mark.rule("R28")
async def test_a_closed_topic_is_never_published(town: Town) -> None:
    message = await submitted(town)
    closed = town.topics["house-charges"]

    with pytest.raises(Unfit) as trouble:
        await moderating.register(
            message, by=town.marina, at=MONDAY, topic=closed.id, public_text="A text for everybody."
        )

    assert list(trouble.value.errors) == ["publish"]
    assert (await fresh(message)).published_at is None
