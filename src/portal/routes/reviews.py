"""The executor sends the answer to a second person (§4.3)."""

from typing import Any

from litestar import Response, post

from domain import answering
from domain.workdays import in_town
from portal import uploads
from portal.desk.pointing import pointed_in
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Typed, typed
from portal.given import Now, TheMessage, ThePerson
from portal.pages import page
from portal.routes.drafts import keep
from portal.routes.execution import EXECUTORS, done
from portal.visit import PortalRequest


@post("/messages/{message_id:int}/answer/pointed", guards=EXECUTORS)
async def point(request: PortalRequest, message: TheMessage, now: Now) -> Response[Any]:
    """While the executor writes: what a program finds in the words, before anybody else reads them (R18, R19)."""
    form = await typed(request)
    found = pointed_in(form, today=in_town(now).date(), language=request.visit.view.language)
    return page(request, "execution/_pointed.html", {"pointed": found, "errors": {}})


@post("/messages/{message_id:int}/answer/review", guards=EXECUTORS, request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def send(form: Typed) -> None:
        await keep(form, message, by=person, at=now)
        await uploads.develop(message)
        stays: dict[str, Any] = {"without_parts": form.get("without_parts"), "insists": form.all("insists")}
        await answering.send_for_review(message, by=person, at=now, **stays)

    return await done(request, message, person, now, "answer", send, stay=False)
