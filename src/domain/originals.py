"""A file as it came (§4.1): kept for the case, taken away by its officials alone, and the journal says by whom."""

from datetime import datetime

from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn
from domain.events import Kind, record
from domain.model import Attachment, Message, Person
from domain.moves import Role
from domain.seeing import visible_to


async def take_away(message: Message, file: Attachment, *, by: Person, at: datetime) -> None:
    """Nothing is said of what others made of it; a file that waits or was refused has been looked at by nobody."""
    if by.role == Role.CITIZEN or not await visible_to(by).where(Message.id == message.id).first():
        raise NotAllowed("Originals are for the officials of the case (clause 4.1).")
    if file.state != "ready":
        raise OutOfTurn("Only a file that is ready can be taken away.")
    async with atomic():
        await record(Kind.ORIGINAL_TAKEN, message, by=by, at=at, file=file.id, name=file.name)
