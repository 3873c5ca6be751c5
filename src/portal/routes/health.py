"""Is the portal well? Asked by whoever watches over it: it is when the database answers, and the store of files."""

import logging

from litestar import MediaType, Response, get

from domain.model import FileFault, Session
from portal.caching import once_a_minute
from portal.visit import PortalRequest
from workers import storage
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


async def state_of_files() -> str:
    try:
        await storage.look()
    except StoreAway as trouble:
        log.error("the store of files is away: %s", trouble)
        return "away"
    wrong = await FileFault.count()
    return f"{wrong} damaged or missing" if wrong else "ok"
