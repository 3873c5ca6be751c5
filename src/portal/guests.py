"""A guest is known by a cookie from the first file that they send: nobody else goes on with it or throws it away."""

import hmac
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any
from uuid import UUID

from litestar import Response

from portal.incoming import LASTS
from portal.security.sessions import TOKEN_LETTERS, hashed, own_cookie
from portal.visit import PortalRequest

LINE_BITS = 64


def known(request: PortalRequest) -> str | None:
    """The hash of the guest's token, as it is kept; the cookie itself may hold anything."""
    token = request.cookies.get(cookie(request), "")
    return hashed(token) if token.isascii() and 0 < len(token) <= TOKEN_LETTERS else None


def place(request: PortalRequest) -> str:
    """From where a request comes: what the proxy before us has written, else the other end of the line."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return network(forwarded or (request.client.host if request.client else ""))


def network(host: str) -> str:
    """One IPv4 address; of IPv6 the whole network that one line is given, else everybody has places without number."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), LINE_BITS), strict=False))


def first_token(request: PortalRequest, key: UUID) -> str:
    """The same for all files of one form, because the first few of them come at once, before any cookie is there."""
    secret = request.app.state.settings.secret_key
    return hmac.new(f"guest:{secret}".encode(), key.bytes, sha256).hexdigest()


def remember(request: PortalRequest, response: Response[Any], token: str) -> None:
    seconds = int(LASTS.total_seconds())
    response.set_cookie(own_cookie(cookie(request), token, seconds, secure=request.visit.sessions.secure))


def cookie(request: PortalRequest) -> str:
    return "__Host-guest" if request.visit.sessions.secure else "guest"
