"""How a person wants to see the portal: theme, low vision, language; kept by their browser."""

from typing import Any

from litestar import Response, post

from domain.model import Person
from portal.forms import typed
from portal.given import MaybePerson
from portal.pages import go_to
from portal.security.sessions import own_cookie
from portal.security.ways_back import own_path
from portal.view import CHOICES, COOKIE, View
from portal.visit import PortalRequest

YEAR = 365 * 24 * 3600


@post("/settings/view")
async def update(request: PortalRequest, visitor: MaybePerson) -> Response[Any]:
    form = await typed(request)
    choices = {name: form.get(name) for name in CHOICES if form.all(name)}
    view = changed(request.visit.view, choices)
    if visitor and visitor.language != view.language:
        # Letters are written in the language that their reader has chosen last.
        await Person.update({Person.language: view.language}).where(Person.id == visitor.id)
    response = go_to(own_path(form.get("back")))
    response.set_cookie(own_cookie(COOKIE, view.cookie(), YEAR, secure=request.visit.sessions.secure))
    return response


def changed(view: View, choices: dict[str, str]) -> View:
    if choices.get("theme") == "toggle":
        view = view.toggled()
    if choices.get("vision") == "off":
        view = view.ordinary()
    return view.chosen(choices)
