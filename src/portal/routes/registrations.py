"""The moderator registers a message (§3, R07)."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from domain import moderating
from domain.standard_answers import matching
from domain.workdays import in_town
from portal.desk import moderation, registration
from portal.desk.asking import Attempt, asked
from portal.desk.directory import directory
from portal.forms import Form, Id, Typed, typed
from portal.given import Now, TheMessage, ThePerson
from portal.pages import page
from portal.routes.moderation import MODERATORS, as_typed, decided
from portal.visit import PortalRequest


class RegistrationForm(Form):
    topic: Id
    territory: Id | None = None
    executor: Id | None = None
    publish: str = ""


@get("/messages/{message_id:int}/registration", guards=MODERATORS)
async def new(
    request: PortalRequest,
    message: TheMessage,
    person: ThePerson,
    now: Now,
    topic: FromQuery[int] = 0,
    territory: FromQuery[str] = "",
) -> Response[Any]:
    """Which terms would begin, and for whom, if the message were registered now with this topic, or its answer."""
    ask = await asked(person, now, request.visit.view.language)
    chosen = topic or message.topic
    where = Typed.of(territory=territory)
    terms = registration.terms(
        ask, await directory(in_town(now).date()), chosen, moderation.number_in(where, "territory")
    )
    blank: dict[str, Any] = {"message_id": message.id, "form": Typed(), "errors": {}, "suggested": None}
    known = {"terms": terms, "standards": await matching(chosen), **blank}
    return page(request, "moderation/_chosen.html", known)


@post("/messages/{message_id:int}/registration", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def register(form: Typed) -> None:
        given = form.fit(RegistrationForm)
        chosen = given.model_dump(include={"topic", "territory", "executor"})
        public = registration.public_copy(form) if given.publish else {}
        await moderating.register(message, by=person, at=now, **chosen, **public)

    return await decided(request, message, person, now, "registration", register)


@post("/messages/{message_id:int}/registration/terms", guards=MODERATORS)
async def look(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    """The form comes back as it was typed, with what follows from its topic and territory.

    Without scripts it is asked for by a button; with or without them by a press that takes a suggested topic.
    """
    form = await typed(request)
    form.take("suggested", into="topic")
    return await as_typed(request, message, person, now, form, Attempt("registration", form))
