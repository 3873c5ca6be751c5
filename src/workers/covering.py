"""The copy of a photo in which areas are covered (§4.1, R10): made by the child process, the only one shown."""

import asyncio
import json
import tempfile
from pathlib import Path

from domain.events import as_json
from domain.model import Attachment, Event
from workers import storage
from workers.pictures import MEDIA_TYPE, ROOM, Areas, Darkroom
from workers.prepared import SIZES, keep
from workers.spoken_of import forget_unless_spoken_of

KIND = MEDIA_TYPE.removeprefix("image/")
WAITING = """
SELECT id, sizes->>'large' AS source, covers::text AS covers FROM attachment
WHERE id = {}::uuid AND state = 'ready' AND covers <> '[]' AND covered IS NULL
"""
# Only if the areas are still those that were covered: whoever has drawn others meanwhile waits for theirs.
COVERED = "UPDATE attachment SET covered = {}::jsonb WHERE id = {} AND covers = {}::jsonb AND covered IS NULL"


class NotCovered(Exception):
    """The child made nothing of a picture that was made by ourselves; tried again, and not public until it is done."""


async def cover_photo(event: Event) -> None:
    """Reaction: make the covered sizes of the event's photo, and forget those that they replace."""
    told = json.loads(event.data)
    await cover_waiting(told["photo"])
    await forget_unless_spoken_of(told["was"])


async def cover_waiting(photo_id: str) -> None:
    """Make the covered sizes of the photo, if they wait to be made."""
    for photo in await Attachment.raw(WAITING, photo_id):
        async with ROOM, Darkroom() as darkroom:
            made = await covered(photo["source"], json.loads(photo["covers"]), darkroom)
        await Attachment.raw(COVERED, as_json(made), photo["id"], photo["covers"])


async def covered(source: str, areas: Areas, darkroom: Darkroom) -> dict[str, str]:
    """The hashes of the three sizes; from the large one, which is what the moderator saw when drawing."""
    with tempfile.TemporaryDirectory(prefix="otklik-cover-") as name:
        folder = Path(name)
        file = folder / "large.webp"
        await asyncio.to_thread(file.write_bytes, await storage.read(source))
        result = await darkroom.develop(file, KIND, folder, areas)
        if "refused" in result:
            raise NotCovered(f"{source}: {result}")
        return {size: await keep(folder / size) for size in SIZES}
