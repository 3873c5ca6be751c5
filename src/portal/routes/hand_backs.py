"""The executor hands a case back as not theirs, while the term for it runs (§4.1, R12)."""

from typing import Any

from litestar import Response, post

from domain import executing
from portal.forms import Form, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.execution import EXECUTORS, done
from portal.visit import PortalRequest


class HandBackForm(Form):
    justification: str = ""
    competent: str = ""


@post("/messages/{message_id:int}/hand-back", guards=EXECUTORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def hand_back(form: Typed) -> None:
        given = form.fit(HandBackForm)
        said = given.justification
        await executing.hand_back(message, by=person, at=now, justification=said, competent=given.competent)

    return await done(request, message, person, now, "hand_back", hand_back, stay=False)
