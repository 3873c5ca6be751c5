"""Pavel's draft in the demo town cannot go yet (R14): one photo lies on its side, another is dark and was confirmed."""

from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from uuid import UUID

from PIL import Image, ImageOps

from domain import answering, editing
from domain.answering import Written
from domain.model import Message
from portal.town import drawings, texts
from portal.town.retouching import read_again
from portal.town.story import Cast

PLACE = 6
# Where whoever took them stood: before the first the sky is large enough to tell how the camera was held.
STOOD = {True: datetime(2026, 11, 1), False: datetime(2026, 11, 2)}
DUSK = 0.2
BEGUN = """
SELECT m.id FROM message m LEFT JOIN answer a ON a.message = m.id
WHERE m.status = 'in_work' AND m.executor = {} AND a.id IS NULL ORDER BY m.id DESC LIMIT 1
"""


async def leave_unfit(cast: Cast, *, at: datetime) -> None:
    """At the present moment, in the latest case that Pavel has not begun to answer."""
    pavel, chance = cast.people["pavel"], Random("unfit")
    for row in await Message.raw(BEGUN, pavel.id):
        message = await read_again(row["id"])
        key = UUID(int=chance.getrandbits(128), version=4)
        on_its_side, dark = [
            await cast.album.looked_at(spoilt(turned=turned), key=key, by=pavel, at=taken_at, chance=chance)
            for taken_at, turned in ((at - timedelta(minutes=12), True), (at - timedelta(minutes=7), False))
        ]
        written = Written(outcome="solved", text=texts.words()["begun"], key=key, files=[on_its_side, dark])
        await answering.draft(message, written, by=pavel, at=at)
        await editing.confirm(message, dark, by=pavel, at=at, version=1)


def spoilt(*, turned: bool) -> bytes:
    """A camera that was held on its side and did not note it, or one in the dusk."""
    drawn = Image.open(BytesIO(drawings.draw("manhole", PLACE, taken_at=STOOD[turned], mended=True)))
    photo = ImageOps.exif_transpose(drawn)
    if turned:
        photo = photo.transpose(Image.Transpose.ROTATE_90)
    else:
        photo = photo.point([int(level * DUSK) for level in range(256)] * 3)
    out = BytesIO()
    photo.save(out, "JPEG", quality=85)
    return out.getvalue()
