"""The register of promises, for whoever oversees (§4.3, §5). Read only."""

from typing import Any

from litestar import Response, get

from portal.desk import promises
from portal.desk.promises import Filters
from portal.given import Now
from portal.pages import page
from portal.routes.control import OVERSIGHT
from portal.visit import PortalRequest


@get("/control/promises", guards=OVERSIGHT)
async def index(request: PortalRequest, now: Now) -> Response[Any]:
    return page(request, "promises/index.html", await promises.register(Filters.asked(request.query_params), at=now))
