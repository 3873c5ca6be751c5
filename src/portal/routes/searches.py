"""The staff look for messages (§4.1): every search is an address, and a list beside which its views stand."""

from typing import Any

from litestar import Response, get

from portal.desk import searching
from portal.desk.asking import asked
from portal.desk.search_filters import Filters
from portal.given import Now, ThePerson, only
from portal.pages import page, page_or_fragment
from portal.visit import PortalRequest

STAFF = [only(*searching.WHO_SEARCHES)]


@get("/search", guards=STAFF)
async def index(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    filters = Filters.asked(request.query_params.multi_items(), person)
    known = {**await searching.page(ask, filters), "ticked": request.query_params.get("tick") == "all", "errors": {}}
    response = page_or_fragment(request, "search/index.html", "search/_desk.html", known)
    response.headers["HX-Push-Url"] = filters.link(after=filters.after)  # without the fields that are left empty
    return response


@get("/search/views", guards=STAFF)
async def views(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    """The views with their counters alone: what is fetched again when there is news, beside a list that stays."""
    ask = await asked(person, now, request.visit.view.language)
    filters = Filters.asked(request.query_params.multi_items(), person)
    known = {"views": await searching.views(ask, filters), "filters": filters, "desk": searching.desk_of(person)}
    return page(request, "search/_side.html", known)
