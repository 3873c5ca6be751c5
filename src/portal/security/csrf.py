"""Forged requests: what changes something must come from a page of the portal, opened in the same session."""

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from portal.visit import PortalRequest

SAFE = ("GET", "HEAD", "OPTIONS")
HEADER = "x-csrf-token"
FIELD = "csrf_token"
OWN_SITES = ("same-origin", "none")


class Forged(Exception):
    """Sent from elsewhere, or from a page of an earlier session."""


class Csrf:
    def __init__(self, *, secret: str, public_url: str) -> None:
        self._key = sha256(b"csrf:" + secret.encode()).digest()
        parts = urlsplit(public_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"

    def token(self, session_token: str) -> str:
        """Bound to the session: another session's token, or one from before the sign-in, does not fit."""
        return hmac.new(self._key, session_token.encode(), sha256).hexdigest()

    async def check(self, request: PortalRequest) -> None:
        if request.scope["method"] in SAFE:
            return
        if not self.comes_from_us(request):
            raise Forged
        expected = request.visit.csrf_token
        if not expected:
            return
        # The header first: for htmx the body need not be read before it is known whose it is.
        sent = request.headers.get(HEADER) or (await request.form()).get(FIELD, "")
        # Bytes, because compare_digest refuses text that is not ASCII; a file in the field is no token either.
        if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), expected.encode()):
            raise Forged

    def comes_from_us(self, request: PortalRequest) -> bool:
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site")
        if site is not None and site not in OWN_SITES:
            return False
        if origin == "null":
            # Pages with a token in their address send no referrer, and a browser then hides the origin as well.
            return site == "same-origin"
        return origin is None or self.is_own(origin, request.headers.get("host", ""))

    def is_own(self, origin: str, host: str) -> bool:
        """Over plain http (development) the portal may be opened under any name of the machine."""
        return origin == self._origin or (not self._secure and origin == f"http://{host}")
