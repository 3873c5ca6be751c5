"""Why is it late? Whoever controls the terms asks, the executor of the case answers (§5.1, R32)."""

from typing import Any

from litestar import Response, post

from domain import controlling
from domain.moves import Role
from portal.desk.deciding import decide
from portal.forms import Form, Typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.routes import control
from portal.routes.execution import EXECUTORS, done
from portal.security.ways_back import own_path
from portal.visit import PortalRequest


class QuestionForm(Form):
    question: str = ""


class ReasonForm(Form):
    reason: str = ""


@post("/messages/{message_id:int}/reason-request", guards=[only(Role.CONTROLLER, Role.COORDINATOR)])
async def ask(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def act(form: Typed) -> None:
        await controlling.ask_reason(message, form.fit(QuestionForm).question, by=person, at=now)

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        return await control.shown(request, message, person, now, typed=form, errors=errors, faster=faster)

    return await decide(request, act, again, lambda form: own_path(form.get("back"), f"/control/{message.id}"))


@post("/messages/{message_id:int}/reason", guards=EXECUTORS)
async def give(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def act(form: Typed) -> None:
        await controlling.give_reason(message, form.fit(ReasonForm).reason, by=person, at=now)

    return await done(request, message, person, now, "reason", act, stay=True)
