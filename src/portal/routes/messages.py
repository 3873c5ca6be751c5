"""A citizen's own messages (§1.3, §3, R01–R06): the form, the sending, the cabinet, and one message as a whole."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from domain import noticing
from domain.errors import Unfit
from domain.model import Person
from domain.moves import Role
from domain.wording import N_, translations
from portal import drafts, sending
from portal.cards import blocks, cabinet, case, forms
from portal.forms import UPLOAD_BODY, UPLOAD_TIME, Typed
from portal.given import MaybePerson, Now, TheMessage, ThePerson, only
from portal.pages import go_to, leave_for, page, page_or_fragment
from portal.security.ways_back import sign_in_first
from portal.sending import Sending
from portal.signing_in.welcome import home_of
from portal.visit import PortalRequest

NEW = "/messages/new"
SAID = {
    "replied": N_("Your reply has reached the moderator."),
    "sent": N_("The message is sent. When it is registered you get its number, here and by letter."),
    "corrected": N_("The corrected message is sent. Its terms have started anew."),
    "rated": N_("Thank you, your rating is taken."),
    "consent_withdrawn": N_("Your consent is withdrawn. Nothing of this message is published any longer."),
}
DESKS = {Role.MODERATOR: "/moderation", Role.EXECUTOR: "/execution"}


@get("/messages", guards=[only(Role.CITIZEN)])
async def index(request: PortalRequest, person: ThePerson, now: Now, after: FromQuery[int] = 0) -> Response[Any]:
    context = await cabinet.cabinet(person, after=after, at=now, language=request.visit.view.language)
    return page(request, "messages/index.html", {**context, "block": await blocks.running(person, at=now)})


@get(NEW)
async def new(request: PortalRequest, visitor: MaybePerson, now: Now) -> Response[Any]:
    if visitor and visitor.role != Role.CITIZEN:
        return go_to(home_of(visitor))
    draft = await drafts.find(request, at=now) or Typed()
    block = await blocks.running(visitor, at=now)
    context = await forms.form(draft, "/messages", at=now, language=request.visit.view.language, block=block)
    return page(request, "messages/new.html", context)


@post("/messages", request_max_body_size=UPLOAD_BODY, opt=UPLOAD_TIME)
async def create(request: PortalRequest, visitor: MaybePerson, now: Now) -> Response[Any]:
    sent = await sending.read(request, by=visitor, at=now)
    try:
        if visitor is None:
            return await keep_for_later(request, sent, now)
        message = await sending.submit(sent, by=visitor, at=now)
    except Unfit as unfit:
        return await again(request, sent, unfit, visitor, now)
    response = leave_for(request, f"/messages/{message.id}?said=sent")
    await drafts.forget(request, response)
    return response


async def keep_for_later(request: PortalRequest, sent: Sending, now: Any) -> Response[Any]:
    """A guest never submits (R02): what they typed waits, and after the sign-in it is all there."""
    if sent.fault:
        raise Unfit({"files": sent.fault})
    await drafts.save(sent.typed, sent.key, at=now)
    response = leave_for(request, sign_in_first(NEW))
    drafts.remember(request, response, sent.key)
    return response


async def again(request: PortalRequest, sent: Sending, unfit: Unfit, visitor: Person | None, now: Any) -> Response[Any]:
    language = request.visit.view.language
    block = await blocks.running(visitor, at=now)
    context = await forms.form(sent.typed, "/messages", at=now, language=language, bad=sent.bad, block=block)
    return await sending.again(request, sent, unfit, context, "messages/new.html")


@get("/messages/{message_id:int}")
async def show(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, said: FromQuery[str] = ""
) -> Response[Any]:
    if person.role != Role.CITIZEN:
        return go_to(f"{DESKS.get(Role(person.role), '/control')}/{message.id}")
    if not request.visit.only_asks:
        await noticing.notice(message, by=person)
    language = request.visit.view.language
    card = await case.card(message, at=now, language=language)
    sentence = translations(language).gettext(SAID[said]) if said in SAID else None
    context = {"message": card, "said": sentence}
    return page_or_fragment(request, "messages/show.html", "messages/_card.html", context)
