"""A letter's link (§4.3, R21): it opens one answer without a sign-in, and a press of a button there rates it.

Machines that guard mailboxes open every link: asking for a page changes nothing, only the sent form does.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from domain.errors import OutOfTurn, Unfit
from domain.model import Attachment
from portal import serving
from portal.cards import invited, papers
from portal.cards.invited import Invited
from portal.forms import UPLOAD_BODY, UPLOAD_TIME
from portal.given import Now
from portal.pages import leave_for, not_there, page, sentences, wants_fragment
from portal.received import Received, receive
from portal.routes import ratings
from portal.routes.ratings import TOO_LATE
from portal.visit import PortalRequest

STATUS = {"expired": 410, "unknown": 404}
NOT_INDEXED = "noindex, nofollow"


@get("/answers/{token:str}")
async def show(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    link = await opened(request, token, now)
    context = await invited.show(link, at=now, language=request.visit.view.language)
    return shown(request, context, STATUS.get(link.state, 200))


@post("/answers/{token:str}/rating", request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def rate(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    link = await opened(request, token, now)
    if link.person is None or link.message is None:
        raise not_there()
    if not link.current:
        raise OutOfTurn(TOO_LATE)
    given = await receive(request, by=link.person, at=now)
    try:
        await ratings.rate(given, link.message, by=link.person, at=now)
    except Unfit as unfit:
        return await again(request, link, given, sentences(request, unfit), now)
    # With nothing but #rating added, the browser would merely scroll on the page that is open; the query has it loaded.
    return leave_for(request, f"/answers/{token}?said=rated#rating")


@get("/answers/{token:str}/files/{file_id:uuid}")
async def paper(request: PortalRequest, now: Now, token: FromPath[str], file_id: FromPath[UUID]) -> Response[Any]:
    found = await of_the_answer(await opened(request, token, now), file_id)
    paper = papers.paper(found, f"/answers/{token}/files", back=f"/answers/{token}") if found else None
    if paper is None:
        raise not_there()
    return private(page(request, "files/show.html", {"paper": paper}))


@get("/answers/{token:str}/files/{file_id:uuid}/{size:str}", opt=serving.DOWNLOAD_TIME)
async def file(
    request: PortalRequest, now: Now, token: FromPath[str], file_id: FromPath[UUID], size: FromPath[str]
) -> Response[Any]:
    link = await opened(request, token, now)
    return await serving.prepared(request, await of_the_answer(link, file_id), size)


async def of_the_answer(link: Invited, id: UUID) -> Attachment | None:
    mine = (Attachment.id == id) & invited.opened_by(link)
    return await Attachment.objects().where(mine).first() if link.answer else None


async def opened(request: PortalRequest, token: str, now: datetime) -> Invited:
    return await invited.invited(token, request.app.state.settings.secret_key, at=now)


async def again(
    request: PortalRequest, link: Invited, given: Received, errors: dict[str, str], now: datetime
) -> Response[Any]:
    language = request.visit.view.language
    form = await invited.form(link, at=now, language=language, typed=given.typed, bad=given.bad, errors=errors)
    if form is None:
        raise OutOfTurn(TOO_LATE)
    if wants_fragment(request):
        return page(request, "messages/_rating.html", {"rating": form}, status=422)
    return shown(request, await invited.show(link, at=now, language=language, rating=form), 422)


def shown(request: PortalRequest, context: dict[str, Any], status: int) -> Response[Any]:
    return private(page(request, "answers/show.html", context, status=status))


def private(response: Response[Any]) -> Response[Any]:
    response.headers["X-Robots-Tag"] = NOT_INDEXED
    return response
