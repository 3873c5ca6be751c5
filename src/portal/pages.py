"""A page or its piece: the same handler serves a browser and htmx, and both get the same words."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from litestar import MediaType, Response
from litestar.exceptions import NotFoundException

from domain.errors import Unfit
from portal.visit import PortalRequest

# A fragment and its page share one address, and a page differs by who looks at it.
VARY = {"Vary": "HX-Request, Cookie"}


def page(
    request: PortalRequest, template: str, context: Mapping[str, Any], *, status: int = 200, tag: str | None = None
) -> Response[str]:
    """`tag` comes from `fingerprint`: a browser that has the same one is answered by `unchanged`."""
    visit = request.visit
    known = {
        "person": visit.person,
        "view": visit.view,
        "csrf_token": visit.csrf_token,
        "now": visit.now,
        "path": request.scope["path"],
    }
    html = visit.rendering.render(visit.view.language, template, {**known, **context})
    headers = VARY if tag is None else {**VARY, "ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(html, media_type=MediaType.HTML, status_code=status, headers=headers)


def page_or_fragment(
    request: PortalRequest, page_template: str, fragment: str, context: Mapping[str, Any], *, tag: str | None = None
) -> Response[str]:
    return page(request, fragment if wants_fragment(request) else page_template, context, tag=tag)


def form_again(
    request: PortalRequest, unfit: Unfit, page_template: str, fragment: str, context: Mapping[str, Any]
) -> Response[str]:
    """The form as it was typed, with a sentence at each field that does not fit."""
    template = fragment if wants_fragment(request) else page_template
    return page(request, template, {**context, "errors": sentences(request, unfit)}, status=422)


def go_to(path: str) -> Response[None]:
    """303, so that reloading the next page does not send the form again."""
    return Response(None, status_code=303, headers={"Location": path})


def leave_for(request: PortalRequest, path: str) -> Response[None]:
    """To another page for good: htmx follows a 303 inside its request, so it is told by its own header."""
    if not wants_fragment(request):
        return go_to(path)
    return Response(None, status_code=200, headers={"HX-Redirect": path})


def wants_fragment(request: PortalRequest) -> bool:
    """Boosted links and a restored history ask through htmx, and both need the whole page."""
    return (
        request.headers.get("hx-request") == "true"
        and request.headers.get("hx-boosted") != "true"
        and request.headers.get("hx-history-restore-request") != "true"
    )


def sentences(request: PortalRequest, unfit: Unfit) -> dict[str, str]:
    visit = request.visit
    return {field: visit.rendering.say(visit.view.language, sentence) for field, sentence in unfit.errors.items()}


def fingerprint(request: PortalRequest, *parts: object) -> str:
    """The ETag of a page: `parts` is what its content depends on; who looks and how is added here."""
    visit = request.visit
    seen = (visit.rendering.version, visit.csrf_token, visit.view, wants_fragment(request), parts)
    return f'W/"{blake2b(repr(seen).encode(), digest_size=12).hexdigest()}"'


def unchanged(request: PortalRequest, tag: str) -> Response[None] | None:
    """304 for a browser that holds this very page, else nothing: then render it."""
    if tag not in request.headers.get("if-none-match", ""):
        return None
    return Response(None, status_code=304, headers={**VARY, "ETag": tag, "Cache-Control": "private, no-cache"})


def not_there() -> NotFoundException:
    """What a person may not see and what does not exist are told in the same words."""
    return NotFoundException()
