"""A photo that was turned or cropped is made anew from its original (§4.1, R14), and what it replaces is forgotten."""

import json

from domain.database import atomic
from domain.model import Attachment, Event
from workers import storage
from workers.pictures import prepare_pictures

STILL_USED = """
SELECT value AS hash FROM attachment, jsonb_each_text(sizes) WHERE value = ANY({}::text[])
UNION ALL
SELECT value FROM attachment, jsonb_each_text(covered) WHERE covered IS NOT NULL AND value = ANY({}::text[])
"""


async def edit_photo(event: Event) -> None:
    """Reaction: make the sizes anew, if nobody has waited for them already, and forget the old ones."""
    await prepare_pictures(event)
    told = json.loads(event.data)
    async with atomic():
        # Held, so that nobody goes back meanwhile to the very sizes that are being forgotten.
        as_told = (Attachment.id == told["photo"]) & (Attachment.version == told["version"])
        if await Attachment.objects().where(as_told).lock_rows("NO KEY UPDATE").first():
            used = {row["hash"] for row in await Attachment.raw(STILL_USED, told["was"], told["was"])}
            for hash in set(told["was"]) - used:
                await storage.forget(hash)
