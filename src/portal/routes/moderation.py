"""The moderator's desk (§3): its queues, the open message, and how a decision leads on to the next one."""

from datetime import timedelta
from typing import Any

from litestar import Response, get
from litestar.background_tasks import BackgroundTask
from litestar.params import FromQuery

from domain import leasing
from domain.authors import author_of
from domain.model import Message, Person
from domain.moves import Role
from portal.desk import collisions, hints, leases, moderation, queues
from portal.desk.asking import Attempt, asked
from portal.desk.changes import changes
from portal.desk.deciding import Act, as_opened, decide
from portal.forms import Typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import page, page_or_fragment, wants_fragment
from portal.visit import PortalRequest
from workers.live import tell_of_leases

MODERATORS = [only(Role.MODERATOR)]


@get("/moderation", guards=MODERATORS)
async def index(
    request: PortalRequest,
    person: ThePerson,
    now: Now,
    queue: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[int] = 0,
    nothing_free: FromQuery[bool] = False,
) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    context = await moderation.desk(ask, queue, None, after=after, done=done)
    return shown(request, {**context, "nothing_free": nothing_free}, alone=False)


@get("/moderation/{message_id:int}", guards=MODERATORS)
async def show(
    request: PortalRequest,
    message: TheMessage,
    person: ThePerson,
    now: Now,
    queue: FromQuery[str] = "",
    done: FromQuery[int] = 0,
) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    return shown(request, await moderation.desk(ask, queue, message, done=done), alone=True)


@get("/moderation/rows", guards=MODERATORS)
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
    chosen = queues.find(moderation.QUEUES, queue)
    context = {"list": await moderation.rows(ask, chosen, after), "side": await moderation.side(ask, chosen)}
    return page(request, "moderation/_rows.html", {**context, "open": opened, "desk": "/moderation"})


@get("/moderation/{message_id:int}/news", guards=MODERATORS)
async def news(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, since: FromQuery[int] = 0
) -> Response[Any]:
    """What others have done to the open message meanwhile: told beside the pane, which stays."""
    ask = await asked(person, now, request.visit.view.language)
    return page(request, "desk/_news.html", await changes(ask, message, since, "/moderation"))


@get("/moderation/{message_id:int}/hints", guards=MODERATORS)
async def hinted(
    request: PortalRequest,
    message: TheMessage,
    person: ThePerson,
    now: Now,
    opened: FromQuery[int] = 0,
    queue: FromQuery[str] = "",
) -> Response[Any]:
    """Fetched once more when a worker has read the message; the forms beside them stay as they are."""
    author = await author_of(message.id, by=person, at=now)
    frame = {"message_id": message.id, "opened": opened or message.version, "queue": queue}
    known = {**frame, "hints": await hints.hints(message, author), "late": True}
    return page(request, "moderation/_hints.html", known)


def shown(request: PortalRequest, context: dict[str, Any], *, alone: bool) -> Response[Any]:
    """`alone`: the message was asked for by itself, so on a narrow screen it is shown and not the list."""
    known = {"desk": "/moderation", "alone": alone, "collision": None, "nothing_free": False, **context}
    response = page_or_fragment(request, "moderation/show.html", "moderation/_desk.html", known)
    if wants_fragment(request) and "keep_address" not in context:
        queue = context["list"].queue.name
        own = f"/{context['open']}" if alone else ""
        response.headers["HX-Push-Url"] = f"/moderation{own}?queue={queue}"
    return response


async def as_typed(
    request: PortalRequest,
    message: Message,
    person: Person,
    now: Any,
    form: Typed,
    attempt: Attempt,
    *,
    faster: str | None = None,
) -> Response[Any]:
    """The same message with a form as it stands: it does not fit, came too late, or is not finished."""
    ask = await asked(person, now, request.visit.view.language)
    current = await Message.objects().get(Message.id == message.id)
    context = await moderation.desk(ask, form.get("queue"), current, attempt=attempt)
    if faster:
        case = context["pane"].case
        context["collision"] = collisions.of_case(faster, attempt.decision, form, case, person)
    return shown(request, {**context, "keep_address": True}, alone=True)


async def decided(
    request: PortalRequest, message: Message, person: Person, now: Any, decision: str, act: Act
) -> Response[Any]:
    """After a decision the next message of the same queue that nobody has open, taken at once.

    A form that does not fit comes back as it was typed.
    """
    moved: list[int] = []  # the message that is left, and the one that is taken

    async def act_and_go_on(form: Typed) -> None:
        await as_opened(message, act)(form)
        await leasing.leave(message.id, by=person)
        queue = queues.find(moderation.QUEUES, form.get("queue"))
        taken = await leases.take_next(queue, person, at=now, lasting=lasting(request))
        moved.extend(each for each in (message.id, taken) if each)

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        attempt = Attempt(decision, form, errors, late=faster is not None)
        return await as_typed(request, message, person, now, form, attempt, faster=faster)

    def onward(form: Typed) -> str:
        queue = queues.find(moderation.QUEUES, form.get("queue"))
        following = f"/{moved[-1]}" if len(moved) > 1 else ""
        return f"/moderation{following}?queue={queue.name}&done={message.id}"

    return told(await decide(request, act_and_go_on, again, onward), *moved)


def lasting(request: PortalRequest) -> timedelta:
    """A page with scripts renews what it has taken; without them nobody does."""
    return leasing.BY_A_PAGE if wants_fragment(request) else leasing.BY_HAND


def told(response: Response[Any], *messages: int | None) -> Response[Any]:
    """The other moderators hear of what was taken or let go, after the answer: nobody waits for it."""
    response.background = BackgroundTask(tell_of_leases, *filter(None, messages))
    return response
