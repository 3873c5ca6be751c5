"""The second half of a story (§4.2–4.4): answers, ratings, reworks and promises."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from domain import answering, moderating, pointed, rating, remarks, rounds
from domain.answering import Written
from domain.informing import NOBODY, Informed
from domain.model import Answer
from domain.moderating import ANSWER_RULES, Review
from domain.moves import Status
from domain.workdays import TOWN, in_town
from portal.town import texts
from portal.town.helpers import reason
from portal.town.story import Moments, Story

RESTS = (Status.REWORK, Status.PROMISED, Status.FOLLOW_UP)  # where a planned story may stop between two answers

OPINIONS = {"planned": (8, 78, 14), "first": (80, 6, 14), "later": (88, 6, 6)}  # solved, accepted, unsolved


async def replies(story: Story) -> Moments:
    """Rounds of answer and rating until the case is closed, leaves for the commission, or rests."""
    natural = story.cast.hours.workdays_later(story.now, work_days(story))
    while story.message.status in (Status.IN_WORK, Status.REWORK, Status.FOLLOW_UP):
        async for moment in answer(story, natural):
            yield moment
        if story.message.status != Status.ANSWERED or story.stopped(Status.ANSWERED):
            return
        async for moment in feedback(story):
            yield moment
        if story.stopped(*RESTS):
            return
        natural = story.cast.hours.workdays_later(story.now, story.chance.choice((1, 1, 2, 2, 3, 4)))


def work_days(story: Story) -> int:
    """Usually within the term of the topic, sometimes later."""
    limit = 8 if story.topic.track == 1 else 14
    in_time = story.chance.random() > 0.07
    return story.chance.randint(1, limit - 1) if in_time else limit + story.chance.randint(1, 3)


async def answer(story: Story, natural: datetime) -> Moments:
    round = story.message.round
    yield story.next(f"answer{round}", natural)
    if story.plan.sent_back and round == 1:
        async for moment in sent_back(story):
            yield moment
        if story.stopped(Status.SENT_BACK):
            return
        yield story.soon("answer_again", 1, 9)
    await write(story, await substance(story))
    if story.stopped(Status.IN_REVIEW):
        return
    if round > 3 and story.plan.appealed_by_moderator:
        yield story.soon("appeal", 2, 4)
        reason = texts.words()["commission"]
        await moderating.bring_to_commission(story.message, by=story.moderator, at=story.now, reason=reason)
        return
    yield story.soon(f"review{round}", 0.5, 8)
    published = story.message.published_at is not None
    photos = story.files if published else ()
    review = Review((await current(story)).version, ANSWER_RULES)
    await moderating.approve(story.message, review, by=story.reviewer, at=story.now, publish=published, photos=photos)


async def sent_back(story: Story) -> Moments:
    """A first answer that breaks a rule, and the reviewer who names it."""
    flaw = story.chance.choice(texts.words()["send_backs"])
    await write(story, Written(outcome="solved", text=f"Здравствуйте! {flaw['text']}"))
    yield story.soon("send_back", 0.5, 6)
    await moderating.send_back(
        story.message, by=story.reviewer, at=story.now, rules=flaw["rules"], remark=flaw["remark"]
    )


async def write(story: Story, written: Written) -> None:
    await answering.draft(story.message, written, by=story.executor, at=story.now - timedelta(seconds=30))
    without = await reason(story)
    insists = [each.words for each in pointed.of(await current(story), today=in_town(story.now).date())]
    sent: dict[str, Any] = {"without_parts": without, "insists": insists}
    await answering.send_for_review(story.message, by=story.executor, at=story.now, **sent)


async def current(story: Story) -> Answer:
    answer = await rounds.current(story.message)
    if answer is None:
        raise LookupError(f"message {story.message.id} has no answer of round {story.message.round}")
    return answer


async def substance(story: Story) -> Written:
    """What this round's answer says, with a photo of the mended place where there is one."""
    result = outcome(story)
    today = story.now.astimezone(TOWN).date()
    story.promised_on = promise(story, today) if result == "planned" else None
    text = texts.answer(story.chance, phrases(story, result), done=today, planned_on=story.promised_on)
    key, replies = story.key(), await gone_through(story)
    story.files = await story.mended(key) if result == "solved" else []
    files = [*story.files, *(await story.act(key) if result == "solved" else [])]
    written = Written(outcome=result, text=text, planned_on=story.promised_on, key=key, files=files, replies=replies)
    return replace(written, informed=informed(story, result, today))


def informed(story: Story, outcome: str, today: date) -> Informed:
    """Where the matter is another organisation's, it was told on the day that the answer names (R19)."""
    organisation = story.data.get("informed") if outcome == "impossible" else None
    return Informed(organisation, today, f"{100 + story.message.id % 800}-и") if organisation else NOBODY


async def gone_through(story: Story) -> dict[int, remarks.Reply]:
    """What the new answer says to each remark: mostly that it is done."""
    said = texts.words()["replies"]
    open_ones = await remarks.to_be_answered(story.message)
    chosen = [story.chance.choices(remarks.OUTCOMES, (80, 20))[0] for _ in open_ones]
    replies = [remarks.Reply(outcome, story.chance.choice(said[outcome])) for outcome in chosen]
    return {remark.id: reply for remark, reply in zip(open_ones, replies, strict=True)}


def outcome(story: Story) -> str:
    if story.message.status == Status.FOLLOW_UP:
        return story.chance.choices(("solved", "planned"), (70, 30))[0]
    if story.message.round > 1:
        return "solved"
    return story.plan.outcome or story.chance.choices(("solved", "planned", "impossible"), (70, 16, 14))[0]


def phrases(story: Story, outcome: str) -> list[str]:
    if story.message.round == 1:
        return story.data[outcome]
    if story.message.status == Status.FOLLOW_UP:
        return texts.words()["followed" if outcome == "solved" else "shifted"]
    return texts.words()["reworked"]


def promise(story: Story, today: date) -> date:
    """The date of the plan, once; whatever is promised again is promised for some weeks later."""
    later = today + timedelta(days=story.chance.randint(12, 40))
    return story.plan.planned_on if story.plan.planned_on and story.message.round == 1 else later


async def feedback(story: Story) -> Moments:
    """The citizen rates or is silent; a promise waits for its date, which the sweep of terms brings."""
    if story.choices or (story.plan.choices is None and story.chance.random() < 0.75):
        choice = story.choices.pop(0) if story.choices else opinion(story)
        natural = story.now + timedelta(hours=story.chance.uniform(2, 150))
        yield story.next(f"rate{story.message.round}", natural)
        await rate(story, choice)
    if story.promised_on and story.message.status in (Status.ANSWERED, Status.PROMISED):
        yield story.next("promise", datetime.combine(story.promised_on, time(1), TOWN))
        await story.message.refresh()


def opinion(story: Story) -> str:
    """How people rate: rework seldom fails twice."""
    kind = "planned" if story.promised_on else "first" if story.message.round == 1 else "later"
    return story.chance.choices(("solved", "accepted", "unsolved"), OPINIONS[kind])[0]


async def rate(story: Story, choice: str) -> None:
    if choice == "unsolved":
        story.promised_on = None
    said = story.chance.choice(texts.words()["remarks" if choice == "unsolved" else "thanks"])
    await rating.rate(story.message, by=story.author, at=story.now, choice=choice, remarks=said)
