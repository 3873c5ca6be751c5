"""The author agrees no longer to publication: at once nothing of the message stands before everybody (R28)."""

from typing import Any

from litestar import Response, post

from domain import publishing
from domain.moves import Role
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import leave_for
from portal.visit import PortalRequest


@post("/messages/{message_id:int}/consent/withdrawal", guards=[only(Role.CITIZEN)])
async def destroy(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    await publishing.withdraw_consent(message, by=person, at=now)
    return leave_for(request, f"/messages/{message.id}?said=consent_withdrawn")
