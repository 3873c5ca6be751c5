"""The publication of a message, an answer or one photo is rejected, on a ground and in words (§2, R28)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from domain import publishing
from domain.model import Message, Person, RejectionGround
from portal.cards.forms import uuid_of
from portal.desk import publication
from portal.desk.collisions import Collision, as_now, collision
from portal.desk.deciding import as_opened, decide
from portal.desk.publication import Sheet
from portal.forms import Form, Id, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.pages import not_there, page
from portal.routes.moderation import MODERATORS
from portal.routes.publishings import beside, page_of
from portal.visit import PortalRequest


class WithdrawalForm(Form):
    ground: Id | None = None
    words: str = ""
    answer: Id | None = None
    photo: UUID | None = None


@dataclass(frozen=True)
class Chosen:
    """What is to be rejected, as a page shows it; a photo has the page of its message or answer around it."""

    sheet: Sheet
    photo: Any


@get("/moderation/{message_id:int}/withdrawal", guards=MODERATORS)
async def new(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    asked_for = {name: request.query_params.get(name) for name in ("answer", "photo")}
    return await shown(request, message, person, now, Typed.of(**asked_for))


@post("/messages/{message_id:int}/withdrawal", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def withdraw(form: Typed) -> None:
        await publishing.withdraw(message, by=person, at=now, **form.fit(WithdrawalForm).model_dump())

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        return await shown(request, message, person, now, form, errors=errors, faster=faster)

    return await decide(request, as_opened(message, withdraw), again, lambda form: page_of(message, form.get("answer")))


async def shown(
    request: PortalRequest,
    message: Message,
    person: Person,
    now: datetime,
    form: Typed,
    *,
    errors: dict[str, str] | None = None,
    faster: str | None = None,
) -> Response[Any]:
    if faster:
        await message.refresh()  # as_opened has made it the message of the form
    chosen = await choose(message, form, person, now)
    if chosen is None:
        raise not_there()
    grounds = await RejectionGround.objects().where(RejectionGround.active.eq(True)).order_by(RejectionGround.code)
    begins = as_now(form, Typed()) if faster else form
    context = {"sheet": chosen.sheet, "photo": chosen.photo, "grounds": grounds, "form": begins}
    late = over(chosen, form, faster) if faster else None
    known = {"errors": errors or {}, "collision": late, **await beside(request, person, now)}
    return page(request, "publishing/withdrawal.html", {**context, **known})


def over(chosen: Chosen, form: Typed, faster: str) -> Collision:
    """Against the words with which it was rejected meanwhile; what is rejected already is not rejected once more."""
    rejected = chosen.photo.rejected if chosen.photo else chosen.sheet.item.rejected
    theirs = {"words": rejected.words} if rejected else {}
    return collision(faster, form, theirs, form="" if rejected else "withdrawal")


async def choose(message: Message, form: Typed, person: Person, now: datetime) -> Chosen | None:
    """What the form names, looked up among what belongs to the message."""
    answer = int(form.get("answer")) if form.get("answer").isascii() and form.get("answer").isdigit() else None
    id = uuid_of(form.get("photo"))
    photo = await publication.photo_of(message, id) if id else None
    if form.get("photo") and photo is None:
        return None
    sheet = await publication.sheet(message, photo.answer if photo else answer, by=person, at=now)
    return Chosen(sheet, photo) if sheet else None
