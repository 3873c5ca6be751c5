"""The controller's desk (§5, R31, R32, R35): every term of the town, before it runs out and when it does. Read only."""

from datetime import datetime
from typing import Any

from litestar import Response, get

from domain.model import Message, Person
from domain.moves import Role
from domain.rulebook import rulebook
from portal.desk import cases, control
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
    return page_or_fragment(request, "control/index.html", "control/_board.html", board)


@get("/control/{message_id:int}", guards=OVERSIGHT)
async def show(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    return await shown(request, message, person, now)


async def shown(request: PortalRequest, message: Message, person: Person, now: datetime, **known: Any) -> Response[Any]:
    case = await cases.case(message, await rulebook(), by=person, at=now, language=request.visit.view.language)
    return page(request, "control/show.html", {"case": case, "typed": Typed(), "errors": {}, "faster": None, **known})
