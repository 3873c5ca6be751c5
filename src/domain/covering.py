"""Areas of a photo that nobody of the public may see, a face or a number plate, are covered (§4.1, R10)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.areas import Area, fit
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn
from domain.events import Kind, record
from domain.model import Attachment, Message, Person
from domain.moves import Role
from domain.taking import alter


async def cover(message: Message, photo: UUID, areas: Sequence[Area], *, by: Person, at: datetime) -> None:
    """From now on everybody sees the photo with these areas covered; until it is made so, nobody of the public sees it.

    The original stays as it is for those who work on the case. No areas at all uncover it.
    """
    if by.role != Role.MODERATOR:
        raise NotAllowed("This is not yours to do.")
    fit(areas)
    async with atomic():
        await alter(message, by=by)
        theirs = (Attachment.id == photo) & (Attachment.message == message.id) & Attachment.rating.is_null()
        file = await Attachment.objects().where(theirs).output(load_json=True).lock_rows("NO KEY UPDATE").first()
        if file is None or file.kind == "pdf" or file.state != "ready":
            raise OutOfTurn("Only a photo that is ready can be covered.")
        changes: dict[Any, Any] = {"covers": json.dumps([list(area) for area in areas]), "covered": None}
        await Attachment.update(changes).where(Attachment.id == photo)
        covered: Any = file.covered or {}
        was = sorted(covered.values())
        await record(Kind.PHOTO_COVERED, message, by=by, at=at, photo=photo, areas=len(areas), was=was)
