"""Where to go after a sign-in: only to a page of the portal itself."""

import re
from urllib.parse import quote

# No empty segments ("//elsewhere"), no backslashes, no escapes in the path: a browser reads some of these as a host.
OWN_PATH = re.compile(
    r"/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?)?(?:\?[A-Za-z0-9._~=&%+:-]*)?"
)
LETTERS = 500


def own_path(wanted: str | None, otherwise: str = "/") -> str:
    if wanted and len(wanted) <= LETTERS and OWN_PATH.fullmatch(wanted):
        return wanted
    return otherwise


def sign_in_first(back: str) -> str:
    return f"/sign-in?return_to={quote(own_path(back), safe='/')}"
