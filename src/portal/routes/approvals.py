"""A second person lets the answer out to the citizen (§4.3, R21)."""

from typing import Any

from litestar import Response, post

from domain import moderating
from portal.cards.forms import uuids
from portal.forms import Form, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


class ApprovalForm(Form):
    publish: str = ""


@post("/messages/{message_id:int}/approval", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def approve(form: Typed) -> None:
        copy = form.get("public_text") if form.all("public_text") else None
        photos = uuids(form.all("photos"))
        publish = bool(form.fit(ApprovalForm).publish)
        await moderating.approve(message, by=person, at=now, publish=publish, public_text=copy, photos=photos)

    return await decided(request, message, person, now, "approval", approve)
