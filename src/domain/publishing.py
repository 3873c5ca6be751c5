"""A message stands before everybody only after moderation, and only with its author's consent (§2, §4.1)."""

from datetime import datetime

from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn
from domain.events import Kind, record
from domain.model import Message, Person, Topic
from domain.moves import Role
from domain.publicity import made_public
from domain.taking import stale


async def publish(message: Message, *, by: Person, at: datetime, text: str) -> None:
    """Publish the moderator's copy of the text; the citizen's own words stay as they are (R10, R28)."""
    if by.role != Role.MODERATOR:
        raise NotAllowed("This is not yours to do.")
    if message.number is None:
        raise OutOfTurn("Only a registered message can be published.")
    topic = await Topic.objects().get(Topic.id == message.topic)
    if topic is None:
        raise LookupError(f"topic {message.topic} of message {message.id} is gone")
    async with atomic():
        changes = made_public(message, topic, text, at=message.published_at or at)
        as_read = (Message.id == message.id) & (Message.version == message.version)
        changes["version"] = message.version + 1
        if not await Message.update(changes).where(as_read).returning(Message.id):
            raise await stale(message, by)
        await record(Kind.PUBLISHED, message, by=by, at=at, text=text.strip())
