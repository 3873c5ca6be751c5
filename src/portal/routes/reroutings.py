"""The moderator sends a message that was handed back to another executor (§4.1, R12)."""

from typing import Any

from litestar import Response, post

from domain import moderating
from portal.forms import Form, Id, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


class ReroutingForm(Form):
    executor: Id


@post("/messages/{message_id:int}/rerouting", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def reroute(form: Typed) -> None:
        await moderating.reroute(message, by=person, at=now, executor=form.fit(ReroutingForm).executor)

    return await decided(request, message, person, now, "rerouting", reroute)
