"""Several residents of the demo town have written of one matter (§2): two are joined to its case, one still waits."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain import joining, submitting
from domain.model import Message
from domain.submitting import Matter
from portal.town.retouching import read_again
from portal.town.story import Cast

WRITTEN = (
    ("anna", "Присоединяюсь к соседям: хожу здесь каждый день, за неделю ничего не изменилось."),
    ("zinaida", "Пишу о том же месте. Прошу не откладывать: вечером здесь совсем небезопасно."),
    ("", "Тоже прошу обратить внимание на это место, с каждым днём становится хуже."),
)
OPEN = """
SELECT m.id FROM message m JOIN topic t ON t.id = m.topic JOIN term a ON a.message = m.id AND a.kind = 'answer'
WHERE m.status = 'in_work' AND m.author = {} AND m.published_at IS NOT NULL AND NOT t.photo_required
AND a.met_at IS NULL AND a.void_at IS NULL AND a.missed_at IS NULL ORDER BY m.id LIMIT 1
"""


async def write_of_the_same(cast: Cast, *, at: datetime) -> None:
    """Of Boris's open case, a few minutes ago, so that Anna has a joined message in her cabinet."""
    chance = Random("duplicates")
    for row in await Message.raw(OPEN, cast.people["boris"].id):
        case = await read_again(row["id"])
        place: dict[str, Any] = {"address": case.address, "latitude": case.latitude, "longitude": case.longitude}
        for number, (name, text) in enumerate(WRITTEN):
            moment = at - timedelta(minutes=30 - number)
            key = UUID(int=chance.getrandbits(128), version=4)
            author = cast.people[name or "petr"]
            matter = Matter(text=text, topic=case.topic, consent=True, **place)
            message = await submitting.submit(matter, key=key, by=author, at=moment)
            if name:
                # After every other registration of the town: numbers follow the time.
                registered_at = at - timedelta(seconds=len(WRITTEN) - number)
                await joining.join(message, case.number, by=cast.people["marina"], at=registered_at)
