"""The executor writes the answer and its files, as often as they like (§4.2)."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from litestar import Response, post

from domain import answering
from domain.answering import Written
from domain.errors import Unfit
from domain.informing import Informed
from domain.model import Message, Person
from portal import uploads
from portal.cards.forms import uuid_of
from portal.desk import pairs, remarks
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Form, Id, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.execution import EXECUTORS, done
from portal.visit import PortalRequest


class AnswerForm(Form):
    key: UUID
    version: Id | None = None
    outcome: Literal["solved", "planned", "impossible"] | None = None
    text: str = ""
    planned_on: date | None = None
    informed: str = ""
    informed_on: date | None = None
    informed_number: str = ""
    informed_file: UUID | None = None
    uploads: tuple[UUID, ...] = ()
    dropped: tuple[UUID, ...] = ()


@post("/messages/{message_id:int}/answer", guards=EXECUTORS, request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def save(form: Typed) -> None:
        await keep(form, message, by=person, at=now)

    return await done(request, message, person, now, "answer", save, stay=True)


async def keep(form: Typed, message: Message, *, by: Person, at: datetime) -> None:
    """Save what was written, first of all the files: whatever else does not fit, they need not be sent again."""
    key = uuid_of(form.get("key")) or uuid4()
    came = await uploads.take_in(form.files("files"), key=key, by=by.id, at=at)
    form.fields["key"] = [str(key)]
    form.fields["uploads"] = [*form.all("uploads"), *map(str, uploads.kept_ids(came))]
    given = form.fit(AnswerForm)
    informed = Informed(given.informed, given.informed_on, given.informed_number, given.informed_file)
    words = (given.outcome, given.text, given.planned_on)
    written = Written(*words, key, given.uploads, given.dropped, informed, remarks.replies(form), pairs.pairs(form))
    answer = await answering.draft(message, written, by=by, at=at, version=given.version or 0)
    form.fields["version"] = [str(answer.version)]
    if wrong := uploads.fault(came):
        raise Unfit({"files": wrong})
