"""Is the portal well? Asked by whoever watches over it; it is when the database answers."""

from litestar import MediaType, get

from domain.model import Session


@get("/health", media_type=MediaType.TEXT)
async def show() -> str:
    await Session.raw("select 1")
    return "ok"
