"""A citizen or a moderator switches pushes on or off in the browser that they sit at (§3, §4.3)."""

from typing import Any

from litestar import Response, get, post

from domain.browsers import Given
from domain.moves import Role
from portal.forms import Form, fitted
from portal.given import ThePerson, only
from portal.pages import go_to, not_there, page
from portal.push_switch import switch_of, switch_off, switch_on
from portal.visit import PortalRequest

MODERATORS = [only(Role.MODERATOR)]
TOLD = [only(Role.CITIZEN, Role.MODERATOR)]
# Where the switch stands.
PAGES = {Role.CITIZEN: "/settings/letters", Role.MODERATOR: "/settings/push"}


class BrowserForm(Form):
    endpoint: str
    p256dh: str
    auth: str


@get("/settings/push", guards=MODERATORS)
async def edit(request: PortalRequest, person: ThePerson) -> Response[Any]:
    switch = await switch_of(request, person)
    if switch is None:
        raise not_there()
    return page(request, "settings/push.html", {"switch": switch})


@post("/settings/push", guards=TOLD)
async def create(request: PortalRequest, person: ThePerson) -> Response[Any]:
    if await switch_of(request, person) is None:
        raise not_there()
    form = await fitted(request, BrowserForm)
    cookie = await switch_on(request, person, Given(form.endpoint, form.p256dh, form.auth))
    response = go_to(PAGES[Role(person.role)])
    response.set_cookie(cookie)
    return response


@post("/settings/push/off", guards=TOLD)
async def destroy(request: PortalRequest, person: ThePerson) -> Response[Any]:
    response = go_to(PAGES[Role(person.role)])
    response.set_cookie(await switch_off(request))
    return response
