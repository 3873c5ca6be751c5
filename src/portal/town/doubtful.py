"""Two answers of the demo town wait for review with photos that are in doubt (§4.2, R16, R17).

One shows the author's own picture again, saved anew; the other was taken elsewhere, too early, and kept by an editor.
"""

from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID

from PIL import Image, ImageOps

from domain import answering
from domain.answering import Written
from domain.model import Message, Person
from domain.workdays import in_town
from portal.town import drawings, texts
from portal.town.retouching import read_again
from portal.town.story import Cast
from workers import storage

EDITOR = "Adobe Photoshop 25.1 (Windows)"
AWAY = (0.017, -0.021)  # degrees: some two kilometres
BEGUN = """
SELECT m.id, t.code AS topic, f.content_hash AS photo FROM message m JOIN topic t ON t.id = m.topic
JOIN attachment f ON f.message = m.id
WHERE m.status = 'in_work' AND m.latitude IS NOT NULL AND NOT EXISTS (SELECT FROM answer WHERE message = m.id)
AND NOT EXISTS (SELECT FROM part WHERE message = m.id) ORDER BY m.id LIMIT 2
"""


async def leave_doubtful(cast: Cast, *, at: datetime) -> None:
    """At the present moment, in the two oldest cases with a photo that nobody has begun to answer."""
    chance = Random("doubtful")
    for row, picture in zip(await Message.raw(BEGUN), (sent_back, from_elsewhere), strict=False):
        message = await read_again(row["id"])
        executor, key = cast.by_id(message.executor), UUID(int=chance.getrandbits(128), version=4)
        photo = await picture(row, message, at)
        received = await cast.album.looked_at(photo, key=key, by=executor, at=at - timedelta(minutes=9), chance=chance)
        await send(message, row["topic"], key, received, chance, by=executor, at=at)


async def send(
    message: Message, topic: str, key: UUID, photo: UUID, chance: Random, *, by: Person, at: datetime
) -> None:
    done = in_town(at).date() - timedelta(days=1)
    text = texts.answer(chance, texts.story_of(topic)["solved"], done=done, planned_on=None)
    written = Written(outcome="solved", text=text, key=key, files=[photo])
    await answering.draft(message, written, by=by, at=at - timedelta(minutes=8))
    await answering.send_for_review(message, by=by, at=at - timedelta(minutes=7))


async def sent_back(row: dict[str, Any], message: Message, at: datetime) -> bytes:
    """The picture that came with the question, smaller and without a word about the camera."""
    photo = ImageOps.exif_transpose(Image.open(BytesIO(await storage.read(row["photo"])))).convert("RGB")
    out = BytesIO()
    photo.resize((photo.width * 3 // 4, photo.height * 3 // 4)).save(out, "JPEG", quality=70)
    return out.getvalue()


async def from_elsewhere(row: dict[str, Any], message: Message, at: datetime) -> bytes:
    taken_at = in_town(message.sent_at) - timedelta(days=12, hours=3)
    drawn = drawings.draw(texts.story_of(row["topic"])["scene"], 3, taken_at=taken_at, mended=True)
    photo = ImageOps.exif_transpose(Image.open(BytesIO(drawn)))
    place = (message.latitude + AWAY[0], message.longitude + AWAY[1])
    return drawings.saved(photo, taken_at, place=place, editor=EDITOR)
