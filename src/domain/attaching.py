"""Photos and scans of documents that come with a message, an answer or remarks (§2, §4.1)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.errors import Sentence, Unfit, say
from domain.model import Attachment, Message

# R13: photos are JPEG, PNG or TIFF; scans may also be PDF. HEIC is what phones write: everybody sees what it becomes.
KINDS = ("jpeg", "png", "tiff", "heic", "pdf")
FILES_AT_MOST = 20
LOOSE = Attachment.message.is_null() & Attachment.part.is_null()
ONE_ANSWER_AT_A_TIME = 2_026_110_016  # an advisory lock of this database


async def receive(
    *, id: UUID, key: UUID, name: str, content_hash: str, kind: str, size: int, by: int | None, at: datetime
) -> Attachment:
    """Note a file that has been stored, under the key of the form it came with."""
    received = Attachment(
        id=id,
        key=key,
        name=name,
        content_hash=content_hash,
        kind=kind,
        size=size,
        uploaded_by=by,
        received_at=at,
    )
    await Attachment.insert(received)
    return received


async def received(key: UUID, ids: Iterable[UUID]) -> list[Attachment]:
    """The files of a form that are not yet part of anything, in the order of their coming."""
    chosen = list(ids)
    if not chosen:
        return []
    mine = (Attachment.key == key) & Attachment.id.is_in(chosen) & LOOSE
    return await Attachment.objects().where(mine).order_by(Attachment.received_at)


def fit(files: Iterable[tuple[str, int]], *, bytes_at_most: int) -> Sentence | None:
    """What is wrong with files of these (kind, size in bytes) taken together, if anything (R13)."""
    chosen = list(files)
    if any(kind not in KINDS for kind, _ in chosen):
        return say("Only JPEG, PNG, TIFF and HEIC photos and PDF scans can be attached (clause 4.1).")
    if len(chosen) > FILES_AT_MOST:
        return say("At most %(count)d files can be attached.", count=FILES_AT_MOST)
    if sum(size for _, size in chosen) > bytes_at_most:
        return say(
            "Together the files are larger than %(mb)d MB (clause 4.1). Remove or shrink some.",
            mb=bytes_at_most // 2**20,
        )
    return None


async def attach(key: UUID, ids: Iterable[UUID], *, to: Message, **parent: Any) -> int:
    """Make the files of a form part of a message (or of its answer or rating). Returns how many."""
    chosen = list(ids)
    if not chosen:
        return 0
    mine = (Attachment.key == key) & Attachment.id.is_in(chosen) & LOOSE
    values: dict[Any, Any] = {"message": to.id, **parent}
    done = await Attachment.update(values).where(mine).returning(Attachment.id)
    return len(done)


async def attach_all(key: UUID, ids: Iterable[UUID], *, to: Message, **parent: Any) -> None:
    """As `attach`, for a form that is sent once: raises Unfit when one of its files has waited too long and is gone."""
    chosen = set(ids)
    if await attach(key, chosen, to=to, **parent) < len(chosen):
        raise Unfit({"files": say("A file was kept for two days only and is gone. Choose it again.")})


async def detach(message: Message, ids: Iterable[UUID]) -> None:
    """Take files of the message's own from it: its author goes without them from now on."""
    chosen = list(ids)
    if chosen:
        own = (Attachment.message == message.id) & Attachment.answer.is_null() & Attachment.rating.is_null()
        values: dict[Any, Any] = {"message": None}
        await Attachment.update(values).where(own & Attachment.id.is_in(chosen))


async def used_by_another(message: Message, hashes: Iterable[str]) -> dict[str, str]:
    """Which of these contents already stand in an answer that was sent to another message, and its number (R16).

    Inside the sending transaction: the lock makes two answers with one file come one after the other.
    """
    chosen = list(hashes)
    if not chosen:
        return {}
    await Attachment.raw("SELECT pg_advisory_xact_lock({})", ONE_ANSWER_AT_A_TIME)
    rows = await Attachment.select(Attachment.content_hash, Attachment.message.number.as_alias("number")).where(
        Attachment.content_hash.is_in(chosen)
        & (Attachment.answer.state != "draft")
        & (Attachment.message != message.id)
    )
    return {row["content_hash"]: row["number"] for row in rows}


async def wrong_answer_files(message: Message, files: Sequence[Attachment], *, bytes_at_most: int) -> Sentence | None:
    """What is wrong with the files of an answer: the whole breaks R13, or one of them answers another message (R16)."""
    taken = await used_by_another(message, [file.content_hash for file in files])
    for file in files:
        if number := taken.get(file.content_hash):
            return say("“%(name)s” already answers message № %(number)s (clause 4.2).", name=file.name, number=number)
        if file.state == "refused":
            return say("“%(name)s” could not be prepared (clause 4.1): remove it or replace it.", name=file.name)
    return fit(((file.kind, file.size) for file in files), bytes_at_most=bytes_at_most)
