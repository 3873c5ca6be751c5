"""Photos become fit to be shown (§4.1, R14): upright, in three sizes, without what the camera wrote into them.

The original stays in the store for the case and is never shown to the public; what is shown is made here, by a child
process that may die of a hostile file without harm to anybody.
"""

import asyncio
import json
import logging
import socket
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from domain.events import as_json
from domain.fitness import UNTOUCHED, Edit
from domain.model import Attachment, Event
from domain.wording import N_
from workers import antivirus, nursery, papers, storage
from workers.prepared import SIZES, keep

log = logging.getLogger(__name__)

MEDIA_TYPE = "image/webp"  # of every prepared size
SECONDS = 30  # for one picture, by the clock on the wall
# Children at once in one worker process: each may take a gigabyte and a whole core.
ROOM = asyncio.Semaphore(2)
Areas = Sequence[Sequence[int]]  # to be covered: left, top, width and height in thousandths
CHILD = "workers.picture_child"

REASONS = {
    "damaged": N_("The picture is damaged and cannot be opened. Save it anew or take another one."),
    "unreadable": N_("Pictures of this kind cannot be shown. Save it as an ordinary photo."),
    "giant": N_("The picture has too many pixels. Make it smaller and send it again."),
    "long": N_("The scan has more than a hundred pages. Save it as PDF and send it again."),
    "heavy": N_("The picture takes too long to open. Save it as an ordinary photo and send it again."),
}


class ChildFailed(Exception):
    """The fault is ours and not the picture's, so it is tried again later."""


class NoTime(ChildFailed):
    """The machine is too busy."""


async def prepare_pictures(event: Event) -> None:
    """Reaction: prepare every file of the event's message, and of its parts, that still waits."""
    await prepare_waiting(event.message)


async def prepare_waiting(message: int) -> None:
    """Prepare what waits of a message: after the response, or at once where somebody waits to see it."""
    of_it = (Attachment.message == message) | (Attachment.part.message == message)
    waiting = of_it & (Attachment.state == "received")
    async with ROOM:
        await prepare_all(await Attachment.objects().where(waiting).order_by(Attachment.received_at))


async def prepare(attachment: Attachment) -> None:
    """Prepare one file, and say in its row that it is ready or why it was refused."""
    await prepare_all([attachment])


async def prepare_all(attachments: Sequence[Attachment]) -> None:
    """Prepare many files in one child process, which spares most of the time that small pictures take."""
    async with Darkroom() as darkroom, Darkroom(papers.CHILD) as reading_room:
        waits: antivirus.NotScanned | NoTime | None = None
        for attachment in attachments:
            try:
                await note(attachment, await made(attachment, darkroom, reading_room))
            # One file that the antivirus does not judge, or that gets no answer, keeps none of the others waiting.
            except (antivirus.NotScanned, NoTime) as trouble:
                waits = trouble
        if waits:
            raise waits


async def made(attachment: Attachment, darkroom: "Darkroom", reading_room: "Darkroom") -> dict[Any, Any]:
    """Nothing is decoded before the antivirus, where there is one, has passed it."""
    if await antivirus.is_harmful(attachment.content_hash):
        return {"state": "refused", "reason": antivirus.HARMFUL}
    if attachment.kind == "pdf":
        return await papers.made_safe(attachment, reading_room)
    return await developed(attachment, darkroom)


async def developed(attachment: Attachment, darkroom: "Darkroom") -> dict[Any, Any]:
    with tempfile.TemporaryDirectory(prefix="otklik-picture-") as name:
        folder = Path(name)
        source = folder / "original"
        await asyncio.to_thread(source.write_bytes, await storage.read(attachment.content_hash))
        result = await darkroom.develop(source, attachment.kind, folder, edit=Edit.of(attachment.edit))
        if "refused" in result:
            log.info("%s is refused as %s: %r", attachment.id, result["refused"], result.get("detail"))
            return {"state": "refused", "reason": REASONS[result["refused"]]}
        kept = {size: await keep(folder / size) for size in SIZES}
    measured = {"width": result["width"], "height": result["height"], "marks": as_json(result["marks"])}
    measured |= {"print": result["print"], "traces": as_json(result["traces"])}
    return {"state": "ready", "sizes": as_json(kept), **measured}


async def note(attachment: Attachment, changes: dict[Any, Any]) -> None:
    """Unless it was edited meanwhile: then what was made is of another edit."""
    same = (Attachment.id == attachment.id) & (Attachment.version == attachment.version)
    await Attachment.update(changes).where(same & (Attachment.state == "received"))
    for name, value in changes.items():
        setattr(attachment, name, value)


class Darkroom:
    """One child process for several files; started with the first, started again when a file killed it."""

    def __init__(self, module: str | None = None) -> None:
        self.module = module or CHILD
        self.child: Child | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def develop(
        self, source: Path, kind: str, into: Path, areas: Areas = (), edit: Edit = UNTOUCHED
    ) -> dict[str, Any]:
        """What the child made of the picture: its width, height and marks, or the reason of its refusal."""
        job = {"source": whole(source), "kind": kind, "into": whole(into), "areas": list(areas)}
        return await self.ask({**job, "turn": edit.turn, "crop": edit.crop})

    async def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """Raises NoTime when there was no answer in time: a file that takes too long is ended by its processor time,
        so that whoever only waits is waiting for the machine.
        """
        self.child = self.child or await Child.start(self.module)
        try:
            result = await self.child.ask(job)
        except TimeoutError:
            await self.close()
            raise NoTime("the process that decodes files had no time to answer") from None
        if result is None:
            # Dead: whatever the file did to its reader, nobody else has to read it.
            await self.close()
            return {"refused": "heavy"}
        return result

    async def close(self) -> None:
        child, self.child = self.child, None
        if child is not None:
            await child.end()


def whole(path: Path) -> str:
    """As the child finds it, which may stand in another folder than we do."""
    return str(path.absolute())


@dataclass
class Child:
    """The process behind the darkroom, and how one speaks with it: a line there, a line back."""

    kill: Callable[[], None]
    jobs: asyncio.StreamWriter
    results: asyncio.StreamReader
    pid: int = 0

    @classmethod
    async def start(cls, module: str) -> Self:
        """Isolated and without our environment: no secret is in reach of a file that breaks its reader."""
        ours, theirs = socket.socketpair()
        with theirs:
            kill = nursery.fork(module, theirs)
        results, jobs = await asyncio.open_unix_connection(sock=ours)
        child = cls(kill, jobs, results)
        try:
            with suppress(TimeoutError):
                child.pid = (await child.heard() or {}).get("ready", 0)
        finally:
            if not child.pid:
                await child.end()
        if not child.pid:
            raise ChildFailed("the process that decodes files does not start")
        return child

    async def ask(self, job: dict[str, Any]) -> dict[str, Any] | None:
        self.jobs.write(json.dumps(job).encode() + b"\n")
        return await self.heard()

    async def heard(self) -> dict[str, Any] | None:
        """The next line, or None when the child is dead. Raises TimeoutError."""
        try:
            line = await asyncio.wait_for(self.results.readline(), SECONDS)
        except ConnectionError:  # it died over a job that it had not read yet
            return None
        return json.loads(line) if line.endswith(b"\n") else None

    async def end(self) -> None:
        """Until it is dead: then nothing writes into its folder any more."""
        self.kill()
        if not self.jobs.is_closing():
            self.jobs.write_eof()
        with suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(self.results.read(), SECONDS)
        self.jobs.close()
