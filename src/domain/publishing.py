"""A message stands before everybody only after moderation, and only with its author's consent (§2, §4.1)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Unfit, say
from domain.events import Kind, record
from domain.model import Answer, Attachment, Message, Person, Rejection, RejectionGround, Topic
from domain.moves import Role
from domain.publicity import copied, made_public, show
from domain.taking import alter


async def publish(
    message: Message, *, by: Person, at: datetime, text: str, place: str | None = None, photos: Iterable[UUID] = ()
) -> None:
    """Publish the moderator's copies of the text, the place and photos; the citizen's own stay as they are (R10, R28).

    Published once more it is edited: photos that are shown stay, as only a withdrawal takes them off.
    """
    must_moderate(message, by)
    topic = await Topic.objects().get(Topic.id == message.topic)
    if topic is None:
        raise LookupError(f"topic {message.topic} of message {message.id} is gone")
    async with atomic():
        changes = made_public(message, topic, text, at=message.published_at or at, place=place)
        await alter(message, by=by, **changes)
        shown = await show(message, photos)
        said = {"text": changes["public_text"], "place": changes["public_address"], "photos": shown}
        await record(Kind.PUBLISHED, message, by=by, at=at, **said)


async def publish_answer(
    message: Message, answer: int, *, by: Person, at: datetime, text: str, photos: Iterable[UUID] = ()
) -> None:
    """Publish the moderator's copy of an answer that the citizen already has, beside the published message."""
    must_moderate(message, by)
    if message.published_at is None:
        raise OutOfTurn("The answer is published beside the message: publish the message first.")
    copy: dict[Any, Any] = {"public_text": copied(text), "published_at": at, "rejection": None}
    async with atomic():
        await alter(message, by=by)
        approved = (Answer.id == answer) & (Answer.message == message.id) & (Answer.state == "approved")
        if not await Answer.update(copy).where(approved).returning(Answer.id):
            raise OutOfTurn("Only an answer that was let out to the citizen can be published.")
        shown = await show(message, photos, answer=answer)
        await record(
            Kind.ANSWER_PUBLISHED, message, by=by, at=at, answer=answer, text=copy["public_text"], photos=shown
        )


async def withdraw(
    message: Message,
    *,
    by: Person,
    at: datetime,
    ground: int | None,
    words: str,
    answer: int | None = None,
    photo: UUID | None = None,
) -> None:
    """Reject the publication of the message, or of one answer or photo of it: it names its ground (R28).

    What was published is off the public pages at once; the case itself goes on.
    """
    must_moderate(message, by)
    named = await named_ground(ground, words)
    async with atomic():
        await alter(message, by=by)
        act = Rejection(ground=named.id, words=words.strip(), person=by.id, at=at)
        (row,) = await Rejection.insert(act)
        if not await take_off(message, row["id"], answer, photo):
            raise OutOfTurn("There is nothing to take off: it is rejected already, or it is not there.")
        said = {"ground": named.code, "named": named.name, "words": words.strip(), "answer": answer, "photo": photo}
        await record(Kind.PUBLICATION_REJECTED, message, by=by, at=at, **said)


async def take_off(message: Message, rejection: int, answer: int | None, photo: UUID | None) -> list[Any]:
    off: dict[Any, Any] = {"published_at": None, "rejection": rejection}
    if photo is not None:
        theirs = (Attachment.id == photo) & (Attachment.message == message.id) & Attachment.rating.is_null()
        hidden: dict[Any, Any] = {"shown": False, "rejection": rejection}
        mine = theirs & (Attachment.kind != "pdf") & Attachment.rejection.is_null()
        return await Attachment.update(hidden).where(mine).returning(Attachment.id)
    if answer is not None:
        theirs = (Answer.id == answer) & (Answer.message == message.id) & (Answer.state == "approved")
        return await Answer.update(off).where(theirs & Answer.rejection.is_null()).returning(Answer.id)
    own = (Message.id == message.id) & Message.rejection.is_null()
    return await Message.update(off).where(own).returning(Message.id)


async def named_ground(ground: int | None, words: str) -> RejectionGround:
    active = (RejectionGround.id == ground) & RejectionGround.active.eq(True)
    named = await RejectionGround.objects().get(active) if ground is not None else None
    errors = {}
    if named is None:
        errors["ground"] = say("Name the ground of the rejection.")
    if not words.strip():
        errors["words"] = say("Say in words why it is not published. The author reads this.")
    if named is None or errors:
        raise Unfit(errors)
    return named


async def withdraw_consent(message: Message, *, by: Person, at: datetime) -> None:
    """The author agrees no longer: at once nothing of the message stands before everybody, nor ever will (R28)."""
    if by.role != Role.CITIZEN or message.author != by.id:
        raise NotAllowed("This is not yours to do.")
    async with atomic():
        # Under a lock and not by the version: the author never hears that an official was faster.
        stands = await Message.objects().where(Message.id == message.id).lock_rows("NO KEY UPDATE").first()
        if stands is None or not stands.consent:
            raise OutOfTurn("The consent is withdrawn already.")
        changes: dict[Any, Any] = {"consent": False, "published_at": None, "version": stands.version + 1}
        await Message.update(changes).where(Message.id == message.id)
        unpublished: dict[Any, Any] = {"published_at": None}
        await Answer.update(unpublished).where(Answer.message == message.id)
        await Attachment.update({Attachment.shown: False}).where(Attachment.message == message.id)
        await record(Kind.CONSENT_WITHDRAWN, message, by=by, at=at)


def must_moderate(message: Message, by: Person) -> None:
    if by.role != Role.MODERATOR:
        raise NotAllowed("This is not yours to do.")
    if message.number is None:
        raise OutOfTurn("Only a registered message can be published.")
