"""The executor's desk (§4, R22): the cases that were sent to them, the open one, and how each step leads on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from domain.model import Message, Person
from domain.moves import Role
from domain.seeing import visible_to
from portal.desk import collisions, execution, queues
from portal.desk.asking import Attempt, asked
from portal.desk.changes import changes
from portal.desk.deciding import Act, as_opened, decide
from portal.forms import Typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import page, page_or_fragment, wants_fragment
from portal.visit import PortalRequest

EXECUTORS = [only(Role.EXECUTOR)]


@get("/execution", guards=EXECUTORS)
async def index(
    request: PortalRequest,
    person: ThePerson,
    now: Now,
    queue: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[int] = 0,
) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    return shown(request, await execution.desk(ask, queue, None, after=after, done=done), alone=False)


@get("/execution/{message_id:int}", guards=EXECUTORS)
async def show(
    request: PortalRequest,
    message: TheMessage,
    person: ThePerson,
    now: Now,
    queue: FromQuery[str] = "",
    done: FromQuery[int] = 0,
) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    return shown(request, await execution.desk(ask, queue, message, done=done), alone=True)


@get("/execution/rows", guards=EXECUTORS)
async def rows(
    request: PortalRequest,
    person: ThePerson,
    now: Now,
    queue: FromQuery[str] = "",
    after: FromQuery[str] = "",
    opened: FromQuery[int] = 0,
) -> Response[Any]:
    """The list and the counters alone: what is fetched again when there is news, beside a pane that stays."""
    ask = await asked(person, now, request.visit.view.language)
    chosen = queues.find(execution.QUEUES, queue)
    context = await execution.beside(ask, chosen, after)
    return page(request, "execution/_rows.html", {**context, "open": opened, "desk": "/execution"})


@get("/execution/{message_id:int}/news", guards=EXECUTORS)
async def news(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, since: FromQuery[int] = 0
) -> Response[Any]:
    """What others have done to the open case meanwhile: told beside the pane, which stays."""
    ask = await asked(person, now, request.visit.view.language)
    return page(request, "desk/_news.html", await changes(ask, message, since, "/execution"))


def shown(request: PortalRequest, context: dict[str, Any], *, alone: bool) -> Response[Any]:
    """`alone`: the case was asked for by itself, so on a narrow screen it is shown and not the list."""
    known = {"desk": "/execution", "alone": alone, "collision": None, **context}
    response = page_or_fragment(request, "execution/show.html", "execution/_desk.html", known)
    if wants_fragment(request) and "keep_address" not in context:
        own = f"/{context['open']}" if alone else ""
        response.headers["HX-Push-Url"] = f"/execution{own}?queue={context['list'].queue.name}"
    return response


async def done(
    request: PortalRequest,
    message: Message,
    person: Person,
    now: datetime,
    step: str,
    act: Act,
    *,
    stay: bool = True,
    onward: Callable[[Typed], str] | None = None,
) -> Response[Any]:
    """After a step the same case, the next one, or `onward`; a form that does not fit comes back as it was typed."""

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        ask = await asked(person, now, request.visit.view.language)
        current = await visible_to(person).where(Message.id == message.id).first()
        attempt = Attempt(step, form, errors, late=faster is not None) if current else None
        context = await execution.desk(ask, form.get("queue"), current, attempt=attempt)
        if faster:
            case = context["pane"].case if current else None
            context["collision"] = collisions.of_case(faster, step, form, case, person)
        return shown(request, {**context, "keep_address": True}, alone=True)

    def to_the_desk(form: Typed) -> str:
        queue = queues.find(execution.QUEUES, form.get("queue"))
        return f"/execution{f'/{message.id}' if stay else ''}?queue={queue.name}&done={message.id}"

    return await decide(request, as_opened(message, act), again, onward or to_the_desk)
