"""What everybody reads (§2, R10, R28): the feed of published messages, one of them, and its photos."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from domain.model import Message
from domain.rulebook import rulebook
from portal import serving
from portal.caching import once_a_minute, public_page
from portal.cards import feed, numbers, public_photos, publication, subscriptions
from portal.cards.feed import Filters
from portal.cards.subscriptions import FollowForm
from portal.forms import Typed
from portal.given import Now
from portal.pages import not_there
from portal.visit import PortalRequest


@get("/")
async def index(request: PortalRequest, now: Now) -> Response[Any]:
    filters = Filters.asked(request.query_params)
    language = request.visit.view.language

    async def make() -> dict[str, Any]:
        stats = await once_a_minute(request, "stats", lambda: numbers.stats(at=now, language=language))
        categories = await once_a_minute(request, "categories", numbers.categories)
        found = await feed.feed(filters, at=now, language=language)
        street = subscriptions.street_in(filters.q, (row.address for row in found["rows"]))
        numbered = {"stats": stats, "categories": categories, "limits": (await rulebook()).limits}
        return {**found, **numbered, "street": street, **await follow_form(request)}

    return await public_page(request, "publications/index.html", "publications/_feed.html", make)


@get("/publications/{number:str}")
async def show(request: PortalRequest, now: Now, number: FromPath[str]) -> Response[Any]:
    async def make() -> dict[str, Any]:
        message = await published(number)
        card = await publication.card(message, at=now, language=request.visit.view.language)
        return {"publication": card, **beginning(FollowForm(number=message.number))}

    return await public_page(request, "publications/show.html", "publications/_card.html", make)


@get("/publications/{number:str}/files/{file_id:uuid}/{content:str}/{size:str}", opt=serving.DOWNLOAD_TIME)
async def photo(
    request: PortalRequest,
    number: FromPath[str],
    file_id: FromPath[UUID],
    content: FromPath[str],
    size: FromPath[str],
) -> Response[Any]:
    hash = await public_photos.public_content(number, file_id, content, size)
    return await serving.public(request, hash)


async def follow_form(request: PortalRequest) -> dict[str, Any]:
    """To follow a street or a topic; which topics there are may be a minute old."""
    return beginning(FollowForm(topics=await once_a_minute(request, "topics", subscriptions.topics)))


def beginning(form: FollowForm) -> dict[str, Any]:
    return {"following": form, "typed": Typed(), "errors": {}, "done": None}


async def published(number: str) -> Message:
    message = await publication.published(Message.number == number)
    if message is None:
        raise not_there()
    return message
