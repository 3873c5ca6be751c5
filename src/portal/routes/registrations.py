"""The moderator registers a message (§3, R07)."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from domain import moderating
from domain.standard_answers import matching
from portal.desk import registration
from portal.desk.asking import asked
from portal.desk.directory import directory
from portal.forms import Form, Id, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.pages import page
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


class RegistrationForm(Form):
    topic: Id
    executor: Id | None = None
    publish: str = ""


@get("/messages/{message_id:int}/registration", guards=MODERATORS)
async def new(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, topic: FromQuery[int] = 0
) -> Response[Any]:
    """Which terms would begin, and for whom, if the message were registered now with this topic, or its answer."""
    ask = await asked(person, now, request.visit.view.language)
    chosen = topic or message.topic
    terms = registration.terms(ask, await directory(), chosen)
    blank: dict[str, Any] = {"message_id": message.id, "form": Typed(), "errors": {}}
    known = {"terms": terms, "standards": await matching(chosen), **blank}
    return page(request, "moderation/_chosen.html", known)


@post("/messages/{message_id:int}/registration", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def register(form: Typed) -> None:
        given = form.fit(RegistrationForm)
        public = registration.public_copy(form) if given.publish else {}
        await moderating.register(message, by=person, at=now, topic=given.topic, executor=given.executor, **public)

    return await decided(request, message, person, now, "registration", register)
