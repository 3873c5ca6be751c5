"""How a decision of the staff ends: done, or not fitting, or too late; nothing that was typed is lost."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response

from domain.errors import OutOfTurn, Stale, Unfit
from portal.forms import Typed, typed
from portal.pages import go_to, sentences, wants_fragment
from portal.visit import PortalRequest

Act = Callable[[Typed], Awaitable[None]]
Again = Callable[[Typed, dict[str, str], str | None], Awaitable[Response[Any]]]


async def decide(request: PortalRequest, act: Act, again: Again, onward: Callable[[Typed], str]) -> Response[Any]:
    """Try it; `again` shows the form anew with its errors, or with the sentence that says who was faster."""
    form = await typed(request)
    try:
        await act(form)
    except Unfit as unfit:
        response = await again(form, sentences(request, unfit), None)
        response.status_code = 422
        return response
    except (Stale, OutOfTurn) as late:
        # With scripts the sentence lies over the page and the form stays as it is; without them both come anew.
        if wants_fragment(request):
            raise
        response = await again(form, {}, request.visit.rendering.say(request.visit.view.language, late.sentence))
        response.status_code = 409
        return response
    return go_to(onward(form))
