"""The moderator sends an answer back to its executor with the broken rule named (§4.2, R20)."""

from typing import Any

from litestar import Response, post

from domain import moderating
from portal.desk.checklist import judged
from portal.forms import Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.approvals import ReviewForm
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


@post("/messages/{message_id:int}/sending-back", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def send_back(form: Typed) -> None:
        found: dict[str, Any] = {
            "rules": judged(form, "broken"),
            "remark": form.get("remark"),
            "version": form.fit(ReviewForm).version,
        }
        await moderating.send_back(message, by=person, at=now, **found)

    return await decided(request, message, person, now, "review", send_back)
