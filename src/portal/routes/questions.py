"""The moderator asks the author one question before deciding on registration (§3, R08)."""

from typing import Any

from litestar import Response, post

from domain import clarifying
from portal.forms import Form, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest


class QuestionForm(Form):
    question: str = ""


@post("/messages/{message_id:int}/question", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def ask(form: Typed) -> None:
        await clarifying.ask(message, form.fit(QuestionForm).question, by=person, at=now)

    return await decided(request, message, person, now, "question", ask)
