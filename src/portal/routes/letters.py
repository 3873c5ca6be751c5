"""The letters of a case (§3, §4.3, §4.4): sent, deferred, returned; and once more, when somebody presses."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from domain import resending
from domain.authors import author_of
from domain.model import Message, Person
from domain.moves import Role
from portal.desk import mailing
from portal.desk.deciding import decide
from portal.forms import Form, Typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import page
from portal.visit import PortalRequest

READERS = [only(Role.MODERATOR, Role.CONTROLLER, Role.COORDINATOR)]
BACK = {Role.MODERATOR: "/moderation"}


class ResendingForm(Form):
    resent: int = 0


@get("/messages/{message_id:int}/letters", guards=READERS)
async def index(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    return await shown(request, message, person, now)


@post("/messages/{message_id:int}/letters/{letter:int}/resending", guards=READERS)
async def resend(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, letter: FromPath[int]
) -> Response[Any]:
    async def act(form: Typed) -> None:
        await resending.resend(message, letter, by=person, at=now, resent=form.fit(ResendingForm).resent)

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        return await shown(request, message, person, now, faster=faster)

    return await decide(request, act, again, lambda _: f"/messages/{message.id}/letters")


async def shown(
    request: PortalRequest, message: Message, person: Person, now: datetime, faster: str | None = None
) -> Response[Any]:
    author = await author_of(message.id, by=person, at=now)
    opened = author.contacts is not None
    letters = await mailing.letters(message.id, language=request.visit.view.language, contacts=opened)
    back = f"{BACK.get(Role(person.role), '/control')}/{message.id}"
    may_resend = person.role in resending.SENDERS
    context = {"message": message, "author": author, "letters": letters, "back": back}
    return page(request, "desk/letters.html", {**context, "may_resend": may_resend, "faster": faster})
