"""The citizen rates the answer in the cabinet (§4.4, R23–R27): once, with remarks where it is not solved."""

from datetime import datetime
from typing import Any

from litestar import Response, post

from domain import rating
from domain.errors import OutOfTurn, Unfit
from domain.joined import case_of
from domain.model import Message, Person
from domain.moves import Role
from portal.cards import case, feedback
from portal.cards.clocks import terms_of
from portal.forms import UPLOAD_BODY, UPLOAD_TIME
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import leave_for, page, sentences, wants_fragment
from portal.received import Received, receive
from portal.visit import PortalRequest

TOO_LATE = "This answer can no longer be rated."


@post(
    "/messages/{message_id:int}/rating",
    guards=[only(Role.CITIZEN)],
    request_max_body_size=UPLOAD_BODY,
    opt=UPLOAD_TIME,
)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    given = await receive(request, by=person, at=now)
    try:
        await rate(given, message, by=person, at=now)
    except Unfit as unfit:
        return await again(request, given, message, sentences(request, unfit), now)
    return leave_for(request, f"/messages/{message.id}?said=rated#rating")


async def rate(given: Received, message: Message, *, by: Person, at: datetime) -> None:
    if given.fault:
        raise Unfit({"files": given.fault})
    form = given.typed
    said = {"choice": form.get("choice"), "remarks": form.get("remarks")}
    await rating.rate(message, by=by, at=at, key=given.key, files=given.chosen, **said)


async def again(
    request: PortalRequest, given: Received, message: Message, errors: dict[str, str], now: datetime
) -> Response[Any]:
    language = request.visit.view.language
    case_of_it = await case_of(message)
    window = feedback.rating_term(case_of_it, (await terms_of(message.id))[message.id], now)
    if window is None:
        raise OutOfTurn(TOO_LATE)
    action = f"/messages/{message.id}/rating"
    form = await feedback.rating(
        case_of_it, window, action, language=language, typed=given.typed, bad=given.bad, errors=errors
    )
    if wants_fragment(request):
        return page(request, "messages/_rating.html", {"rating": form}, status=422)
    card = await case.card(message, at=now, language=language, rating=form)
    return page(request, "messages/show.html", {"message": card, "said": None}, status=422)
