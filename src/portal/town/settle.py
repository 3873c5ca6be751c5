"""The demo town comes to life: three months of messages, made by nothing but the verbs of the regulation."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from domain.model import Event, Ground, Person
from domain.moves import Role
from domain.rulebook import rulebook
from domain.workdays import TOWN
from portal.town import (
    album,
    control,
    directories,
    handing_over,
    letter_words,
    openings,
    people,
    phrases,
    subscriptions,
    typical,
    views,
)
from portal.town.casting import DAYS, Casting
from portal.town.doubtful import leave_doubtful
from portal.town.duplicates import write_of_the_same
from portal.town.hours import Hours
from portal.town.life import life
from portal.town.retouching import retouch
from portal.town.story import Cast, Moments, Story
from portal.town.telling import leave_telling
from portal.town.unfit import leave_unfit
from workers.sweeping import sweep

SEED = 20260101  # the same town every time
SWEEPS = (time(0, 1), time(9, 1))  # terms run out at midnight, the ladder climbs at nine
DAY = timedelta(days=1)


def quietly(line: str) -> None:
    """Say nothing of the progress."""


async def settle(*, at: datetime, say: Callable[[str], None] = quietly) -> bool:
    """Fill an empty database with the town as it stands at that moment. Returns whether it did."""
    if await Person.exists():
        return False
    everybody = await people.fill(at=at - timedelta(days=DAYS + 5))
    topics = await directories.fill(everybody)
    districts = await directories.fill_districts(everybody, topics, at=at)
    await typical.fill(everybody, topics, at=at - timedelta(days=DAYS + 5))
    await letter_words.fill(everybody, at=at - timedelta(days=DAYS))
    await subscriptions.fill(everybody, topics, at=at - timedelta(days=DAYS))
    await views.fill(everybody, topics)
    await phrases.fill(everybody, topics)
    grounds = {ground.code: ground for ground in await Ground.objects()}
    hours = Hours((await rulebook()).calendar, at, Random(SEED))
    citizens = [key for key, person in everybody.items() if person.role == Role.CITIZEN]
    plans = Casting(hours, topics, citizens).everything()
    say(f"{len(everybody)} people, {len(topics)} topics, {len(plans)} messages to come")
    async with album.opened() as photos:
        cast = Cast(everybody, topics, grounds, districts, photos, hours)
        await live([life(Story(plan, cast)) for plan in plans], hours, say)
        say(f"{await photos.write_down()} photos are ready")
        await retouch(cast, at=at)
        await control.ask(cast)
        await openings.open_some(cast)
        await leave_unfit(cast, at=at)
        await leave_doubtful(cast, at=at)
        await leave_telling(cast, at=at)
        await handing_over.offer(cast)
    await write_of_the_same(cast, at=at)
    await subscriptions.ask(at=at)
    await forget_old_news(hours)
    return True


async def live(lives: list[Moments], hours: Hours, say: Callable[[str], None]) -> None:
    """Let every life take its steps in the order of time, the sweeps of terms between them, up to the present."""
    order = count()
    ahead = [(await anext(each), next(order), each) for each in lives]
    heapq.heapify(ahead)
    sweeps = moments_of_sweeping(hours.at)
    due = next(sweeps)
    while ahead:
        moment, _, story = heapq.heappop(ahead)
        if moment >= hours.at:
            break
        while due < moment:
            await pass_time(due, say)
            due = next(sweeps)
        if (again := await anext(story, None)) is not None:
            heapq.heappush(ahead, (again, next(order), story))
    while due < hours.at:
        await pass_time(due, say)
        due = next(sweeps)


def moments_of_sweeping(at: datetime) -> Iterator[datetime]:
    first = at.astimezone(TOWN).date() - timedelta(days=DAYS + 1)
    return (datetime.combine(first + DAY * day, hour, TOWN) for day in count() for hour in SWEEPS)


async def pass_time(at: datetime, say: Callable[[str], None]) -> None:
    """What the clock of the workers does every minute, done whenever something can have become due."""
    if at.astimezone(TOWN).day == 1 and at.time() == SWEEPS[0]:
        say(f"{at:%Y-%m}")
    await sweep(at=at)


# What waits for a moderator is still to be read by the program that gives them hints about it.
FORGOTTEN = """
UPDATE event SET handled_at = {} WHERE at < {} AND NOT (kind IN ('message:submitted', 'message:corrected')
    AND message IN (SELECT id FROM message WHERE status IN ('submitted', 'questioned')))
"""
READ = """
INSERT INTO seen (message, event)
SELECT message, max(id) FROM event WHERE at < {} AND message IS NOT NULL GROUP BY message
ON CONFLICT (message) DO NOTHING
"""


async def forget_old_news(hours: Hours) -> None:
    """Nobody wants the letters of three months: of what is decided only that of the last working day is told.

    The residents have read what is older than three working days.
    """
    await Event.raw(FORGOTTEN, hours.at, hours.ago(1, 0))
    await Event.raw(READ, hours.ago(3, 0))
