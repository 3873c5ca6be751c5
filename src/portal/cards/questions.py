"""A moderator's question as its author sees it (§3, R08): open with a form for the reply, replied to, or over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from domain import attaching, invitations
from domain.clarifying import last_minute
from domain.events import Kind
from domain.model import Attachment, Message, Person, Question
from domain.moves import Status
from domain.seeing import visible_to
from portal.cards import story
from portal.cards.files import FileView, file_view
from portal.cards.forms import uuid_of, uuids
from portal.forms import Typed

State = Literal["open", "replied", "over", "expired", "unknown"]


@dataclass(frozen=True)
class ReplyForm:
    action: str
    key: UUID
    reply: str
    uploads: Sequence[FileView]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionView:
    """`form` is there while a reply is awaited from whoever looks."""

    id: int
    sending: int
    text: str
    at: datetime
    until: datetime
    reply: str | None
    replied_at: datetime | None
    form: ReplyForm | None = None

    @property
    def last_moment(self) -> datetime:
        return last_minute(self.until)


def told(happened: Iterable[dict[str, Any]]) -> list[QuestionView]:
    """Every question that the journal holds, with its reply, the latest first."""
    events = list(happened)
    replies = {event["data"]["sending"]: event for event in events if event["kind"] == Kind.REPLIED}
    views = [view(event, replies.get(event["data"]["sending"])) for event in events if event["kind"] == Kind.QUESTIONED]
    return sorted(views, key=lambda each: each.at, reverse=True)


def view(event: dict[str, Any], reply: dict[str, Any] | None) -> QuestionView:
    said = event["data"]
    until = datetime.fromisoformat(said["until"])
    replied = (reply["data"]["reply"], reply["at"]) if reply else (None, None)
    return QuestionView(said["id"], said["sending"], said["question"], event["at"], until, *replied)


def is_open(question: QuestionView, message: Message, at: datetime) -> bool:
    return message.status == Status.QUESTIONED and question.sending == message.sending and at < question.until


async def form(
    action: str,
    language: str,
    *,
    typed: Typed | None = None,
    bad: Iterable[Attachment] = (),
    errors: dict[str, str] | None = None,
) -> ReplyForm:
    typed = typed or Typed()
    key = uuid_of(typed.get("key")) or uuid4()
    files = [*await attaching.received(key, uuids(typed.all("uploads"))), *bad]
    return ReplyForm(
        action=action,
        key=key,
        reply=typed.get("reply"),
        uploads=[file_view(file, "/files", language) for file in files],
        errors=errors or {},
    )


async def of_the_message(
    message: Message, happened: Iterable[dict[str, Any]], *, at: datetime, language: str, given: ReplyForm | None = None
) -> list[QuestionView]:
    """For the author's own page; `given` is a form that did not fit, shown with its words even if it came too late."""
    views = told(happened)
    if not views or not (given or is_open(views[0], message, at)):
        return views
    shown = given or await form(f"/messages/{message.id}/reply", language)
    return [replace(views[0], form=shown), *views[1:]]


@dataclass(frozen=True)
class Invited:
    """What a letter's link opens: one question to one person, for as long as the link is good."""

    token: str
    state: State
    person: Person | None = None
    message: Message | None = None
    question: QuestionView | None = None


async def invited(token: str, secret: str, *, at: datetime) -> Invited:
    """Whoever is invited sees by it no more than they may see: their own message."""
    invitation = invitations.read(token, secret, at=at, what=invitations.QUESTION)
    if invitation is None:
        return Invited(token, "unknown")
    if invitation.expired:
        return Invited(token, "expired")
    person = await Person.objects().where((Person.id == invitation.person) & Person.active.eq(True)).first()
    question = await Question.objects().get(Question.id == invitation.to)
    message = question and person and await visible_to(person).where(Message.id == question.message).first()
    if not message or question is None:
        return Invited(token, "unknown")
    found = next(each for each in told(await story.events(message)) if each.id == question.id)
    state: State = "open" if is_open(found, message, at) else "replied" if found.reply else "over"
    return Invited(token, state, person, message, found)
