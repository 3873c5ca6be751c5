"""The switch for pushes: by which cookie a browser is known, and what the pages need to show of it (§3, §4.3)."""

import secrets
from dataclasses import dataclass

from litestar.datastructures import Cookie

from domain import browsers
from domain.errors import Unfit, say
from domain.model import Person
from portal.security.sessions import hashed, own_cookie
from portal.visit import PortalRequest
from workers import push_service, vapid

YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Switch:
    """`key` is what the browser hands its push service; `on`: this browser is told what happens."""

    key: str
    on: bool


async def switch_of(request: PortalRequest, person: Person) -> Switch | None:
    """Nothing where the town has no key for push services."""
    key = request.app.state.settings.vapid_private_key
    if not key:
        return None
    token = token_of(request)
    return Switch(vapid.public(key), token is not None and await browsers.is_told(person, hashed(token)))


async def switch_on(request: PortalRequest, person: Person, given: browsers.Given) -> Cookie:
    """Another token each time, so that whoever knew the one before forgets nothing of ours."""
    try:
        push_service.parts_of(given.endpoint)
    except push_service.Unreachable as reason:
        raise Unfit({"endpoint": say("This browser did not say how it can be reached.")}) from reason
    token = secrets.token_urlsafe(32)
    await browsers.switch_on(person, given, token_hash=hashed(token), at=request.visit.now)
    return own_cookie(name_of(request), token, YEAR, secure=request.visit.sessions.secure)


async def switch_off(request: PortalRequest) -> Cookie:
    if token := token_of(request):
        await browsers.forget(hashed(token))
    return own_cookie(name_of(request), "", 0, secure=request.visit.sessions.secure)


async def somebody_signs_in(request: PortalRequest, person: Person) -> None:
    """What was meant for the one before is not read by the next one."""
    if token := token_of(request):
        await browsers.forget_of_others(hashed(token), person)


def token_of(request: PortalRequest) -> str | None:
    return request.cookies.get(name_of(request))


def name_of(request: PortalRequest) -> str:
    return "__Host-push" if request.visit.sessions.secure else "push"
