"""The headers of every answer: what a browser may load, tell and keep."""

from collections.abc import Iterable
from urllib.parse import urlsplit

Header = tuple[bytes, bytes]

# What belongs to one person, or carries a token in its address, is never kept by a browser or a proxy.
TOKEN_IN_ADDRESS = ("/answers/", "/questions/", "/letters/", "/subscriptions/")
NEVER_KEPT = (*TOKEN_IN_ADDRESS, "/sign-in", "/dev/")
NO_STORE = (b"cache-control", b"no-store")
NO_REFERRER = (b"referrer-policy", b"no-referrer")
OWN_REFERRER = (b"referrer-policy", b"same-origin")
# A letter brings its own styles, as it does in a mail program; nothing else of it may run or load, and nobody but the
# portal may frame it.
AS_IN_MAIL = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
        "sandbox allow-popups"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


class SecurityHeaders:
    def __init__(self, *, public_url: str, sign_in_url: str | None) -> None:
        """`sign_in_url` is the one foreign place that a form may lead to: browsers check the redirect too."""
        elsewhere = f" {_origin(sign_in_url)}" if sign_in_url else ""
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
            f"connect-src 'self'; frame-src 'self'; form-action 'self'{elsewhere}; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        self._always: list[Header] = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self)"),
        ]
        if public_url.startswith("https:"):
            self._always.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    def added_to(self, headers: Iterable[Header], path: str, *, private: bool) -> list[Header]:
        """A handler that knows better (a picture, a page with an ETag) has set its own Cache-Control already."""
        given = list(headers)
        names = {name.lower() for name, _ in given}
        if b"cache-control" not in names and (private or path.startswith(NEVER_KEPT)):
            given.append(NO_STORE)
        given.append(NO_REFERRER if path.startswith(TOKEN_IN_ADDRESS) else OWN_REFERRER)
        # A stored file brings a stricter policy of its own.
        given.extend(header for header in self._always if header[0] not in names)
        return given


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
