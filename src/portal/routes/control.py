"""The controller's desk (§5, R31, R32, R35): every term of the town, before it runs out and when it does. Read only."""

from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from domain.model import Message, Person
from domain.moves import Role
from domain.rulebook import rulebook
from portal.desk import cases, control
from portal.desk.asking import asked
from portal.desk.changes import changes
from portal.desk.collisions import collision
from portal.desk.control_filters import Filters
from portal.forms import Typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import page, page_or_fragment
from portal.visit import PortalRequest

OVERSIGHT = [only(Role.CONTROLLER, Role.COORDINATOR, Role.OPERATOR)]


@get("/control", guards=OVERSIGHT)
async def index(request: PortalRequest, now: Now) -> Response[Any]:
    filters = Filters.asked(request.query_params)
    board = await control.board(await rulebook(), filters, at=now, language=request.visit.view.language)
    return page_or_fragment(request, "control/index.html", "control/_desk.html", board)


@get("/control/{message_id:int}", guards=OVERSIGHT)
async def show(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    return await shown(request, message, person, now)


@get("/control/{message_id:int}/news", guards=OVERSIGHT)
async def news(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, since: FromQuery[int] = 0
) -> Response[Any]:
    """What has happened to the open case meanwhile: told beside it."""
    ask = await asked(person, now, request.visit.view.language)
    return page(request, "desk/_news.html", await changes(ask, message, since, "/control"))


async def shown(
    request: PortalRequest,
    message: Message,
    person: Person,
    now: datetime,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    faster: str | None = None,
) -> Response[Any]:
    case = await cases.case(message, await rulebook(), by=person, at=now, language=request.visit.view.language)
    form, asked = typed or Typed(), case.reason_asked
    late = collision(faster, form, {"question": asked.question if asked else ""}) if faster else None
    context = {"case": case, "typed": form, "errors": errors or {}, "collision": late}
    return page(request, "control/show.html", context)
