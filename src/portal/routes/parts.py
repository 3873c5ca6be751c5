"""Co-executors (§4.1, R11): named and let go by the executor of the case, heard, and put into the one answer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from litestar import Response, post
from litestar.params import FromPath

from domain import parts
from domain.errors import Sentence, Unfit
from domain.model import Message, Person
from domain.parts import Report
from domain.shares import Wish
from portal import uploads
from portal.cards.forms import uuid_of
from portal.desk.parts import AT_ACCEPTANCE
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Form, Id, Typed, typed
from portal.given import Now, TheMessage, ThePerson
from portal.pages import page
from portal.routes import drafts
from portal.routes.execution import EXECUTORS, done
from portal.visit import PortalRequest


class PartForm(Form):
    helper: Id | None = None
    task: str = ""
    due_on: date | None = None

    def wish(self, place: str = "") -> Wish:
        return Wish(self.helper, self.task, self.due_on, place)


class ReportForm(Form):
    key: UUID
    version: Id | None = None
    report: str = ""
    uploads: tuple[UUID, ...] = ()
    dropped: tuple[UUID, ...] = ()


class InsertionForm(Form):
    part: Id


@post("/messages/{message_id:int}/parts", guards=EXECUTORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def name(form: Typed) -> None:
        await parts.name(message, form.fit(PartForm).wish(), by=person, at=now)

    return await done(request, message, person, now, "naming", name, stay=True)


@post("/messages/{message_id:int}/parts/{part:int}/removal", guards=EXECUTORS)
async def destroy(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, part: FromPath[int]
) -> Response[Any]:
    async def remove(_: Typed) -> None:
        await parts.remove(message, part, by=person, at=now)

    return await done(request, message, person, now, "removal", remove, stay=True)


@post(
    "/messages/{message_id:int}/parts/{part:int}/report",
    guards=EXECUTORS,
    request_max_body_size=UPLOAD_BODY,
    opt=UPLOAD_TIME,
)
async def update(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, part: FromPath[int]
) -> Response[Any]:
    async def save(form: Typed) -> None:
        await keep(form, message, part, by=person, at=now)

    return await done(request, message, person, now, "report", save, stay=True)


@post("/messages/{message_id:int}/parts/{part:int}/words", guards=EXECUTORS)
async def keep_words(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, part: FromPath[int]
) -> Response[Any]:
    """What the page saves by itself: words alone, so that no row of a file moves under the cursor."""
    given = (await typed(request)).fit(ReportForm)
    version, report = given.version or 0, Report(given.report)
    saved = await parts.write(message, part, report, by=person, at=now, version=version, pressed=False)
    return page(request, "execution/_saved.html", {"version": saved.version})


@post(
    "/messages/{message_id:int}/parts/{part:int}/completion",
    guards=EXECUTORS,
    request_max_body_size=UPLOAD_BODY,
    opt=UPLOAD_TIME,
)
async def complete(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, part: FromPath[int]
) -> Response[Any]:
    async def finish(form: Typed) -> None:
        await keep(form, message, part, by=person, at=now)
        await parts.complete(message, part, by=person, at=now)

    return await done(request, message, person, now, "report", finish, stay=True)


@post("/messages/{message_id:int}/answer/parts", guards=EXECUTORS, request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def insert(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    """First the answer as it was typed, so that nothing of it is lost; the part comes after it."""

    async def take_over(form: Typed) -> None:
        await drafts.keep(form, message, by=person, at=now)
        await parts.take_over(message, form.fit(InsertionForm).part, by=person, at=now)

    return await done(request, message, person, now, "answer", take_over, stay=True)


async def keep(form: Typed, message: Message, part: int, *, by: Person, at: datetime) -> None:
    """Save what was written, first of all the files: whatever else does not fit, they need not be sent again."""
    key = uuid_of(form.get("key")) or uuid4()
    came = await uploads.take_in(form.files("files"), key=key, by=by.id, at=at)
    form.fields["key"] = [str(key)]
    form.fields["uploads"] = [*form.all("uploads"), *map(str, uploads.kept_ids(came))]
    given = form.fit(ReportForm)
    report = Report(given.report, key, given.uploads, given.dropped)
    saved = await parts.write(message, part, report, by=by, at=at, version=given.version or 0)
    form.fields["version"] = [str(saved.version)]
    if wrong := uploads.fault(came):
        raise Unfit({"files": wrong})


def wishes(form: Typed) -> list[Wish]:
    """The co-executors that are named with the acceptance; a row that nobody has touched names nobody."""
    found: list[Wish] = []
    errors: dict[str, Sentence] = {}
    for place in AT_ACCEPTANCE:
        row = {name: form.get(f"{name}{place}") for name in PartForm.model_fields}
        if any(value.strip() for value in row.values()):
            try:
                found.append(Typed.of(**row).fit(PartForm).wish(place))
            except Unfit as unfit:
                errors |= {f"{name}{place}": sentence for name, sentence in unfit.errors.items()}
    if errors:
        raise Unfit(errors)
    return found
