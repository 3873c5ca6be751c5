"""Photos of an answer are turned, cropped, or confirmed as they are (§4.1, R14): by pressing, writing or drawing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from domain import editing
from domain.errors import Unfit, say
from domain.fitness import Box
from domain.model import Message, Person
from domain.seeing import visible_to
from portal import uploads
from portal.desk import execution, queues
from portal.desk.asking import asked
from portal.desk.deciding import Act, decide
from portal.desk.photo import photo_to_edit
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Form, Id, Typed, per_cent
from portal.given import Now, TheMessage, ThePerson
from portal.pages import not_there, page
from portal.routes import drafts, parts
from portal.routes.execution import EXECUTORS, done
from portal.visit import PortalRequest

SIDES = ("left", "top", "width", "height")


class PhotoForm(Form):
    version: Id


class TurnForm(PhotoForm):
    turn: Id


class OpenForm(Form):
    photo: UUID


@post("/messages/{message_id:int}/answer/photo", guards=EXECUTORS, request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def open_from_answer(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    """First the answer as it was typed, so that nothing of it is lost on the way to the photo."""

    async def save(form: Typed) -> None:
        await drafts.keep(form, message, by=person, at=now)

    return await done(request, message, person, now, "answer", save, onward=lambda form: place_of(message, form))


@post(
    "/messages/{message_id:int}/parts/{part:int}/photo",
    guards=EXECUTORS,
    request_max_body_size=UPLOAD_BODY,
    opt=UPLOAD_TIME,
)
async def open_from_part(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, part: FromPath[int]
) -> Response[Any]:
    async def save(form: Typed) -> None:
        await parts.keep(form, message, part, by=person, at=now)

    return await done(request, message, person, now, "report", save, onward=lambda form: place_of(message, form))


@get("/execution/{message_id:int}/photos/{file_id:uuid}", guards=EXECUTORS)
async def edit(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, file_id: FromPath[UUID]
) -> Response[Any]:
    return await shown(request, message, person, now, file_id)


@post("/messages/{message_id:int}/photos/{file_id:uuid}/turn", guards=EXECUTORS)
async def turn(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, file_id: FromPath[UUID]
) -> Response[Any]:
    async def act(form: Typed) -> None:
        given = form.fit(TurnForm)
        await editing.edit(message, file_id, by=person, at=now, version=given.version, turn=given.turn)

    return await changed(request, message, person, now, file_id, act)


@post("/messages/{message_id:int}/photos/{file_id:uuid}/crop", guards=EXECUTORS)
async def crop(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, file_id: FromPath[UUID]
) -> Response[Any]:
    async def act(form: Typed) -> None:
        version = form.fit(PhotoForm).version
        await editing.edit(message, file_id, by=person, at=now, version=version, crop=box(form))

    return await changed(request, message, person, now, file_id, act)


@post("/messages/{message_id:int}/photos/{file_id:uuid}/original", guards=EXECUTORS)
async def restore(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, file_id: FromPath[UUID]
) -> Response[Any]:
    async def act(form: Typed) -> None:
        await editing.restore(message, file_id, by=person, at=now, version=form.fit(PhotoForm).version)

    return await changed(request, message, person, now, file_id, act)


@post("/messages/{message_id:int}/photos/{file_id:uuid}/confirmation", guards=EXECUTORS)
async def confirm(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, file_id: FromPath[UUID]
) -> Response[Any]:
    async def act(form: Typed) -> None:
        await editing.confirm(message, file_id, by=person, at=now, version=form.fit(PhotoForm).version)

    return await changed(request, message, person, now, file_id, act)


def place_of(message: Message, form: Typed) -> str:
    return f"/execution/{message.id}/photos/{form.fit(OpenForm).photo}"


def box(form: Typed) -> Box:
    left, top, width, height = (share(form.get(side)) for side in SIDES)
    return left, top, width, height


def share(typed: str) -> float:
    if (given := per_cent(typed)) is None:
        raise Unfit({"crop": say("Write four numbers, in per cent of the photo.")})
    return given / 100


async def changed(
    request: PortalRequest, message: Message, person: Person, now: datetime, id: UUID, act: Act
) -> Response[Any]:
    """The photo as it is now, made at once by the child process, because somebody waits to see it."""

    async def change(form: Typed) -> None:
        await act(form)
        await uploads.develop(message)

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        return await shown(request, message, person, now, id, typed=form, errors=errors, faster=faster)

    return await decide(request, change, again, lambda _: f"/execution/{message.id}/photos/{id}")


async def shown(
    request: PortalRequest,
    message: Message,
    person: Person,
    now: datetime,
    id: UUID,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    faster: str | None = None,
) -> Response[Any]:
    current = await visible_to(person).where(Message.id == message.id).first()
    photo = await photo_to_edit(current, id, person) if current else None
    if photo is None:
        raise not_there()
    ask = await asked(person, now, request.visit.view.language)
    side = await execution.side(ask, queues.find(execution.QUEUES, ""))
    form = typed or Typed.of(left=0, top=0, width=100, height=100)
    context = {"photo": photo, "message": message, "form": form, "errors": errors or {}, "faster": faster}
    return page(request, "execution/photo.html", {**context, "side": side, "desk": "/execution"})
