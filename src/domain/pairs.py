"""Before and after (§4.2, R17): a photo of the answer stands beside the photo of the question that it replies to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.errors import Unfit, say
from domain.model import Answer, Attachment, Message

PHOTO = Attachment.kind != "pdf"


async def of_the_question(message: Message) -> list[UUID]:
    """Its photos in the order of their coming."""
    own = (Attachment.message == message.id) & Attachment.answer.is_null() & Attachment.rating.is_null() & PHOTO
    rows = await Attachment.select(Attachment.id).where(own).order_by(Attachment.received_at).order_by(Attachment.id)
    return [row["id"] for row in rows]


async def pair(message: Message, answer: Answer, pairs: Mapping[UUID, UUID | None]) -> None:
    """Keep which photo of the question stands beside which of the answer, or that none does."""
    if not pairs:
        return
    known = await of_the_question(message)
    for photo, before in pairs.items():
        if before is not None and before not in known:
            raise Unfit({f"before_{photo}": say("Choose among the photos of the question.")})
        values: dict[Any, Any] = {Attachment.before: before}
        await Attachment.update(values).where((Attachment.id == photo) & (Attachment.answer == answer.id) & PHOTO)


async def stand(answer: Answer, pairs: Mapping[UUID, UUID | None]) -> bool:
    """Whether the photos of the answer stand beside these already."""
    theirs = (Attachment.answer == answer.id) & PHOTO
    rows = await Attachment.select(Attachment.id, Attachment.before).where(theirs) if pairs else []
    return all(pairs.get(row["id"], row["before"]) == row["before"] for row in rows)


async def propose(message: Message, answer: Answer) -> None:
    """When photos have come: as many as the question has are paired in their order, unless somebody has paired any."""
    theirs = (Attachment.answer == answer.id) & PHOTO
    asked = Attachment.select(Attachment.id, Attachment.before).where(theirs)
    photos = await asked.order_by(Attachment.received_at).order_by(Attachment.id)
    known = await of_the_question(message)
    if len(photos) == len(known) and not any(photo["before"] for photo in photos):
        await pair(message, answer, {photo["id"]: before for photo, before in zip(photos, known, strict=True)})
