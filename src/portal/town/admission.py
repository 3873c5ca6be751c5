"""The first half of a story (§3, §4.1): a message is sent, refused or let in, accepted or handed back."""

from datetime import timedelta
from typing import Any

from domain import executing, moderating, submitting
from domain.chosen import recognised
from domain.moves import Status
from domain.shares import last_day
from domain.submitting import Matter
from portal.town import texts, typical
from portal.town.story import Moments, Story


async def admission(story: Story) -> Moments:
    yield story.now
    refusal = story.plan.refusal
    if refusal is None:
        await submit(story, story.chance.choice(story.data["texts"]), photo=story.chance.random() < 0.75)
    else:
        await submit(story, refusal["text"], photo=False)
        async for moment in refused(story, refusal):
            yield moment
    if story.message.status == Status.SUBMITTED and not story.stopped(Status.SUBMITTED):
        yield story.soon("register", 0.4, 5, late=0.03, far=26)
        if story.plan.typical:
            await typical.answer_at_once(story)
            return
        public = story.said.public if story.message.consent and not story.topic.closed else None
        shown: dict[str, Any] = {"public_text": public, "photos": story.files if public else ()}
        territory = recognised(story.message.address, story.cast.territories)
        await moderating.register(story.message, by=story.moderator, at=story.now, territory=territory, **shown)


async def submit(story: Story, text: str, *, photo: bool) -> None:
    key = story.key()
    where = texts.place(story.chance, story.plan.topic)
    story.said = texts.said(story.chance, text)
    matter = Matter(
        text=story.said.text,
        topic=story.topic.id,
        address=where.address,
        latitude=where.latitude,
        longitude=where.longitude,
        consent=story.chance.random() < 0.88,
        files=await story.photos(key) if photo or story.topic.photo_required else (),
    )
    story.message = await submitting.submit(matter, key=key, by=story.author, at=story.now)


async def refused(story: Story, refusal: dict[str, Any]) -> Moments:
    """Refused with its grounds; corrected and sent again where it can be."""
    yield story.soon("refuse", 0.4, 5)
    grounds = [story.cast.grounds[code].id for code in refusal["grounds"]]
    reason, proposal = refusal["reason"], refusal["proposal"]
    await moderating.refuse(
        story.message, by=story.moderator, at=story.now, grounds=grounds, reason=reason, proposal=proposal
    )
    if "corrected" in refusal and not story.stopped(Status.REFUSED):
        yield story.next("correct", story.now + timedelta(hours=story.chance.uniform(2, 60)))
        await correct(story, refusal["corrected"])


async def correct(story: Story, text: str) -> None:
    story.said = texts.Said(text, text)
    matter = Matter(
        text=text,
        topic=story.topic.id,
        address=story.message.address,
        latitude=story.message.latitude,
        longitude=story.message.longitude,
        consent=True,
        files=await story.photos(story.message.key),
    )
    await submitting.correct(story.message, matter, by=story.author, at=story.now)


async def acceptance(story: Story) -> Moments:
    if story.plan.handed_back:
        async for moment in handed_back(story):
            yield moment
        if story.message.status != Status.REGISTERED:
            return
    yield story.soon("accept", 0.5, 7, late=0.04, far=20)
    scope = story.chance.choice(texts.words()["scopes"])
    finish_on = min(story.cast.hours.workdays_later(story.now, 5).date(), await last_day(story.message, story.now))
    await executing.accept(story.message, by=story.executor, at=story.now, scope=scope, finish_on=finish_on)


async def handed_back(story: Story) -> Moments:
    """Not ours: back to the moderator, and on to the one who is competent."""
    others = [
        each for each in texts.words()["hand_backs"] if story.cast.people[each["to"]].id != story.message.executor
    ]
    reason = story.chance.choice(others)
    yield story.soon("hand_back", 0.5, 6)
    justification, competent = reason["justification"], reason["competent"]
    await executing.hand_back(
        story.message, by=story.executor, at=story.now, justification=justification, competent=competent
    )
    if not story.stopped(Status.HANDED_BACK):
        yield story.soon("reroute", 0.5, 5)
        to = story.cast.people[reason["to"]].id
        await moderating.reroute(story.message, by=story.moderator, at=story.now, executor=to)
