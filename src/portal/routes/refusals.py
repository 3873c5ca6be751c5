"""The moderator refuses registration: grounds, reason, and what to correct (§3, R08)."""

from typing import Any

from litestar import Response, post

from domain import moderating
from portal.forms import Form, Id, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


class RefusalForm(Form):
    grounds: tuple[Id, ...] = ()
    reason: str = ""
    proposal: str = ""


@post("/messages/{message_id:int}/refusal", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def refuse(form: Typed) -> None:
        given = form.fit(RefusalForm)
        await moderating.refuse(
            message, by=person, at=now, grounds=given.grounds, reason=given.reason, proposal=given.proposal
        )

    return await decided(request, message, person, now, "refusal", refuse)
