"""What the moderators of the demo town did after publishing: a plate is covered, a photo and a text are taken off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain import covering, publishing
from domain.areas import Area
from domain.model import Event, Message, Person, RejectionGround
from portal.town import read
from portal.town.story import Cast
from workers.covering import cover_photo

# Published ones with a photo, those with a car first: there is a plate to cover.
SHOWN = """
SELECT m.id, m.author, f.id AS photo FROM message m JOIN attachment f ON f.message = m.id AND f.answer IS NULL
JOIN topic t ON t.id = m.topic WHERE m.published_at IS NOT NULL AND f.public_sizes IS NOT NULL
ORDER BY t.code <> 'car-abandoned', m.id DESC
"""


async def retouch(cast: Cast, *, at: datetime) -> None:
    """At the present moment: nothing of it can come before what else happened to these messages."""
    shown = await Message.raw(SHOWN)
    marina, words = cast.people["marina"], read("retouching")
    covered, rest = shown[: len(words["covers"])], shown[len(words["covers"]) :]
    for row, areas in zip(covered, words["covers"], strict=False):
        await cover(await read_again(row["id"]), row["photo"], areas, by=marina, at=at)
    for row, said in zip(rest, words["rejections"], strict=False):
        await reject(row, said, by=cast.people["vera"], at=at)
    withdrawn = rest[len(words["rejections"])]
    author = cast.by_id(withdrawn["author"])
    await publishing.withdraw_consent(await read_again(withdrawn["id"]), by=author, at=at)


async def cover(message: Message, photo: Any, areas: Sequence[Sequence[int]], *, by: Person, at: datetime) -> None:
    await covering.cover(message, photo, [Area(*area) for area in areas], by=by, at=at)
    last = Event.objects().where(Event.message == message.id).order_by(Event.id, ascending=False)
    event = await last.first()
    if event is not None:
        await cover_photo(event)


async def reject(row: dict[str, Any], said: dict[str, Any], *, by: Person, at: datetime) -> None:
    ground = await RejectionGround.objects().get(RejectionGround.code == said["ground"])
    photo = row["photo"] if said["photo"] else None
    number = ground.id if ground else None
    message = await read_again(row["id"])
    await publishing.withdraw(message, by=by, at=at, ground=number, words=said["words"], photo=photo)


async def read_again(id: int) -> Message:
    message = await Message.objects().get(Message.id == id)
    if message is None:
        raise LookupError(f"message {id} of the demo town is gone")
    return message
