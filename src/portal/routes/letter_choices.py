"""Which letters a citizen wants: chosen in the cabinet, or declined by one press on the link of a letter (RFC 8058).

Machines that guard mailboxes open every link: asking for the page changes nothing, only the sent form does.
"""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from domain import choosing, invitations
from domain.choosing import Subject
from domain.invitations import DECLINING, Invitation
from domain.moves import Role
from domain.wording import N_
from portal.forms import typed
from portal.given import Now, ThePerson, only
from portal.pages import go_to, not_there, page
from portal.push_switch import switch_of
from portal.visit import PortalRequest

SUBJECTS = {
    Subject.PROGRESS: (N_("How it goes on"), N_("received, registered, at the commission, closed")),
    Subject.QUESTIONS: (
        N_("When something is needed from you"),
        N_("a question of the moderator, a refusal to correct"),
    ),
    Subject.ANSWERS: (
        N_("The answers"),
        N_("the answer of the department with a link to rate it, a decision of the commission"),
    ),
}
CITIZENS = [only(Role.CITIZEN)]


@get("/settings/letters", guards=CITIZENS)
async def edit(request: PortalRequest, person: ThePerson, saved: FromQuery[bool] = False) -> Response[Any]:
    context = {"subjects": SUBJECTS, "unwanted": person.unwanted, "email": person.email, "saved": saved}
    pushes = {"unwanted_pushes": person.unwanted_pushes, "switch": await switch_of(request, person)}
    return page(request, "settings/letters.html", {**context, **pushes})


@post("/settings/letters", guards=CITIZENS)
async def update(request: PortalRequest, person: ThePerson) -> Response[Any]:
    await choosing.choose(person, await wanted(request))
    return go_to("/settings/letters?saved=true")


@post("/settings/letters/pushes", guards=CITIZENS)
async def update_pushes(request: PortalRequest, person: ThePerson) -> Response[Any]:
    await choosing.choose_pushes(person, await wanted(request))
    return go_to("/settings/letters?saved=true")


async def wanted(request: PortalRequest) -> list[Subject]:
    form = await typed(request)
    return [subject for subject in Subject if form.has("wanted", subject)]


@get("/letters/{token:str}")
async def show(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    return shown(request, declined(request, token, now), done=False)


@post("/letters/{token:str}")
async def decline(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    invitation = declined(request, token, now)
    if invitation is None or invitation.expired:
        raise not_there()
    await choosing.decline(invitation.person, subject_of(invitation))
    return shown(request, invitation, done=True)


def declined(request: PortalRequest, token: str, now: Now) -> Invitation | None:
    return invitations.read(token, request.app.state.settings.secret_key, at=now, what=DECLINING)


def subject_of(invitation: Invitation) -> Subject:
    return list(Subject)[invitation.to]


def shown(request: PortalRequest, invitation: Invitation | None, *, done: bool) -> Response[Any]:
    holds = invitation is not None and not invitation.expired
    told = SUBJECTS[subject_of(invitation)] if invitation and holds else None
    status = 200 if holds else 410 if invitation else 404
    response = page(request, "settings/declining.html", {"told": told, "done": done}, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
