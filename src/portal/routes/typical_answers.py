"""The moderator answers a typical message at once, with a standard answer of the directory (§2, R09)."""

from datetime import date
from typing import Any

from litestar import Response, post

from domain import typical
from domain.errors import Unfit
from domain.informing import Informed
from domain.typical import Reply
from portal.desk import registration
from portal.desk.asking import Attempt
from portal.forms import Form, Id, Typed, typed
from portal.given import Now, TheMessage, ThePerson
from portal.pages import sentences
from portal.routes.moderation import MODERATORS, as_typed, decided
from portal.visit import PortalRequest

FILLED = ("standard", "version", "outcome", "text", "greeting", "planned_on")


class FillingForm(Form):
    topic: Id
    standard: Id
    territory: Id | None = None
    executor: Id | None = None
    planned_on: date | None = None


class TypicalForm(FillingForm):
    version: Id | None = None
    filled_from: Id | None = None
    outcome: str | None = None
    greeting: str = ""
    text: str = ""
    publish: str = ""
    informed: str = ""
    informed_on: date | None = None
    informed_number: str = ""

    @property
    def told(self) -> Informed:
        return Informed(self.informed, self.informed_on, self.informed_number)


@post("/messages/{message_id:int}/typical-answer/text", guards=MODERATORS)
async def fill(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    """Put the words of the standard answer into the form; nothing is sent, and nothing else that was typed changes."""
    form, errors = await typed(request), {}
    form.take("suggested_standard", into="standard")
    try:
        given = form.fit(FillingForm)
        reply = await typical.prepare(message, given.standard, at=now, **given.model_dump(exclude={"standard"}))
        form.fields |= Typed.of(filled_from=reply.standard, **{name: getattr(reply, name) for name in FILLED}).fields
    except Unfit as unfit:
        errors = sentences(request, unfit)
    return await as_typed(request, message, person, now, form, Attempt("registration", form, errors))


@post("/messages/{message_id:int}/typical-answer", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def answer(form: Typed) -> None:
        given = form.fit(TypicalForm)
        # Another one chosen after the filling in is not the one that the words come from.
        version = given.version if given.filled_from == given.standard else None
        said = (given.outcome, given.text, given.greeting, given.planned_on, given.told, form.all("insists"))
        reply = Reply(given.standard, version, *said)
        chosen: dict[str, Any] = {name: getattr(given, name) for name in ("topic", "territory", "executor")}
        public = registration.public_copy(form) if given.publish else {}
        await typical.answer_at_once(message, reply, by=person, at=now, **chosen, **public)

    return await decided(request, message, person, now, "registration", answer)
