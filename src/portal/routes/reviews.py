"""The executor sends the answer to a second person (§4.3)."""

from typing import Any

from litestar import Response, post

from domain import answering
from portal import uploads
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.drafts import keep
from portal.routes.execution import EXECUTORS, done
from portal.visit import PortalRequest


@post("/messages/{message_id:int}/answer/review", guards=EXECUTORS, request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def send(form: Typed) -> None:
        await keep(form, message, by=person, at=now)
        await uploads.develop(message)
        await answering.send_for_review(message, by=person, at=now, without_parts=form.get("without_parts"))

    return await done(request, message, person, now, "answer", send, stay=False)
