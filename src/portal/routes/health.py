"""Is the portal well? Asked by whoever watches over it: it is when the database answers, and the store of files."""

import logging

from litestar import MediaType, Response, get

from domain.model import FileFault, Session
from portal.caching import once_a_minute
from portal.visit import PortalRequest
from workers import storage
from workers.mail import outage
from workers.store import StoreAway

log = logging.getLogger(__name__)


@get("/health", media_type=MediaType.TEXT)
async def show() -> str:
    await Session.raw("select 1")
    return "ok"


@get("/health/files")
async def files(request: PortalRequest) -> Response[str]:
    """Apart from the other: without the store pages are still read and answered, so no process is taken away for it."""
    told = await once_a_minute(request, "files", state_of_files)
    return Response(told, media_type=MediaType.TEXT, status_code=200 if told == "ok" else 503)


@get("/health/mail", media_type=MediaType.TEXT)
async def mail() -> Response[str]:
    """Letters wait for a mail server that does not let us in; nothing else is the worse for it."""
    away = await outage.is_on()
    return Response("away" if away else "ok", media_type=MediaType.TEXT, status_code=503 if away else 200)


async def state_of_files() -> str:
    try:
        await storage.look()
    except StoreAway as trouble:
        log.error("the store of files is away: %s", trouble)
        return "away"
    wrong = await FileFault.count()
    return f"{wrong} damaged or missing" if wrong else "ok"
