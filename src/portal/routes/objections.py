"""The coordinator answers the objections of blocked citizens: the block is lifted or kept (§2, R29)."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from domain import blocking
from domain.authors import author_of
from domain.model import Block, Objection, Person
from domain.moves import Role
from portal.cards import blocks
from portal.desk import commission
from portal.desk.collisions import collision
from portal.desk.deciding import decide
from portal.forms import Form, Typed
from portal.given import Now, ThePerson, only
from portal.pages import not_there, page, page_or_fragment
from portal.visit import PortalRequest

COORDINATORS = [only(Role.COORDINATOR)]


class AnswerForm(Form):
    decision: str = ""
    reason: str = ""


@get("/objections", guards=COORDINATORS)
async def index(request: PortalRequest) -> Response[Any]:
    return page_or_fragment(request, "objections/index.html", "objections/_desk.html", await commission.objections())


@get("/objections/{block_id:int}", guards=COORDINATORS)
async def show(request: PortalRequest, person: ThePerson, now: Now, block_id: FromPath[int]) -> Response[Any]:
    return await shown(request, await found(block_id), person, now)


@post("/objections/{block_id:int}", guards=COORDINATORS)
async def update(request: PortalRequest, person: ThePerson, now: Now, block_id: FromPath[int]) -> Response[Any]:
    objection = await found(block_id)

    async def answer(form: Typed) -> None:
        await blocking.answer(objection, by=person, at=now, **form.fit(AnswerForm).model_dump())

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        return await shown(request, await found(block_id), person, now, typed=form, errors=errors, faster=faster)

    return await decide(request, answer, again, lambda form: f"/objections/{block_id}")


async def found(block: int) -> Objection:
    objection = await Objection.objects().get(Objection.block == block)
    if objection is None:
        raise not_there()
    return objection


async def shown(
    request: PortalRequest,
    objection: Objection,
    person: Person,
    now: datetime,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    faster: str | None = None,
) -> Response[Any]:
    block = await Block.objects().get(Block.id == objection.block)
    if block is None:
        raise not_there()
    officials = {each.id: each.name for each in await Person.objects().where(Person.id.is_in(acted(block, objection)))}
    author = await author_of(block.message, by=person, at=now)
    context = {"notice": await blocks.notice(block, at=now), "block": block, "objection": objection, "author": author}
    form = typed or Typed()
    late = collision(faster, form, {"reason": objection.reason or ""}) if faster else None
    known = {"typed": form, "errors": errors or {}, "collision": late, "side": await commission.side()}
    return page(request, "objections/show.html", {**context, "officials": officials, **known})


def acted(block: Block, objection: Objection) -> list[int]:
    return [id for id in (block.imposed_by, objection.decided_by) if id]
