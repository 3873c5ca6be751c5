"""The moderator brings a case to the commission after three reworks in a row (§4.4, R27)."""

from typing import Any

from litestar import Response, post

from domain import moderating
from portal.forms import Form, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


class CommissionForm(Form):
    reason: str = ""


@post("/messages/{message_id:int}/commission", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def bring(form: Typed) -> None:
        await moderating.bring_to_commission(message, by=person, at=now, reason=form.fit(CommissionForm).reason)

    return await decided(request, message, person, now, "commission", bring)
