"""The photos of the demo town come through the real door for files and out of the real darkroom."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from domain import attaching
from domain.model import Attachment, Message, Person
from portal.town import drawings
from workers import papers, pictures, storage

PLACES = 5  # of every scene; people photograph the same holes


class Album:
    """Draws photos, keeps them, and lets the darkroom work while the town goes on.

    The darkroom only reads and writes files; rows are written in `write_down`, by the one task that may use the
    transaction of the town. A photo of an answer is written down at once: it is not sent before it has been looked at.
    """

    def __init__(self, darkroom: pictures.Darkroom, reading_room: pictures.Darkroom) -> None:
        self.darkroom, self.reading_room = darkroom, reading_room
        self.kept: dict[tuple[str, int], storage.Kept] = {}
        self.prints: dict[str, asyncio.Task[dict[Any, Any]]] = {}
        self.waiting: list[Attachment] = []
        self.one_at_a_time = asyncio.Lock()

    async def before(self, scene: str, *, key: UUID, by: Person, at: datetime, chance: Random) -> tuple[int, UUID]:
        """A photo of what is wrong: the seed of the place, and the received file."""
        seed = chance.randrange(PLACES)
        if (scene, seed) not in self.kept:
            self.kept[scene, seed] = await storage.keep(drawings.draw(scene, seed, taken_at=at))
        return seed, (await self.receive(self.kept[scene, seed], key=key, by=by, at=at, chance=chance)).id

    async def after(
        self, message: Message, scene: str, seed: int, *, key: UUID, by: Person, at: datetime, chance: Random
    ) -> UUID:
        """The same place mended; taken for this answer alone, as one photo never answers two messages (R16)."""
        step = Random(f"{message.id} {at}").uniform(-2e-4, 2e-4)
        place = (message.latitude + step, message.longitude - step)
        photo = drawings.draw(scene, seed, taken_at=at, mended=True, place=place)
        return await self.looked_at(photo, key=key, by=by, at=at, chance=chance)

    async def looked_at(self, photo: bytes, *, key: UUID, by: Person, at: datetime, chance: Random) -> UUID:
        """A photo for an answer, with what the darkroom says of it."""
        kept = await storage.keep(photo)
        file = await self.receive(kept, key=key, by=by, at=at, chance=chance)
        await pictures.note(file, await self.prints[kept.hash])
        return file.id

    async def scanned(self, act: bytes, *, key: UUID, by: Person, at: datetime, chance: Random) -> UUID:
        """A document for an answer."""
        kept = await storage.keep(act)
        file = await self.receive(kept, key=key, by=by, at=at, chance=chance, kind="pdf")
        await pictures.note(file, await self.prints[kept.hash])
        return file.id

    async def receive(
        self, kept: storage.Kept, *, key: UUID, by: Person, at: datetime, chance: Random, kind: str = "jpeg"
    ) -> Attachment:
        file = await attaching.receive(
            id=UUID(int=chance.getrandbits(128), version=4),
            key=key,
            name=f"IMG_{at:%Y%m%d_%H%M%S}.jpg" if kind == "jpeg" else f"Акт_{at:%d.%m.%Y}.pdf",
            content_hash=kept.hash,
            kind=kind,
            size=kept.size,
            by=by.id,
            at=at,
        )
        if kept.hash not in self.prints:
            self.prints[kept.hash] = asyncio.create_task(self.develop(file))
        self.waiting.append(file)
        return file

    async def develop(self, file: Attachment) -> dict[Any, Any]:
        async with self.one_at_a_time:
            return await pictures.made(file, self.darkroom, self.reading_room)

    async def write_down(self) -> int:
        """Say of every photo that it is ready. Returns how many there are."""
        for file in self.waiting:
            await pictures.note(file, await self.prints[file.content_hash])
        return len(self.waiting)


@asynccontextmanager
async def opened() -> AsyncIterator[Album]:
    async with pictures.Darkroom() as darkroom, pictures.Darkroom(papers.CHILD) as reading_room:
        album = Album(darkroom, reading_room)
        try:
            yield album
        finally:
            for task in album.prints.values():
                task.cancel()
