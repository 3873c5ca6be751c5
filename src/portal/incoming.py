"""A file that comes in pieces (R03, R13): what has come is kept, and the whole is judged like any other file.

Nothing is kept in a process: a piece lies in the store and its name in the row, so that the next piece may come over
another line, to another process, an hour later.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID, uuid4

from domain import attaching
from domain.attaching import LOOSE
from domain.database import atomic
from domain.errors import Unfit, say
from domain.model import Attachment, Person, Upload
from domain.rulebook import rulebook
from portal import limits, uploads
from portal.uploads import NotTaken
from workers import pieces, storage
from workers.inspecting import EMPTY, HEAD_BYTES, TOO_LARGE, first_look

# A browser sends its file in one piece or, when the line breaks, in some; whoever sends byte by byte is stopped.
PIECES_AT_MOST = 1000
PIECE = 2**22  # so much waits on the disk of this machine, and is sent anew if the process dies
IN_MEMORY = 2**16
LASTS = timedelta(hours=24)

# Of two who go on from the same place one wins; nobody holds a lock while a slow line takes its time.
ADDED = """
UPDATE upload SET received = received + {}, pieces = pieces || {}::text
WHERE id = {} AND received = {} AND refusal IS NULL AND (cardinality(pieces) < {} OR received + {} = size) RETURNING id
"""


class OutOfStep(Exception):
    """The file has come on from elsewhere, or is gone: ask how far it is."""


class TooLong(Exception):
    """More comes than was declared."""


async def begin(name: str, size: int, *, key: UUID, by: Person | None, guest: str | None, at: datetime) -> Upload:
    """Raises Unfit for a file that could not be taken whatever is in it."""
    at_most = (await rulebook()).limits.files_bytes
    if size == 0 or size > at_most:
        raise Unfit({"files": say(TOO_LARGE if size else EMPTY)})
    upload = Upload(
        id=uuid4(),
        key=key,
        person=by.id if by else None,
        guest=None if by else guest,
        name=name,
        size=size,
        expires_at=at + LASTS,
    )
    async with atomic():
        await limits.one_more_file(size, by=by.id if by else None, guest=guest, at=at, at_most=at_most)
        await Upload.insert(upload)
    return upload


async def find(id: UUID, *, by: Person | None, guest: str | None, at: datetime) -> Upload | None:
    """Only one's own; what somebody began before they signed in, in this browser, is still theirs."""
    # None is nobody: without a cookie there is no guest to compare with.
    own = (Upload.person == (by.id if by else 0)) | (Upload.guest == (guest or ""))
    return await Upload.objects().where((Upload.id == id) & own & (Upload.expires_at > at)).first()


async def append(upload: Upload, content: AsyncIterable[bytes], *, at: datetime) -> None:
    """Keep what comes, even when the line breaks in the middle. Of a refused file the rest is read away.

    Raises Unfit while there is no room for more of guests: only what has come of theirs is counted.
    """
    if upload.guest:
        at_most = (await rulebook()).limits.files_bytes
        await limits.room_of_guests(at=at, at_most=at_most)
    coming = aiter(content)
    while await add(upload, coming):
        pass


async def add(upload: Upload, content: AsyncIterator[bytes]) -> bool:
    """One piece of what comes; False when no more does."""
    with SpooledTemporaryFile(IN_MEMORY) as piece:
        more = True
        try:
            while more and piece.tell() < PIECE:
                chunk = await anext(content, None)
                more = chunk is not None
                if upload.received + piece.tell() + len(chunk or b"") > upload.size:
                    raise TooLong
                if chunk and not upload.refusal:
                    await asyncio.to_thread(piece.write, chunk)
        finally:
            if piece.tell():
                await lay(upload, piece)
    return more


