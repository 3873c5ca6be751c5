"""Co-executors of the demo town (R11): some cases need a second department, and its part comes before the answer."""

from datetime import timedelta

from domain import parts
from domain.model import Part
from domain.moves import Status
from domain.parts import Report
from domain.shares import Wish, last_day, still_open
from domain.workdays import TOWN
from portal.town import texts
from portal.town.story import Moments, Story

SELDOM = 0.16  # how many cases of the past had a co-executor
SHOWN = "pavel"  # whoever looks at the demo town as an executor finds parts of their own
RESTS = (Status.IN_WORK, Status.IN_REVIEW)  # here the first part is still open


async def shared(story: Story) -> Moments:
    """The parts are named with the acceptance, and done one after another."""
    asked = [(await name(story, each, place), each["report"]) for place, each in enumerate(wishes(story))]
    for part, report in asked[1:] if story.plan.until in RESTS else asked:
        yield story.soon("part", 3, 9)
        await bring(story, part, report)


def wishes(story: Story) -> list[dict[str, str]]:
    """What other departments are asked for; in a finished case by chance, in an open one as planned."""
    count = story.plan.helpers or (story.plan.until is None and story.chance.random() < SELDOM)
    others = [each for each in texts.words()["parts"] if story.cast.people[each["to"]].id != story.message.executor]
    first = [each for each in others if each["to"] == SHOWN and story.plan.helpers]
    return [*first, *story.chance.sample([each for each in others if each not in first], int(count) - len(first))]


async def name(story: Story, asked: dict[str, str], place: int) -> Part:
    hours = story.cast.hours
    day = hours.workdays_later(story.now, story.chance.randint(2, 4)).date()
    if story.plan.until in RESTS and place == 0:
        day = max(day, hours.ahead(story.chance.randint(0, 3)))
    due_on = min(day, await last_day(story.message, story.now))
    wish = Wish(story.cast.people[asked["to"]].id, asked["task"], due_on)
    return await parts.name(story.message, wish, by=story.executor, at=story.now)


async def bring(story: Story, part: Part, report: str) -> None:
    helper = story.cast.by_id(part.executor)
    text = report.format(done=texts.day(story.now.astimezone(TOWN).date()))
    written_at = story.now - timedelta(seconds=30)
    await parts.write(story.message, part.id, Report(text), by=helper, at=written_at)
    await parts.complete(story.message, part.id, by=helper, at=story.now)


async def reason(story: Story) -> str:
    """Why an answer goes without a part that nobody did; none is needed when all are done."""
    return texts.words()["without_parts"] if await Part.exists().where(still_open(story.message)) else ""
