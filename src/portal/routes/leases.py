"""A moderator takes a message, keeps it while its page is open, and lets it go; or takes the next of the queue (§3)."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromQuery

from domain import leasing
from portal.desk import leases, moderation, queues
from portal.desk.leases import Opening
from portal.forms import Form, fitted
from portal.given import Now, TheMessage, ThePerson
from portal.pages import go_to, page, wants_fragment
from portal.routes.moderation import MODERATORS, lasting, told
from portal.visit import PortalRequest


class OpeningForm(Form):
    """`opening` is the page that asks, `seen` what it shows: a press without scripts sends neither."""

    opening: UUID | None = None
    seen: str = ""


class NextForm(Form):
    queue: str = ""


@get("/messages/{message_id:int}/lease", guards=MODERATORS)
async def show(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, opening: FromQuery[UUID | None] = None
) -> Response[Any]:
    """For a page that was let go, by its `opening`; without one for the row of the message in a list."""
    if opening is None:
        holder = (await leasing.holders([message.id], at=now)).get(message.id)
        return page(request, "desk/_holder.html", {"holder": holder})
    return shown(request, await leases.opening(message, opening, person, at=now, kept=False))


@post("/messages/{message_id:int}/lease", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    """By a press, and by the open page itself while it is open; what it shows already it is not sent again."""
    given = await fitted(request, OpeningForm)
    since = await leasing.take_up(message.id, by=person, at=now, opening=given.opening, lasting=lasting(request))
    if given.opening is None or not wants_fragment(request):
        response = go_to(f"/moderation/{message.id}")
    else:
        opening = await leases.opening(message, given.opening, person, at=now)
        response = Response(None, status_code=204) if opening.seen == given.seen else shown(request, opening)
    return told(response, message.id if since == now else None)


@post("/messages/{message_id:int}/lease/ending", guards=MODERATORS)
async def destroy(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    """By a press; or by a page that is closed: it lets go what it renewed itself, and nobody reads the answer."""
    given = (await fitted(request, OpeningForm)).opening
    closed = given is not None and not wants_fragment(request)
    left = await leasing.leave(message.id, by=person, opening=given if closed else None)
    if given is None:
        response = go_to(f"/moderation/{message.id}")
    elif closed:
        response = Response(None, status_code=204)
    else:
        response = shown(request, await leases.opening(message, given, person, at=now, kept=False))
    return told(response, message.id if left else None)


@post("/moderation/next", guards=MODERATORS)
async def update(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    queue = queues.find(moderation.QUEUES, (await fitted(request, NextForm)).queue)
    taken = await leases.take_next(queue, person, at=now, lasting=lasting(request))
    where = f"/{taken}?queue={queue.name}" if taken else f"?queue={queue.name}&nothing_free=1"
    return told(go_to(f"/moderation{where}"), taken)


def shown(request: PortalRequest, opening: Opening) -> Response[Any]:
    return page(request, "desk/_lease.html", {"opening": opening})
