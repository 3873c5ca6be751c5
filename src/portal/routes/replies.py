"""The author replies to the moderator's question (§3, R08): in the cabinet, or by the link of the letter.

Machines that guard mailboxes open every link: asking for a page changes nothing, only the sent form does.
"""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from domain import clarifying
from domain.errors import Unfit
from domain.model import Message, Person
from domain.moves import Role
from portal.cards import case, questions
from portal.cards.questions import Invited, ReplyForm
from portal.desk.headlines import headline
from portal.forms import UPLOAD_BODY, UPLOAD_TIME
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import go_to, leave_for, not_there, page, sentences
from portal.received import Received, receive
from portal.visit import PortalRequest

STATUS = {"expired": 410, "unknown": 404}
NOT_INDEXED = "noindex, nofollow"


@post(
    "/messages/{message_id:int}/reply",
    guards=[only(Role.CITIZEN)],
    request_max_body_size=UPLOAD_BODY,
    opt=UPLOAD_TIME,
)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    given = await receive(request, by=person, at=now)
    try:
        await reply(given, message, by=person, at=now)
    except Unfit as unfit:
        language = request.visit.view.language
        form = await again(request, given, unfit, f"/messages/{message.id}/reply")
        card = await case.card(message, at=now, language=language, reply=form)
        return page(request, "messages/show.html", {"message": card, "said": None}, status=422)
    return leave_for(request, f"/messages/{message.id}?said=replied")


async def reply(given: Received, message: Message, *, by: Person, at: Any) -> None:
    if given.fault:
        raise Unfit({"files": given.fault})
    await clarifying.reply(message, given.typed.get("reply"), by=by, at=at, key=given.key, files=given.chosen)


async def again(request: PortalRequest, given: Received, unfit: Unfit, action: str) -> ReplyForm:
    errors = sentences(request, unfit)
    return await questions.form(action, request.visit.view.language, typed=given.typed, bad=given.bad, errors=errors)


@get("/questions/{token:str}")
async def show(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    link = await questions.invited(token, request.app.state.settings.secret_key, at=now)
    form = await questions.form(f"/questions/{token}", request.visit.view.language) if link.state == "open" else None
    return shown(request, link, form, STATUS.get(link.state, 200))


@post("/questions/{token:str}", request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def update(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    link = await questions.invited(token, request.app.state.settings.secret_key, at=now)
    if link.person is None or link.message is None:
        raise not_there()
    given = await receive(request, by=link.person, at=now)
    try:
        await reply(given, link.message, by=link.person, at=now)
    except Unfit as unfit:
        return shown(request, link, await again(request, given, unfit, f"/questions/{token}"), 422)
    return go_to(f"/questions/{token}")


def shown(request: PortalRequest, link: Invited, form: ReplyForm | None, status: int) -> Response[Any]:
    title = headline(link.message.text) if link.message else ""
    context = {"state": link.state, "question": link.question, "message": link.message, "title": title, "form": form}
    response = page(request, "questions/show.html", context, status=status)
    response.headers["X-Robots-Tag"] = NOT_INDEXED
    return response
