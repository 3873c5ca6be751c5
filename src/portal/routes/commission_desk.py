"""The desk of the commission (§4.4, R27): the queue, a frozen case, and the protocol of a sitting to take away."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from domain.model import CaseFile, Sitting
from domain.moves import Role
from portal import serving
from portal.desk import commission
from portal.desk.case_files import frozen
from portal.forms import Typed
from portal.given import Now, ThePerson, only
from portal.pages import not_there, page, page_or_fragment
from portal.visit import PortalRequest

# Both sides of the commission read; the sittings are kept by the coordinator.
MEMBERS = [only(Role.COORDINATOR, Role.OPERATOR)]


@get("/commission", guards=MEMBERS)
async def index(request: PortalRequest, person: ThePerson) -> Response[Any]:
    context = {"keeps": person.role == Role.COORDINATOR, "typed": Typed(), "errors": {}, "faster": None}
    board = {**await commission.board(), **context}
    return page_or_fragment(request, "commission/index.html", "commission/_desk.html", board)


@get("/commission/cases/{file_id:int}", guards=MEMBERS)
async def show(request: PortalRequest, person: ThePerson, now: Now, file_id: FromPath[int]) -> Response[Any]:
    file = await CaseFile.objects().get(CaseFile.id == file_id)
    if file is None:
        raise not_there()
    case = await frozen(file, request.visit.view.language, by=person, at=now)
    return page(request, "commission/case.html", {"case": case, "side": await commission.side()})


@get("/commission/sittings/{sitting_id:int}/protocol", guards=MEMBERS, opt=serving.DOWNLOAD_TIME)
async def protocol(request: PortalRequest, sitting_id: FromPath[int]) -> Response[Any]:
    sitting = await Sitting.objects().get(Sitting.id == sitting_id)
    if sitting is None or not sitting.protocol:
        raise not_there()
    headers = serving.taken_away(f"Протокол № {sitting.number} от {sitting.held_on:%d.%m.%Y}.pdf")
    return await serving.content(request, sitting.protocol, "application/pdf", headers)
