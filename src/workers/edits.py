"""A photo that was turned or cropped is made anew from its original (§4.1, R14), and what it replaces is forgotten."""

import json

from domain.database import atomic
from domain.model import Attachment, Event
from workers.covering import cover_waiting
from workers.pictures import prepare_pictures
from workers.spoken_of import forget_unless_spoken_of


async def edit_photo(event: Event) -> None:
    """Reaction: make the sizes anew, if nobody has waited for them already, the covered ones too; forget the old."""
    await prepare_pictures(event)
    told = json.loads(event.data)
    await cover_waiting(told["photo"])
    async with atomic():
        # Held, so that nobody goes back meanwhile to the very sizes that are being forgotten.
        as_told = (Attachment.id == told["photo"]) & (Attachment.version == told["version"])
        if await Attachment.objects().where(as_told).lock_rows("NO KEY UPDATE").first():
            await forget_unless_spoken_of(told["was"])
