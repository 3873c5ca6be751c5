"""Three new messages of the demo town that the moderator is given hints about (§3): what they tell, nobody should.

One names a neighbour and a phone and is on another topic than its author chose, one is abusive and says two things at
once, and one tells what another resident has told already.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain import submitting
from domain.model import Message
from domain.submitting import Matter
from portal.town import texts
from portal.town.story import Cast

TOLD = """
SELECT m.text, m.address, m.latitude, m.longitude, m.topic FROM message m JOIN topic t ON t.id = m.topic
WHERE m.status = 'in_work' AND m.latitude IS NOT NULL AND NOT t.photo_required AND t.season_from IS NULL
AND m.author <> {}
ORDER BY m.id DESC LIMIT 1
"""
STEP = 0.0003  # degrees: some thirty metres


async def leave_telling(cast: Cast, *, at: datetime) -> None:
    """In the last hour before the present moment."""
    chance = Random("telling")
    for minutes, told in zip((50, 35, 20), texts.words()["telling"], strict=True):
        where = texts.place(chance, told["topic"])
        point: dict[str, Any] = {"latitude": where.latitude, "longitude": where.longitude, "address": where.address}
        matter = Matter(text=told["text"], topic=cast.topics[told["topic"]].id, consent=True, **point)
        if told.get("again"):
            matter = await again(cast.people[told["author"]].id, matter)
        key = UUID(int=chance.getrandbits(128), version=4)
        await submitting.submit(matter, key=key, by=cast.people[told["author"]], at=at - timedelta(minutes=minutes))


async def again(author: int, otherwise: Matter) -> Matter:
    """What somebody else has told of the same place; in a town where nobody has, something of one's own."""
    for row in await Message.raw(TOLD, author):
        near = {"latitude": row["latitude"] + STEP, "longitude": row["longitude"], "address": row["address"]}
        return Matter(text=f"{row['text']} {otherwise.text}", topic=row["topic"], consent=True, **near)
    return otherwise
