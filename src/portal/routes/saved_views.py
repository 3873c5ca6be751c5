"""A search kept under a name, and taken away again: each person their own."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from domain import viewing
from domain.errors import Unfit
from portal.desk import searching
from portal.desk.asking import asked
from portal.desk.search_filters import Filters
from portal.forms import Form, fitted, typed
from portal.given import Now, ThePerson
from portal.pages import form_again, go_to
from portal.routes.searches import STAFF
from portal.visit import PortalRequest


class ViewForm(Form):
    query: str = ""


@post("/search/views", guards=STAFF)
async def create(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    form = await typed(request)
    filters = Filters.read(form.get("query"), person)
    try:
        await viewing.save(form.get("name"), filters.query, by=person)
    except Unfit as unfit:
        ask = await asked(person, now, request.visit.view.language)
        known = {**await searching.page(ask, filters), "ticked": False, "name": form.get("name")}
        return form_again(request, unfit, "search/index.html", "search/_desk.html", known)
    return go_to(filters.link())


@post("/search/views/{view:int}/removal", guards=STAFF)
async def destroy(request: PortalRequest, person: ThePerson, view: FromPath[int]) -> Response[Any]:
    await viewing.remove(view, by=person)
    return go_to(Filters.read((await fitted(request, ViewForm)).query, person).link())
