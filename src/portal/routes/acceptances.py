"""The executor accepts a case, with its scope and the day it will be finished (§4.1, R11)."""

from datetime import date
from typing import Any

from litestar import Response, post

from domain import executing
from portal.forms import Form, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.execution import EXECUTORS, done
from portal.routes.parts import wishes
from portal.visit import PortalRequest


class AcceptanceForm(Form):
    scope: str = ""
    finish_on: date | None = None


@post("/messages/{message_id:int}/acceptance", guards=EXECUTORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def accept(form: Typed) -> None:
        given = form.fit(AcceptanceForm)
        await executing.accept(
            message, by=person, at=now, scope=given.scope, finish_on=given.finish_on, helpers=wishes(form)
        )

    return await done(request, message, person, now, "acceptance", accept, stay=True)
