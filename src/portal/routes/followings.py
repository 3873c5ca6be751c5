"""All that somebody follows (§2): in the cabinet, or by the link of a letter, and one press to leave (RFC 8058).

Machines that guard mailboxes open every link: asking for the page changes nothing, only the sent form does.
"""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from domain import following, invitations
from domain.following import Frequency
from domain.invitations import FOLLOWING, Invitation
from domain.model import Subscription
from domain.moves import Role
from portal.cards import subscriptions
from portal.forms import Form, Id, typed
from portal.given import Now, ThePerson, only
from portal.pages import go_to, not_there, page
from portal.visit import PortalRequest

CITIZENS = [only(Role.CITIZEN)]


class ChangeForm(Form):
    subscription: Id | None = None
    frequency: str = ""
    end: str = ""


@get("/settings/subscriptions", guards=CITIZENS)
async def index(request: PortalRequest, person: ThePerson, saved: FromQuery[bool] = False) -> Response[Any]:
    subscriber = await subscriptions.subscriber_of(person)
    known = {"followed": await subscriptions.followed(subscriber), "email": person.email, "saved": saved}
    return page(request, "settings/subscriptions.html", known)


@post("/settings/subscriptions", guards=CITIZENS)
async def update(request: PortalRequest, person: ThePerson) -> Response[Any]:
    subscriber = await subscriptions.subscriber_of(person)
    if subscriber is None:
        raise not_there()
    await change(request, subscriber, otherwise=None)
    return go_to("/settings/subscriptions?saved=true")


@get("/subscriptions/{token:str}")
async def show(request: PortalRequest, now: Now, token: FromPath[str], saved: FromQuery[bool] = False) -> Response[Any]:
    return await shown(request, opened(request, token, now), saved=saved)


@post("/subscriptions/{token:str}")
async def leave(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    link = opened(request, token, now)
    if link is None or link.expired:
        raise not_there()
    await change(request, link.person, otherwise=link)
    return await shown(request, link, saved=True)


async def change(request: PortalRequest, subscriber: int, *, otherwise: Invitation | None) -> None:
    """What the form says of one subscription or of all; what a mail program sends says only that it is enough."""
    form = (await typed(request)).fit(ChangeForm)
    if form.subscription and not form.end:
        await following.change(subscriber, form.subscription, form.frequency)
    elif form.subscription:
        await following.end(subscriber, Subscription.id == form.subscription)
    elif form.end:
        await following.end(subscriber)
    elif otherwise:
        await following.end(subscriber, of_letter(otherwise))


def of_letter(link: Invitation) -> Any:
    """What the letter came from: one subscription, or of a digest everything that comes as often."""
    often = often_of(link)
    return Subscription.frequency == often if often else Subscription.id == link.to


def often_of(link: Invitation) -> str | None:
    return list(Frequency)[-1 - link.to] if link.to < 0 else None


def opened(request: PortalRequest, token: str, now: Now) -> Invitation | None:
    return invitations.read(token, request.app.state.settings.secret_key, at=now, what=FOLLOWING)


async def shown(request: PortalRequest, link: Invitation | None, *, saved: bool) -> Response[Any]:
    holds = link if link and not link.expired else None
    followed = await subscriptions.followed(holds.person) if holds else []
    own = next((each for each in followed if holds and each.id == holds.to), None)
    often = often_of(holds) if holds and any(each.frequency == often_of(holds) for each in followed) else None
    context = {"holds": holds is not None, "saved": saved, "followed": followed, "own": own, "often": often}
    response = page(request, "subscriptions/show.html", context, status=200 if holds else 410 if link else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
