"""The executor writes the answer and its files, as often as they like (§4.2)."""

from dataclasses import replace
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
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Form, Id, Typed, typed
from portal.given import Now, TheMessage, ThePerson
from portal.pages import page
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

    def words(self, form: Typed) -> Written:
        """What was written, without the files."""
        informed = Informed(self.informed, self.informed_on, self.informed_number, self.informed_file)
        kept = Written(self.outcome, self.text, self.planned_on, informed=informed)
        return replace(kept, replies=remarks.replies(form), pairs=pairs.pairs(form))


@post("/messages/{message_id:int}/answer", guards=EXECUTORS, request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def save(form: Typed) -> None:
        await keep(form, message, by=person, at=now)

    return await done(request, message, person, now, "answer", save, stay=True)


@post("/messages/{message_id:int}/answer/words", guards=EXECUTORS)
async def keep_words(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    """What the page saves by itself: words alone, so that no row of a file moves under the cursor."""
    form = await typed(request)
    given = form.fit(AnswerForm)
    version = given.version or 0
    answer = await answering.draft(message, given.words(form), by=person, at=now, version=version, pressed=False)
    return page(request, "execution/_saved.html", {"version": answer.version})


async def keep(form: Typed, message: Message, *, by: Person, at: datetime) -> None:
    """Save what was written, first of all the files: whatever else does not fit, they need not be sent again."""
    key = uuid_of(form.get("key")) or uuid4()
    came = await uploads.take_in(form.files("files"), key=key, by=by.id, at=at)
    form.fields["key"] = [str(key)]
    form.fields["uploads"] = [*form.all("uploads"), *map(str, uploads.kept_ids(came))]
    given = form.fit(AnswerForm)
    written = replace(given.words(form), key=key, files=given.uploads, dropped=given.dropped)
    answer = await answering.draft(message, written, by=by, at=at, version=given.version or 0)
    form.fields["version"] = [str(answer.version)]
    if wrong := uploads.fault(came):
        raise Unfit({"files": wrong})
