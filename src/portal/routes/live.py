"""The stream of news for open pages; a page without it shows what it showed, and asks again when it is reloaded."""

from typing import Any

from litestar import get
from litestar.exceptions import TooManyRequestsException
from litestar.response import Stream

from portal.given import ThePerson
from portal.live import PAGES_OF_A_PERSON, hub_of, stream
from portal.visit import PortalRequest


@get("/live", opt={"seconds": None}, media_type="text/event-stream")
async def show(request: PortalRequest, person: ThePerson) -> Stream:
    hub = hub_of(request.app.state)
    if hub.of(person) >= PAGES_OF_A_PERSON:
        raise TooManyRequestsException
    again = "last-event-id" in request.headers
    # A proxy that gathers a page before it hands it on would keep the news for ever.
    headers: dict[str, Any] = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(stream(hub, person, again=again), media_type="text/event-stream", headers=headers)
