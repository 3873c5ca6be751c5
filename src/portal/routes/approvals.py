"""A second person lets the answer out to the citizen (§4.3, R21)."""

from typing import Any

from litestar import Response, post

from domain import moderating
from domain.moderating import Review
from portal.cards.forms import uuids
from portal.desk.checklist import judged
from portal.forms import Form, Id, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


class ReviewForm(Form):
    version: Id | None = None


class ApprovalForm(ReviewForm):
    publish: str = ""


@post("/messages/{message_id:int}/approval", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def approve(form: Typed) -> None:
        copy = form.get("public_text") if form.all("public_text") else None
        photos = uuids(form.all("photos"))
        given = form.fit(ApprovalForm)
        review = Review(given.version, judged(form, "kept"))
        public: dict[str, Any] = {"publish": bool(given.publish), "public_text": copy, "photos": photos}
        await moderating.approve(message, review, by=person, at=now, **public)

    return await decided(request, message, person, now, "review", approve)
