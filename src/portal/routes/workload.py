"""Who has how many cases, and which (R31): each executor their own, whoever heads a department all of it."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from portal.desk import workload
from portal.desk.asking import asked
from portal.given import Now, ThePerson
from portal.pages import not_there, page
from portal.routes.execution import EXECUTORS
from portal.visit import PortalRequest


@get("/execution/workload", guards=EXECUTORS)
async def index(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    return page(request, "workload/index.html", await workload.workload(ask))


@get("/execution/workload/{official:int}", guards=EXECUTORS)
async def show(
    request: PortalRequest, person: ThePerson, now: Now, official: FromPath[int], after: FromQuery[str] = ""
) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    found = await workload.cases_of(ask, official, after)
    if found is None:
        raise not_there()
    return page(request, "workload/show.html", {"official": found[0], "list": found[1]})
