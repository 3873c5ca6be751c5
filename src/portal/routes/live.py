"""The stream of news for open pages; a page without it shows what it showed, and asks again by itself."""

from typing import Any

from litestar import get
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromQuery
from litestar.response import Stream

from portal.given import ThePerson
from portal.live import PAGES_OF_A_PERSON, hub_of, place_of, stream
from portal.visit import PortalRequest


@get("/live", opt={"seconds": None}, media_type="text/event-stream")
async def show(request: PortalRequest, person: ThePerson, since: FromQuery[str] = "") -> Stream:
    hub = hub_of(request.app.state)
    if hub.of(person) >= PAGES_OF_A_PERSON:
        raise TooManyRequestsException
    # What the browser has heard last, or when the page was made: between that and now something may have happened.
    heard = place_of(request.headers.get("last-event-id", since))
    # A proxy that gathers a page before it hands it on would keep the news for ever.
    headers: dict[str, Any] = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(stream(hub, person, heard), media_type="text/event-stream", headers=headers)
