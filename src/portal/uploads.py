"""Files that come with a form (R03, R13): taken in one by one, so that a bad one costs the others nothing."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

from litestar.datastructures import UploadFile

from domain import attaching
from domain.database import atomic
from domain.errors import Sentence, say
from domain.model import Attachment, Message
from domain.rulebook import rulebook
from portal import limits
from portal.limits import TooMany
from portal.parsing import ComingFile
from workers import storage
from workers.antivirus import NotScanned
from workers.inspecting import EMPTY, HEAD_BYTES, NOT_A_KIND, TOO_LARGE, first_look
from workers.pictures import ChildFailed, prepare_waiting
from workers.store import StoreAway

PIECE = 2**18


class NotTaken(Exception):
    """A file that cannot be attached; `reason` is the msgid that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def take_in(files: Sequence[UploadFile], *, key: UUID, by: int | None, at: datetime) -> list[Attachment]:
    """Keep each file and note it under the key of its form.

    A file that cannot be taken comes back as refused, with its reason, and is kept nowhere.
    """
    if not files:
        return []
    at_most = (await rulebook()).limits.files_bytes
    taken = []
    for file in files:
        taken.append(await take_one(file, key, by, at, at_most))
        await file.close()
    return taken


async def take_one(file: UploadFile, key: UUID, by: int | None, at: datetime, at_most: int) -> Attachment:
    size = await size_of(file)
    try:
        await limits.room_for(size, by=by, guest=None, at=at, at_most=at_most)
        kind, kept = await look_and_keep(await file.read(HEAD_BYTES), size, pieces(file), at_most)
        async with atomic():
            # Asked again with the row: of several forms at once each saw the same room.
            await limits.one_more_file(kept.size, by=by, guest=None, at=at, at_most=at_most)
            return await attaching.receive(
                id=uuid4(), key=key, name=file.filename, content_hash=kept.hash, kind=kind, size=kept.size, by=by, at=at
            )
    except TooMany as trouble:
        return refused(file, key, size, trouble.errors["files"].msgid)
    except NotTaken as trouble:
        return refused(file, key, size, trouble.reason)


async def look_and_keep(
    head: bytes, size: int, content: AsyncIterable[bytes], at_most: int
) -> tuple[str, storage.Kept]:
    """What kind of file it is and where it is kept, by whichever door it came in. Raises NotTaken."""
    kind, wrong = first_look(head, size, bytes_at_most=at_most)
    if wrong or kind is None:
        raise NotTaken(wrong or NOT_A_KIND)
    return kind, await storage.keep(content)


async def develop(message: Message) -> None:
    """Prepare at once the files that wait, for whoever waits to see them or to send them with their answer (R14).

    A child that cannot start, an antivirus or a store that is away, leave them to the workers.
    """
    with suppress(ChildFailed, NotScanned, StoreAway):
        await prepare_waiting(message.id)


async def size_of(file: UploadFile) -> int:
    """As large as it came, though of a file over the limit only the head was kept."""
    size = file.file.seek(0, 2)
    await file.seek(0)
    return max(size, file.came) if isinstance(file, ComingFile) else size


async def pieces(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while piece := await file.read(PIECE):
        yield piece


def refused(file: UploadFile, key: UUID, size: int, reason: str) -> Attachment:
    """Never saved, so it lacks what only a kept file has: a content and a moment of arrival."""
    return Attachment(
        _ignore_missing=True, id=uuid4(), key=key, name=file.filename, size=size, state="refused", reason=reason
    )


def kept_ids(files: Iterable[Attachment]) -> list[UUID]:
    return [file.id for file in files if file.state != "refused"]


def fault(files: Sequence[Attachment]) -> Sentence | None:
    """What is wrong with the first file that was refused, by its name."""
    bad = [file for file in files if file.state == "refused"]
    if not bad:
        return None
    names = ", ".join(file.name for file in bad)
    if bad[0].reason == EMPTY:
        return say("Not attached, because the file is empty: %(names)s.", names=names)
    if bad[0].reason == TOO_LARGE:
        return say("Not attached, because the file is too large (clause 4.1): %(names)s.", names=names)
    if bad[0].reason in (limits.TOO_MANY_FILES, limits.TOO_MANY_OF_GUESTS):
        return say(bad[0].reason)
    return say("Not attached, because only JPEG, PNG, TIFF, HEIC and PDF can be (clause 4.1): %(names)s.", names=names)
