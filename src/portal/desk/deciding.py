"""How a decision of the staff ends: done, or not fitting, or too late; nothing that was typed is lost."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response

from domain.errors import OutOfTurn, Stale, Unfit
from domain.model import Message
from portal.forms import Form, Id, Typed, typed
from portal.pages import go_to, sentences
from portal.visit import PortalRequest


class OpenedForm(Form):
    opened: Id | None = None


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
        response = await again(form, {}, request.visit.rendering.say(request.visit.view.language, late.sentence))
        response.status_code = 409
        return response
    return go_to(onward(form))


def as_opened(message: Message, act: Act) -> Act:
    """With the message as it was when the form was opened: the verb then finds out whether somebody came between."""

    async def act_on_it(form: Typed) -> None:
        message.version = form.fit(OpenedForm).opened or message.version
        await act(form)

    return act_on_it
