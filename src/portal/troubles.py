"""How the portal says no: every error becomes a sentence for the person, and only here it gets its number."""

import logging
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from litestar import MediaType, Response
from litestar.exceptions import HTTPException

from domain.errors import NotAllowed, OutOfTurn, Refusal, Sentence, Stale, Unfit, say
from domain.outages import DatabaseAway
from domain.wording import N_
from portal.given import ConsentNeeded, NotSignedIn
from portal.pages import VARY, go_to, page, sentences, wants_fragment
from portal.security.csrf import SAFE, Forged
from portal.security.headers import TOKEN_IN_ADDRESS
from portal.security.ways_back import own_path, sign_in_first
from portal.visit import PortalRequest
from workers.store import StoreAway, full

log = logging.getLogger(__name__)

RETRY_AFTER = "5"
TOKEN_LETTERS = 6

STATUS: dict[type[Exception], int] = {
    NotAllowed: 403,
    OutOfTurn: 409,
    Stale: 409,
    Unfit: 422,
    Forged: 403,
    NotSignedIn: 401,
    ConsentNeeded: 403,
    # Text that slipped through the form layer, for example in an address: the sender's fault and not ours.
    asyncpg.DataError: 422,
    UnicodeError: 400,
    RecursionError: 400,
    DatabaseAway: 503,
    TimeoutError: 503,
    # A full disk, a socket that is gone; a template that is missing is an OSError too, and the log tells.
    OSError: 503,
}

FORGED = N_("This page is out of date or was opened in another sign-in. Reload it and try again.")
SIGNED_OUT = N_("You have been signed out. Sign in again in another tab; what you have typed stays here.")
SENTENCES = {
    400: N_("The request could not be read."),
    401: SIGNED_OUT,
    403: N_("This is not yours to do."),
    404: N_("Check the address. Or the page is not for you to see: then sign in as somebody who may."),
    405: N_("This cannot be done here."),
    413: N_("This is too much at once: the files of one sending may take 50 MB together."),
    414: N_("The address is too long."),
    422: N_("Please mend what is marked."),
    429: N_("Too many requests; wait a little."),
    431: N_("Your browser sends too many cookies of this site; clear them and try again."),
    500: N_("Something broke on our side. It has been written down; try again a little later."),
    503: N_("The portal does not answer in time. Nothing was changed; try again in a minute."),
    507: N_("There is no room for files on our side. Nothing was kept; try again later, or send it without files."),
}
FILES_AWAY = N_("Files cannot be kept or shown just now. Nothing was changed; try again in a minute.")


@dataclass(frozen=True)
class Trouble:
    status: int
    sentence: Sentence
    errors: list[str] = field(default_factory=list)


def answer(request: PortalRequest, error: Exception) -> Response[Any]:
    """A page for a browser, a piece for htmx; both say what happened and what to do, in the person's language."""
    trouble = understood(request, error)
    if trouble.status >= 500:
        write_down(request, error, trouble.status)
    if isinstance(error, NotSignedIn) and (way := way_in(request)):
        return way
    if isinstance(error, ConsentNeeded) and request.scope["method"] in SAFE:
        return go_to("/sign-in/consent?return_to=" + own_path(request.scope["path"]))
    response = told(request, trouble)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def write_down(request: PortalRequest, error: Exception, status: int) -> None:
    """A database or a store that is away is one line a request; what we do not know comes with its whole story."""
    known = isinstance(error, (DatabaseAway, StoreAway, TimeoutError, HTTPException))
    where = f"{request.scope['method']} {shortened(request.scope['path'])}"
    why = error if isinstance(error, StoreAway) else type(error).__name__
    log.error("%s ended in %s: %s", where, status, why, exc_info=None if known else error)


def understood(request: PortalRequest, error: Exception) -> Trouble:
    if isinstance(error, HTTPException):
        return Trouble(error.status_code, of_status(error.status_code))
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    if isinstance(error, OSError) and full(error):
        return Trouble(507, of_status(507))
    if isinstance(error, StoreAway):
        return Trouble(status, say(FILES_AWAY))
    if isinstance(error, Unfit):
        return Trouble(status, error.sentence, list(sentences(request, error).values()))
    if isinstance(error, Refusal):
        return Trouble(status, error.sentence)
    return Trouble(status, say(FORGED) if isinstance(error, Forged) else of_status(status))


def of_status(status: int) -> Sentence:
    return say(SENTENCES.get(status, SENTENCES[500] if status >= 500 else SENTENCES[400]))


def way_in(request: PortalRequest) -> Response[Any] | None:
    """To the sign-in and back; but not away from a page on which somebody has typed."""
    if request.scope["method"] not in SAFE:
        return None
    if wants_fragment(request):
        return Response(None, status_code=401, headers={"HX-Redirect": sign_in_first("/"), **VARY})
    query = request.scope["query_string"].decode("latin-1")
    return go_to(sign_in_first(request.scope["path"] + (f"?{query}" if query else "")))


def told(request: PortalRequest, trouble: Trouble) -> Response[Any]:
    visit = request.visit
    words = visit.rendering.say(visit.view.language, trouble.sentence)
    context = {
        "status": trouble.status,
        "sentence": words,
        "errors": trouble.errors,
        "typed": request.words_typed,
    }
    fragment = wants_fragment(request)
    try:
        response = page(request, "errors/_trouble.html" if fragment else "errors/page.html", context)
    except Exception:
        # Whatever is wrong with the page of errors, the person still gets the sentence.
        log.exception("the page of errors cannot be rendered")
        response = Response(words, media_type=MediaType.TEXT)
    response.status_code = trouble.status
    if fragment:
        response.headers.update({"HX-Retarget": "#trouble", "HX-Reswap": "innerHTML"})
    if trouble.status == 503:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def shortened(path: str) -> str:
    """A token in an address opens one answer or question to somebody, so the log keeps only its beginning."""
    for place in TOKEN_IN_ADDRESS:
        head, found, token = path.partition(place)
        if found:
            return f"{head}{found}{token[:TOKEN_LETTERS]}"
    return path
