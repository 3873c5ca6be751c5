"""Signing in and out (§2): through ЕСИА, and in development as one of the demo people by one click."""

from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from itsdangerous import BadData, URLSafeTimedSerializer
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery

from domain.errors import NotAllowed, Unfit, say
from domain.model import Person
from domain.wording import N_
from portal.forms import Form, fitted
from portal.given import MaybePerson, NotSignedIn, Now, has_consented
from portal.pages import form_again, go_to, not_there, page
from portal.push_switch import somebody_signs_in, switch_off
from portal.security.sessions import own_cookie
from portal.security.ways_back import own_path
from portal.signing_in import demo, welcome
from portal.signing_in.esia import FAILED, EsiaFailed
from portal.signing_in.provider import Identity
from portal.troubles import log
from portal.visit import PortalRequest

JOURNEY_SECONDS = 600
DRAFT_COOKIE = "draft"
DENIED = N_("You did not let the portal know who you are, so you are not signed in.")


class ReturnForm(Form):
    return_to: str = ""


class ConsentForm(Form):
    return_to: str = ""
    consent: Literal["given", ""] = ""
    decision: Literal["refuse", ""] = ""


@get("/sign-in")
async def new(request: PortalRequest, visitor: MaybePerson, return_to: FromQuery[str] = "") -> Response[Any]:
    if visitor:
        return go_to(own_path(return_to, welcome.home_of(visitor)))
    if request.visit.person:
        return go_to(consent_first(return_to))
    people = [] if request.app.state.settings.production else await demo.people()
    unfinished = DRAFT_COOKIE in request.cookies
    context = {"people": people, "unfinished": unfinished, "return_to": own_path(return_to, "")}
    return page(request, "sign_in/index.html", context)


@post("/sign-in/esia")
async def depart(request: PortalRequest, now: Now) -> Response[Any]:
    """The state goes with the browser: a journey that somebody else began cannot be finished in this one."""
    form = await fitted(request, ReturnForm)
    departure = request.app.state.provider.departure(now)
    response = go_to(departure.url)
    journey = journeys(request).dumps([departure.state, own_path(form.return_to, "")])
    response.set_cookie(journey_cookie(request, journey, JOURNEY_SECONDS))
    return response


@get("/sign-in/esia/return")
async def arrive(request: PortalRequest, now: Now) -> Response[Any]:
    return_to = destination(request)
    identity = await identified(request, at=now)
    response = await enter(request, await welcome.welcome(identity), return_to)
    response.set_cookie(journey_cookie(request, "", 0))
    return response


@post("/sign-in/people/{person_id:int}")
async def create(request: PortalRequest, person_id: FromPath[int]) -> Response[Any]:
    """One click, for the people of the demo town; registered in development only."""
    form = await fitted(request, ReturnForm)
    person = await demo.find(person_id)
    if person is None:
        raise not_there()
    return await enter(request, person, form.return_to)


@get("/sign-in/consent")
async def edit(request: PortalRequest, return_to: FromQuery[str] = "") -> Response[Any]:
    person = newcomer(request)
    if has_consented(person):
        return go_to(own_path(return_to, welcome.home_of(person)))
    return page(request, "sign_in/consent.html", consent_context(person, return_to))


@post("/sign-in/consent")
async def update(request: PortalRequest, now: Now) -> Response[Any]:
    person = newcomer(request)
    form = await fitted(request, ConsentForm)
    if form.decision == "refuse":
        response = await leave(request)
        await welcome.forget(person)
        return response
    if not form.consent:
        unfit = Unfit({"consent": say("Without your consent the portal may not take messages from you.")})
        template = "sign_in/consent.html"
        return form_again(request, unfit, template, template, consent_context(person, form.return_to))
    await welcome.consent(person, at=now)
    return go_to(own_path(form.return_to, welcome.home_of(person)))


@post("/sign-out")
async def destroy(request: PortalRequest) -> Response[Any]:
    return await leave(request)


async def enter(request: PortalRequest, person: Person, return_to: str) -> Response[Any]:
    """The session from before the sign-in ends with it, and a new one begins under a new token."""
    visit = request.visit
    if visit.session:
        await visit.sessions.end(visit.session)
    await somebody_signs_in(request, person)
    token = await visit.sessions.start(person, visit.now)
    home = own_path(return_to, welcome.home_of(person))
    response = go_to(home if has_consented(person) else consent_first(home))
    response.set_cookie(visit.sessions.kept_by_browser(token, person))
    return response


async def leave(request: PortalRequest) -> Response[Any]:
    visit = request.visit
    if visit.session:
        await visit.sessions.end(visit.session)
    response = go_to("/")
    response.set_cookie(visit.sessions.dropped_by_browser())
    response.set_cookie(await switch_off(request))
    return response


def newcomer(request: PortalRequest) -> Person:
    person = request.visit.person
    if person is None:
        raise NotSignedIn
    return person


def consent_context(person: Person, return_to: str) -> dict[str, Any]:
    back = own_path(return_to, "")
    return {"action": "/sign-in/consent", "return_to": back, "name": person.given_name, "errors": {}}


def consent_first(return_to: str) -> str:
    back = own_path(return_to, "")
    return f"/sign-in/consent?return_to={quote(back, safe='/')}" if back else "/sign-in/consent"


def journeys(request: PortalRequest) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(request.app.state.settings.secret_key, salt="sign-in")


def journey_cookie(request: PortalRequest, journey: str, seconds: int) -> Cookie:
    secure = request.visit.sessions.secure
    return own_cookie(journey_name(request), journey, seconds, secure=secure)


def journey_name(request: PortalRequest) -> str:
    return "__Host-sign-in" if request.visit.sessions.secure else "sign-in"


def destination(request: PortalRequest) -> str:
    """Where this browser wanted to go when it left; without its cookie, or with another state, it never left."""
    journey = request.cookies.get(journey_name(request), "")
    try:
        state, return_to = journeys(request).loads(journey, max_age=JOURNEY_SECONDS)
    except BadData:
        raise NotAllowed(FAILED) from None
    if request.query_params.get("state") != state:
        raise NotAllowed(FAILED)
    return str(return_to)


async def identified(request: PortalRequest, *, at: datetime) -> Identity:
    """Who came back; the provider's own words go to the log, the person gets ours."""
    asked = request.query_params
    error, code = asked.get("error", ""), asked.get("code", "")
    try:
        if error or not code:
            raise EsiaFailed(asked.get("error_description", error))
        identity: Identity = await request.app.state.provider.identify(code, at)
    except EsiaFailed as trouble:
        log.warning("a sign-in ended in %r", str(trouble))
        reason = DENIED if error == "access_denied" else FAILED
        raise NotAllowed(reason) from trouble
    return identity
