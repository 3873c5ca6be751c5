"""Reports of letters that came back, handed on by the mail server of the town: nobody signs in for them."""

import hmac

from litestar import Response, post

from portal.given import Now
from portal.pages import not_there
from portal.visit import PortalRequest
from workers.mail import bounces

REPORT_BYTES = 2**20


@post("/bounces", request_max_body_size=REPORT_BYTES)
async def create(request: PortalRequest, now: Now) -> Response[str]:
    """The report as it came by mail, with the token of the setting BOUNCES_TOKEN; without that there is no page."""
    token = request.app.state.settings.bounces_token
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(sent.encode(), token.encode()):
        raise not_there()
    noted = await bounces.note(await request.body(), at=now)
    return Response(f"{noted}\n", media_type="text/plain")
