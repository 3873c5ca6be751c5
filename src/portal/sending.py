"""What comes in with the form of a message (§3), and goes to the verbs that take it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response
from pydantic import BeforeValidator

from domain import submitting
from domain.database import atomic
from domain.errors import Unfit
from domain.model import Attachment, Message, Person
from domain.submitting import Matter
from portal import limits
from portal.cards import forms
from portal.forms import Form, Id
from portal.pages import page, sentences, wants_fragment
from portal.received import Received, receive
from portal.visit import PortalRequest


def _degrees(value: Any) -> float | None:
    """The browser's script writes it, not a person: a point that is none is left out and not complained of."""
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        return None
    return degrees if -180 <= degrees <= 180 else None


Degrees = Annotated[float | None, BeforeValidator(_degrees)]


class MessageForm(Form):
    topic: Id | None = None
    text: str = ""
    address: str = ""
    latitude: Degrees = None
    longitude: Degrees = None
    consent: Literal["given", "withheld"] | None = None


class Sending(Received):
    """The form of a message, and the files that came with it."""

    def matter(self, kept: Iterable[Attachment] = ()) -> Matter:
        """Raises Unfit when a file could not be taken, together with everything else that does not fit."""
        form = self.typed.fit(MessageForm)
        own = {file.id for file in kept}
        chosen = set(self.chosen)
        matter = Matter(
            text=form.text,
            topic=form.topic,
            address=form.address,
            latitude=form.latitude,
            longitude=form.longitude,
            consent=None if form.consent is None else form.consent == "given",
            files=[id for id in self.chosen if id not in own],
            dropped=sorted(own - chosen),
        )
        if self.fault:
            raise Unfit({**submitting.said(matter), "files": self.fault})
        return matter


async def read(request: PortalRequest, *, by: Person | None, at: datetime, key: UUID | None = None) -> Sending:
    received = await receive(request, by=by, at=at, key=key)
    return Sending(received.typed, received.key, received.bad)


async def submit(sending: Sending, *, by: Person, at: datetime) -> Message:
    matter = sending.matter()
    async with atomic():
        await limits.one_more_message(by, sending.key, at=at)
        return await submitting.submit(matter, key=sending.key, by=by, at=at)


async def correct(message: Message, sending: Sending, *, by: Person, at: datetime) -> None:
    matter = sending.matter(await own_files(message))
    await submitting.correct(message, matter, by=by, at=at)


async def own_files(message: Message) -> list[Attachment]:
    own = (Attachment.message == message.id) & Attachment.answer.is_null() & Attachment.rating.is_null()
    return await Attachment.objects().where(own).order_by(Attachment.received_at)


async def again(
    request: PortalRequest,
    sending: Sending,
    unfit: Unfit,
    context: dict[str, Any],
    page_template: str,
) -> Response[str]:
    """The form with every word and every file that came, and the sentences in the order of its fields."""
    errors = forms.in_order(sentences(request, unfit))
    template = "messages/_form.html" if wants_fragment(request) else page_template
    status = 429 if isinstance(unfit, limits.TooMany) else 422
    return page(request, template, {**context, "errors": errors}, status=status)
