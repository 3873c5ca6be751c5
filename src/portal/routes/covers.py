"""Areas of a photo are covered before everybody sees it (§4.1, R10): drawn with scripts, written as numbers without."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from domain import covering
from domain.areas import WHOLE, Area
from domain.errors import Unfit, say
from domain.model import Message, Person
from portal.desk import publication
from portal.desk.deciding import as_opened, decide
from portal.forms import Typed, per_cent
from portal.given import Now, TheMessage, ThePerson
from portal.pages import not_there, page
from portal.routes.moderation import MODERATORS
from portal.routes.publishings import beside, page_of
from portal.visit import PortalRequest

SIDES = ("left", "top", "width", "height")
SPARE = 3  # empty lines for whoever has no scripts


@get("/moderation/{message_id:int}/photos/{file_id:uuid}", guards=MODERATORS)
async def edit(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, file_id: FromPath[UUID]
) -> Response[Any]:
    return await shown(request, message, person, now, file_id)


@get("/moderation/{message_id:int}/photos/{file_id:uuid}/state", guards=MODERATORS)
async def show(request: PortalRequest, message: TheMessage, file_id: FromPath[UUID]) -> Response[Any]:
    """Asked again while the covered copy is being made: the line under the photo."""
    photo = await publication.photo_of(message, file_id)
    if photo is None:
        raise not_there()
    return page(request, "publishing/_state.html", {"photo": photo, "message": message})


@post("/messages/{message_id:int}/photos/{file_id:uuid}/covers", guards=MODERATORS)
async def update(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, file_id: FromPath[UUID]
) -> Response[Any]:
    async def cover(form: Typed) -> None:
        await covering.cover(message, file_id, areas(form), by=person, at=now)

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        return await shown(request, message, person, now, file_id, typed=form, errors=errors, faster=faster)

    return await decide(request, as_opened(message, cover), again, lambda form: page_of(message, form.get("answer")))


def areas(form: Typed) -> list[Area]:
    """The lines of the form; one that is wholly empty is no area."""
    return [Area(*(thousandths(value) for value in line)) for line in lines(form)]


def lines(form: Typed) -> list[tuple[str, ...]]:
    columns = [form.all(side) for side in SIDES]
    if len({len(column) for column in columns}) > 1:
        raise Unfit({"areas": say("Each area has four numbers.")})
    return [line for line in zip(*columns, strict=True) if any(value.strip() for value in line)]


def thousandths(typed: str) -> int:
    if (share := per_cent(typed)) is None:
        raise Unfit({"areas": say("Write four numbers for each area, in per cent of the picture.")})
    return round(share * WHOLE / 100)


def written(area: Area) -> list[str]:
    return [f"{value * 100 / WHOLE:g}" for value in area]


async def shown(
    request: PortalRequest,
    message: Message,
    person: Person,
    now: datetime,
    id: UUID,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    faster: str | None = None,
) -> Response[Any]:
    if faster:
        await message.refresh()  # as_opened has made it the message of the form
    photo = await publication.photo_to_cover(message, id)
    if photo is None:
        raise not_there()
    stand = [written(area) for area in photo.areas] if typed is None or faster else []
    # What others have covered meanwhile stays covered, beside what was drawn here.
    kept = stand + [list(line) for line in (lines(typed) if typed else []) if list(line) not in stand]
    context = {"photo": photo, "message": message, "lines": [*kept, *[[""] * len(SIDES)] * SPARE], "kept": len(kept)}
    form = Typed() if faster or typed is None else typed
    known = {"errors": errors or {}, "faster": faster, "form": form, **await beside(request, person, now)}
    return page(request, "publishing/covers.html", {**context, **known})
