"""Standard answers of the demo town, and the messages that are answered with them at once (R09)."""

from datetime import datetime, timedelta

from domain import standard_answers, typical
from domain.model import Person, StandardAnswer, Topic
from domain.workdays import TOWN
from portal.town import read
from portal.town.story import Story

TOPICS = (
    "lamp-dark",
    "bins-full",
    "street-dark",
    "bus-route",
    "road-pothole",
    "lamp-new",
)  # they have one all the year


async def fill(people: dict[str, Person], topics: dict[str, Topic], *, at: datetime) -> None:
    """The directory as its moderator has written it, each answer in its first version."""
    for each in read("standard_answers"):
        kept = StandardAnswer(**{**each, "topic": topics[each["topic"]].id})
        await StandardAnswer.insert(kept)
        day = at.astimezone(TOWN).date()
        await standard_answers.note_version(kept.id, by=people["marina"], at=at, in_force_from=day)


async def answer_at_once(story: Story) -> None:
    standard = story.chance.choice(await standard_answers.matching(story.topic.id))
    today = story.now.astimezone(TOWN).date()
    planned = standard.outcome == "planned"
    story.promised_on = today + timedelta(days=story.chance.randint(12, 40)) if planned else None
    reply = await typical.prepare(story.message, standard.id, at=story.now, planned_on=story.promised_on)
    public = story.said.public if story.message.consent and not story.topic.closed else None
    photos = story.files if public else ()
    await typical.answer_at_once(
        story.message, reply, by=story.moderator, at=story.now, public_text=public, photos=photos
    )
