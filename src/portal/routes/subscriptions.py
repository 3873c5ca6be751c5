"""Whoever wants follows what is published (§2, R28): a citizen at once, a guest after a letter that asks them.

To a guest the same is said whatever is known about the address. Machines that guard mailboxes open every link: asking
for a page changes nothing, only the sent form does.
"""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from domain import following, invitations
from domain.database import atomic
from domain.errors import Unfit
from domain.following import Wish
from domain.invitations import CONFIRMING, FOLLOWING, Invitation
from domain.model import Person
from portal import guests, limits
from portal.cards import subscriptions
from portal.cards.subscriptions import FollowForm, own_letters
from portal.forms import Form, Id, Typed, typed
from portal.given import MaybePerson, Now
from portal.pages import go_to, not_there, page, sentences, wants_fragment
from portal.routes.publications import published
from portal.visit import PortalRequest


class WishForm(Form):
    number: str = ""
    street: str = ""
    topic: Id | None = None
    frequency: str = ""


@get("/subscriptions/new")
async def new(request: PortalRequest, street: FromQuery[str] = "", number: FromQuery[str] = "") -> Response[Any]:
    form = await form_of(Typed.of(street=street, number=number))
    return page(request, "subscriptions/new.html", {"following": form, "typed": Typed(), "errors": {}, "done": None})


@post("/subscriptions")
async def create(request: PortalRequest, visitor: MaybePerson, now: Now) -> Response[Any]:
    given = await typed(request)
    try:
        await follow(request, given, visitor, now)
    except Unfit as unfit:
        return await again(request, given, unfit)
    done = "followed" if own_letters(visitor) else "asked"
    if not wants_fragment(request):
        return go_to("/settings/subscriptions?saved=true" if done == "followed" else "/subscriptions/asked")
    return page(request, "subscriptions/_form.html", {"done": done})


async def follow(request: PortalRequest, given: Typed, visitor: Person | None, now: datetime) -> None:
    form = given.fit(WishForm)
    message = (await published(form.number)).id if form.number else None
    wish = Wish(message, form.street, form.topic, form.frequency)
    if visitor and own_letters(visitor):
        await following.follow(wish, by=visitor, at=now)
        return
    email, language = given.get("email"), request.visit.view.language
    await following.check(wish, email)
    async with atomic():
        address = following.mailbox(email) or ""
        if await limits.one_more_letter(address, guests.place(request), secret=secret_of(request), at=now):
            await following.ask(wish, email=email, language=language, at=now)


async def again(request: PortalRequest, given: Typed, unfit: Unfit) -> Response[Any]:
    template = "subscriptions/_form.html" if wants_fragment(request) else "subscriptions/new.html"
    context = {"following": await form_of(given), "typed": given, "errors": sentences(request, unfit), "done": None}
    return page(request, template, context, status=429 if isinstance(unfit, limits.TooMany) else 422)


async def form_of(given: Typed) -> FollowForm:
    if number := given.get("number"):
        return FollowForm(number=(await published(number)).number)
    return FollowForm(street=given.get("street"), topic=given.get("topic"), topics=await subscriptions.topics())


@get("/subscriptions/asked")
async def thank(request: PortalRequest) -> Response[Any]:
    return page(request, "subscriptions/asked.html", {})


@get("/subscriptions/confirmation/{token:str}")
async def show(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    link = wished(request, token, now)
    known = await subscriptions.asked_for(link.person, link.to, at=now) if link and not link.expired else None
    status = 200 if known else 410 if link else 404
    response = page(request, "subscriptions/confirming.html", {"wished": known}, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@post("/subscriptions/confirmation/{token:str}")
async def confirm(request: PortalRequest, now: Now, token: FromPath[str]) -> Response[Any]:
    link = wished(request, token, now)
    if link is None:
        raise not_there()
    if link.expired or not await following.confirm(link.person, link.to, at=now):
        return go_to(request.url.path)  # where it stands why
    # Only the press that has counted opens more, so that an old letter opens nothing to whoever comes upon it.
    # Everything that they follow, as nobody has come to it from a letter of news.
    here = invitations.sign(Invitation(0, link.person), secret_of(request), at=now, what=FOLLOWING)
    return go_to(f"/subscriptions/{here}?saved=true")


def wished(request: PortalRequest, token: str, now: datetime) -> Invitation | None:
    return invitations.read(token, secret_of(request), at=now, what=CONFIRMING)


def secret_of(request: PortalRequest) -> str:
    return str(request.app.state.settings.secret_key)
