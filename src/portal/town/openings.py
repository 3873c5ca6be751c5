"""Officials of the demo town have opened the data of an author: a moderator today, the coordinator for a meeting."""

from datetime import timedelta

from domain import opening
from domain.model import Message
from portal.town.story import Cast

SECOND = timedelta(seconds=1)
OPENINGS = (("marina", "circumstances", ""), ("konstantin", "other", "Автор просит принять его на личном приёме."))
LAST = """
SELECT m.id, (SELECT max(at) FROM event WHERE message = m.id) AS last FROM message m
WHERE m.author = {} AND m.number IS NOT NULL AND m.status <> 'closed' ORDER BY m.id DESC LIMIT {}
"""


async def open_some(cast: Cast) -> None:
    """Of the messages of one citizen, who then reads of it in the cabinet."""
    rows = await Message.raw(LAST, cast.people["anna"].id, len(OPENINGS))
    for row, (who, reason, words) in zip(rows, OPENINGS, strict=False):
        message = await Message.objects().get(Message.id == row["id"])
        if message is not None:
            at = max(cast.hours.just_now(), row["last"] + SECOND)
            await opening.open_contacts(message, by=cast.people[who], reason=reason, words=words, at=at)
