"""The citizen rates the answer in the cabinet (§4.4, R23–R27): once, with remarks where it is not solved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from litestar import Response, post

from domain import rating
from domain.errors import OutOfTurn, Sentence, Unfit
from domain.model import Attachment, Message, Person
from domain.moves import Role
from portal import uploads
from portal.cards import case, feedback
from portal.cards.clocks import terms_of
from portal.cards.feedback import Done, RatingView
from portal.cards.forms import uuid_of, uuids
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Typed, typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import go_to, page, sentences, wants_fragment
from portal.visit import PortalRequest

TOO_LATE = "This answer can no longer be rated."


@post(
    "/messages/{message_id:int}/rating",
    guards=[only(Role.CITIZEN)],
    request_max_body_size=UPLOAD_BODY,
    opt=UPLOAD_TIME,
)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    given = await read(request, by=person, at=now)
    try:
        await rate(given, message, by=person, at=now)
    except Unfit as unfit:
        return await again(request, given, message, sentences(request, unfit), now)
    return taken(request, given, now, f"/messages/{message.id}?said=rated")


@dataclass(frozen=True)
class Given:
    """What was chosen and said, and the files of the remarks; those that could not be taken are in `bad`."""

    typed: Typed
    key: UUID
    bad: list[Attachment]

    @property
    def fault(self) -> Sentence | None:
        return uploads.fault(self.bad)


async def read(request: PortalRequest, *, by: Person, at: datetime) -> Given:
    form = await typed(request)
    key = uuid_of(form.get("key")) or uuid4()
    files = await uploads.take_in(form.files("files"), key=key, by=by.id, at=at)
    form.fields["key"] = [str(key)]
    form.fields["uploads"] = [*form.all("uploads"), *map(str, uploads.kept_ids(files))]
    return Given(form, key, [file for file in files if file.state == "refused"])


async def rate(given: Given, message: Message, *, by: Person, at: datetime) -> None:
    if given.fault:
        raise Unfit({"files": given.fault})
    form = given.typed
    said = {"choice": form.get("choice"), "remarks": form.get("remarks")}
    await rating.rate(message, by=by, at=at, key=given.key, files=uuids(form.all("uploads")), **said)


async def again(
    request: PortalRequest, given: Given, message: Message, errors: dict[str, str], now: datetime
) -> Response[Any]:
    language = request.visit.view.language
    window = feedback.rating_term(message, (await terms_of(message.id))[message.id], now)
    if window is None:
        raise OutOfTurn(TOO_LATE)
    action = f"/messages/{message.id}/rating"
    form = await feedback.rating(
        message, window, action, language=language, typed=given.typed, bad=given.bad, errors=errors
    )
    if wants_fragment(request):
        return page(request, "messages/_rating.html", {"rating": form}, status=422)
    card = await case.card(message, at=now, language=language, rating=form)
    return page(request, "messages/show.html", {"message": card, "said": None}, status=422)


def taken(request: PortalRequest, given: Given, now: datetime, back: str) -> Response[Any]:
    """With scripts the rating stands where its form stood; without them, the page that shows it."""
    if not wants_fragment(request):
        return go_to(back)
    done = Done(given.typed.get("choice"), given.typed.get("remarks").strip() or None, now)
    return page(request, "messages/_rating.html", {"rating": RatingView(done=done, fresh=True)})
