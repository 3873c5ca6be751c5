"""Standard phrases: kept on a page of their own, and shown for one case, to be put in or copied."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from domain.errors import Unfit
from domain.phrases import Said, keep, remove
from portal.desk import phrases
from portal.forms import Form, Id, Typed, typed
from portal.given import TheMessage, ThePerson
from portal.pages import go_to, not_there, page, page_or_fragment, sentences
from portal.routes.execution import EXECUTORS
from portal.visit import PortalRequest

PLACE = "/execution/phrases"


class PhraseForm(Form):
    name: str = ""
    words: str = ""
    topic: Id | None = None
    shared: str = ""
    version: Id | None = None

    @property
    def said(self) -> Said:
        return Said(self.name, self.words, self.topic, bool(self.shared))


@get(PLACE, guards=EXECUTORS)
async def index(request: PortalRequest, person: ThePerson, phrase: FromQuery[int] = 0) -> Response[Any]:
    return page(request, "phrases/index.html", await phrases.kept(person, at=phrase))


@get("/execution/{message_id:int}/phrases", guards=EXECUTORS)
async def show(request: PortalRequest, message: TheMessage, person: ThePerson) -> Response[Any]:
    """Without scripts a page to copy from, with them the menu beside the text; what nobody executes has no answer."""
    if message.executor is None:
        raise not_there()
    context = {"phrases": await phrases.fitting(person, message), "message": message}
    return page_or_fragment(request, "phrases/show.html", "phrases/_menu.html", context)


@post(PLACE, guards=EXECUTORS)
async def create(request: PortalRequest, person: ThePerson) -> Response[Any]:
    return await kept(request, person, await typed(request), None)


@post(PLACE + "/{phrase:int}", guards=EXECUTORS)
async def update(request: PortalRequest, person: ThePerson, phrase: FromPath[int]) -> Response[Any]:
    return await kept(request, person, await typed(request), phrase)


@post(PLACE + "/{phrase:int}/removal", guards=EXECUTORS)
async def destroy(person: ThePerson, phrase: FromPath[int]) -> Response[Any]:
    await remove(phrase, by=person)
    return go_to(PLACE)


async def kept(request: PortalRequest, person: ThePerson, form: Typed, phrase: int | None) -> Response[Any]:
    try:
        given = form.fit(PhraseForm)
        await keep(given.said, by=person, id=phrase, version=given.version)
    except Unfit as unfit:
        wrong = sentences(request, unfit)
        context = await phrases.kept(person, typed=form, at=phrase or 0, errors=wrong)
        return page(request, "phrases/index.html", context, status=422)
    return go_to(PLACE)
