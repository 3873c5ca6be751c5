"""An official opens the name and the contacts of an author, with the reason, for this case and this day (§4.1, R10)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Response, post

from domain import opening
from domain.authors import author_of
from domain.errors import Unfit
from domain.model import Message, Person
from portal.forms import Form, Typed, typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import go_to, page_or_fragment, sentences, wants_fragment
from portal.security.ways_back import own_path
from portal.visit import PortalRequest


class OpeningForm(Form):
    opening_reason: str = ""
    opening_words: str = ""


@dataclass(frozen=True)
class Pressed:
    """What became of the press: a form that does not fit, or, with `fresh`, what it has opened."""

    typed: Typed
    errors: dict[str, str] = field(default_factory=dict)
    fresh: bool = False


@post("/messages/{message_id:int}/opening", guards=[only(*opening.OPENERS)])
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    form = await typed(request)
    try:
        given = form.fit(OpeningForm)
        await opening.open_contacts(message, by=person, at=now, reason=given.opening_reason, words=given.opening_words)
    except Unfit as unfit:
        return await shown(request, message, person, now, Pressed(form, sentences(request, unfit)), status=422)
    if wants_fragment(request):
        return await shown(request, message, person, now, Pressed(form, fresh=True))
    return go_to(back_from(form))


def back_from(form: Typed) -> str:
    """To the page where it was pressed, which now shows what is open."""
    return own_path(form.get("back"), "/search")


async def shown(
    request: PortalRequest, message: Message, person: Person, now: datetime, pressed: Pressed, *, status: int = 200
) -> Response[Any]:
    author = await author_of(message.id, by=person, at=now)
    context = {"author": author, "message_id": message.id, "back": back_from(pressed.typed), "pressed": pressed}
    response = page_or_fragment(request, "openings/new.html", "openings/_author.html", context)
    response.status_code = status
    return response
