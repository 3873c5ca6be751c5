"""The moderator joins a message to a case on the same matter, or takes it out again (§2, §3)."""

from typing import Any

from litestar import Response, post

from domain import joining
from portal.forms import Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


@post("/messages/{message_id:int}/joining", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def join(form: Typed) -> None:
        await joining.join(message, form.get("number").strip() or form.get("near"), by=person, at=now)

    return await decided(request, message, person, now, "joining", join)


@post("/messages/{message_id:int}/detaching", guards=MODERATORS)
async def undo(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def detach(form: Typed) -> None:
        await joining.detach(message, by=person, at=now, reason=form.get("reason"))

    return await decided(request, message, person, now, "detaching", detach)