async def lay(upload: Upload, piece: IO[bytes]) -> None:
    name, size = f"{upload.received}-{uuid4().hex}", piece.tell()
    piece.seek(0)
    head = piece.read(HEAD_BYTES)
    piece.seek(0)
    await pieces.lay(upload.id, name, piece)
    if not await Upload.raw(ADDED, size, name, upload.id, upload.received, PIECES_AT_MOST, size):
        await pieces.clear(upload.id, name)
        raise OutOfStep
    first = upload.received == 0
    upload.received += size
    upload.pieces = [*upload.pieces, name]
    # What is no photo and no scan is told by its first bytes: nobody waits for the rest of a film to hear of it.
    if first and size >= HEAD_BYTES and (wrong := look(upload, head)):
        await refuse(upload, wrong)


def look(upload: Upload, head: bytes) -> str | None:
    return first_look(head, upload.size, bytes_at_most=upload.size)[1]


async def refuse(upload: Upload, reason: str) -> None:
    upload.refusal = reason
    await Upload.update({Upload.refusal: reason}).where((Upload.id == upload.id) & Upload.attachment.is_null())
    await pieces.clear(upload.id)


async def finish(upload: Upload, *, at: datetime) -> None:
    """Make the whole file an attachment of its form: once, however often and by however many this is asked."""
    if upload.received < upload.size or upload.attachment or upload.refusal:
        return
    try:
        kind, kept = await judged(upload)
    except NotTaken as trouble:
        await refuse(upload, trouble.reason)
        return
    except FileNotFoundError:
        # Somebody else has made it whole meanwhile, and has cleared the pieces away.
        if (now := await Upload.objects().get(Upload.id == upload.id)) is None or not now.attachment:
            raise
        upload.attachment = now.attachment
        return
    async with atomic():
        locked = await Upload.objects().where(Upload.id == upload.id).lock_rows("NO KEY UPDATE").first()
        if locked is None:
            raise OutOfStep
        if not locked.attachment:
            received = await attaching.receive(
                id=uuid4(), key=locked.key, name=locked.name, content_hash=kept.hash, kind=kind, size=kept.size,
                by=locked.person, at=at,
            )  # fmt: skip
            locked.attachment = received.id
            await Upload.update({Upload.attachment: received.id}).where(Upload.id == upload.id)
    upload.attachment = locked.attachment
    await pieces.clear(upload.id)


async def judged(upload: Upload) -> tuple[str, storage.Kept]:
    head = b""
    async for chunk in pieces.laid(upload.id, upload.pieces):
        head += chunk[:HEAD_BYTES]
        if len(head) >= HEAD_BYTES:
            break
    at_most = (await rulebook()).limits.files_bytes
    content = pieces.laid(upload.id, upload.pieces)
    return await uploads.look_and_keep(head[:HEAD_BYTES], upload.size, content, at_most)


async def move(upload: Upload, key: UUID) -> bool:
    """To the form as it was opened anew, with what has become of the file. False when another form was sent with it."""
    async with atomic():
        # Asked again under a lock: somebody may have made the file whole meanwhile, for the form of before.
        locked = await Upload.objects().where(Upload.id == upload.id).lock_rows("NO KEY UPDATE").first()
        if locked is None:
            return False
        upload.attachment, upload.received = locked.attachment, locked.received
        if upload.attachment:
            loose = (Attachment.id == upload.attachment) & LOOSE
            if not await Attachment.update({Attachment.key: key}).where(loose).returning(Attachment.id):
                return False
        await Upload.update({Upload.key: key}).where(Upload.id == upload.id)
    upload.key = key
    return True


async def cancel(upload: Upload) -> None:
    """With what it has become, unless a form was sent with that; its content goes with the sweep of the store."""
    async with atomic():
        locked = await Upload.objects().where(Upload.id == upload.id).lock_rows("UPDATE").first()
        await Upload.delete().where(Upload.id == upload.id)
        if locked is not None and locked.attachment:
            await Attachment.delete().where((Attachment.id == locked.attachment) & LOOSE)
    await pieces.clear(upload.id)
