"""The author of a message is blocked from sending, and sees why and until when; they may object once (§2, R29)."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from domain import blocking
from domain.errors import Unfit
from domain.model import Block, Person
from domain.moves import Role
from domain.wording import N_, translations
from portal.cards import blocks
from portal.forms import Form, Id, Typed, typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import go_to, not_there, page, sentences
from portal.routes.moderation import MODERATORS, decided
from portal.visit import PortalRequest

CITIZENS = [only(Role.CITIZEN)]
SENT = N_("The objection is sent. The answer comes by letter and stands here.")


class BlockForm(Form):
    ground: Id | None = None
    days: int = 0
    explanation: str = ""


@post("/messages/{message_id:int}/block", guards=MODERATORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def block(form: Typed) -> None:
        given = form.fit(BlockForm)
        await blocking.block(message, by=person, at=now, **given.model_dump())

    return await decided(request, message, person, now, "block", block)


@get("/block", guards=CITIZENS)
async def show(request: PortalRequest, person: ThePerson, now: Now, said: FromQuery[str] = "") -> Response[Any]:
    sentence = translations(request.visit.view.language).gettext(SENT) if said == "sent" else None
    known = {"block": await blocks.notice(await own(person), at=now), "said": sentence}
    return page(request, "blocks/show.html", {**known, "typed": Typed(), "errors": {}})


@post("/block/objection", guards=CITIZENS)
async def object_to(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    form, block = await typed(request), await own(person)
    try:
        await blocking.object_to(block, by=person, at=now, text=form.get("text"))
    except Unfit as unfit:
        known = {"block": await blocks.notice(block, at=now), "typed": form, "errors": sentences(request, unfit)}
        return page(request, "blocks/show.html", {**known, "said": None}, status=422)
    return go_to("/block?said=sent")


async def own(person: Person) -> Block:
    """The last block of this very person; who was never blocked has no such page."""
    block = await blocks.latest(person)
    if block is None:
        raise not_there()
    return block
