"""Whoever attached a photo to an answer turns and crops it, or says that it is readable as it is (§4.1, R14).

What is shown is made from the original, which stays for the case, and by which R16 knows the photo again.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from domain import moves
from domain.areas import Area, moved
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit, say
from domain.events import Kind, record
from domain.fitness import EXACT, UNTOUCHED, Box, Edit
from domain.model import Answer, Attachment, Message, Part, Person
from domain.moves import acting
from domain.shares import LIVELY, NAMED, instead
from domain.taking import hold, stale

TURNS = (0, 90, 180, 270)
LEAST = 0.01  # of either side


async def edit(
    message: Message, photo: UUID, *, by: Person, at: datetime, version: int, turn: int = 0, crop: Box | None = None
) -> None:
    """Turn what one sees, and keep a part of it."""
    if turn not in TURNS or not (turn or crop):
        raise Unfit({"turn": say("Choose how to turn the photo.")})
    if crop:
        within(crop)
    await change(message, photo, lambda was: further(was, turn, crop), by=by, at=at, version=version)


def within(box: Box) -> None:
    left, top, width, height = box
    inside = min(left, top) >= 0 and round(max(left + width, top + height), EXACT) <= 1
    if not inside or min(width, height) < LEAST:
        raise Unfit({"crop": say("What is kept lies within the photo: from 0 to 100 % of its width and height.")})


def further(was: Edit, turn: int, crop: Box | None) -> Edit:
    turned = was.turned(turn)
    return turned.cropped(crop) if crop else turned


async def restore(message: Message, photo: UUID, *, by: Person, at: datetime, version: int) -> None:
    """Back to the original."""
    await change(message, photo, lambda _: UNTOUCHED, by=by, at=at, version=version)


async def change(
    message: Message, photo: UUID, changed: Callable[[Edit], Edit], *, by: Person, at: datetime, version: int
) -> None:
    """The photo waits to be made anew; its marks, and what was said of them, are those of another picture.

    What a moderator has covered in it stays covered (R10).
    """
    async with atomic():
        file = await held(message, photo, by, version)
        before = Edit.of(file.edit)
        new = changed(before)
        areas = moved([Area(*each) for each in json.loads(file.covers)], before, new)
        values: dict[Any, Any] = {"state": "received", "edit": new.as_json(), "version": version + 1}
        values |= {"marks": "{}", "as_is": False, "reason": None}
        values |= {"covers": json.dumps([list(area) for area in areas]), "covered": None}
        await Attachment.update(values).where(Attachment.id == photo)
        was = sorted([*json.loads(file.sizes).values(), *json.loads(file.covered or "{}").values()])
        said = {"photo": photo, "name": file.name, "turn": new.turn, "crop": new.crop, **await on_behalf(file, by)}
        await record(Kind.PHOTO_EDITED, message, by=by, at=at, **said, version=version + 1, was=was)


async def confirm(message: Message, photo: UUID, *, by: Person, at: datetime, version: int) -> None:
    """The marked photo is readable as it is; the journal and the reviewer are told so."""
    async with atomic():
        file = await held(message, photo, by, version)
        marks = json.loads(file.marks)
        if not marks or file.as_is:
            raise OutOfTurn("There is nothing to confirm about this photo.")
        await Attachment.update({Attachment.as_is: True, Attachment.version: version + 1}).where(Attachment.id == photo)
        said = {"photo": photo, "name": file.name, "marks": marks, **await on_behalf(file, by)}
        await record(Kind.PHOTO_CONFIRMED, message, by=by, at=at, **said)


async def held(message: Message, photo: UUID, by: Person, version: int) -> Attachment:
    """The photo, for whoever prepares it, and for nobody else until the transaction ends."""
    await hold(message, by)
    file = await Attachment.objects().where(Attachment.id == photo).lock_rows("NO KEY UPDATE").first()
    if file is None:
        raise NotAllowed("This is not yours to do.")
    await must_prepare(file, message, by)
    if file.version != version:
        raise Stale("The photo was changed in another window meanwhile.")
    # A photo on which its reader died while it was edited still has its way back.
    if file.kind == "pdf" or file.state == "received" or (file.state == "refused" and file.edit is None):
        raise OutOfTurn("Only a photo that is ready can be edited.")
    return file


async def must_prepare(file: Attachment, message: Message, by: Person) -> None:
    """The executor, while the answer is theirs to write; a co-executor, while their part is; a deputy of either."""
    if file.answer is not None:
        of_it = (Answer.id == file.answer) & (Answer.message == message.id) & (Answer.round == message.round)
        theirs = moves.SEND_FOR_REVIEW.is_for(by, message) and await Answer.exists().where(of_it)
    else:
        of_it = (Part.id == file.part) & (Part.message == message.id) & (Part.round == message.round)
        whose = Part.executor.is_in(list(acting(by)))
        theirs = file.part is not None and await Part.exists().where(of_it & whose & NAMED)
    if not theirs:
        raise NotAllowed("This is not yours to do.")
    if message.status not in (LIVELY if file.answer is None else moves.WRITABLE):
        raise await stale(message, by)


async def on_behalf(file: Attachment, by: Person) -> dict[str, int | None]:
    """In whose place a deputy prepares the photos of a part; of an answer the journal knows it by itself."""
    part = await Part.objects().get(Part.id == file.part) if file.answer is None else None
    return instead(part, by) if part else {}
