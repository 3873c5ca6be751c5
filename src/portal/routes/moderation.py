"""The moderator's desk (§3): its queues, the open message, and how a decision leads on to the next one."""

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from domain.authors import author_of
from domain.model import Message, Person
from domain.moves import Role
from portal.desk import hints, journal, moderation, queues
from portal.desk.asking import Attempt, asked
from portal.desk.deciding import Act, decide
from portal.forms import Typed
from portal.given import Now, TheMessage, ThePerson, only
from portal.pages import page, page_or_fragment, wants_fragment
from portal.visit import PortalRequest

MODERATORS = [only(Role.MODERATOR)]


@get("/moderation", guards=MODERATORS)
async def index(
    request: PortalRequest,
    person: ThePerson,
    now: Now,
    queue: FromQuery[str] = "",
    after: FromQuery[str] = "",
    done: FromQuery[int] = 0,
) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    return shown(request, await moderation.desk(ask, queue, None, after=after, done=done), alone=False)


@get("/moderation/{message_id:int}", guards=MODERATORS)
async def show(
    request: PortalRequest, message: TheMessage, person: ThePerson, now: Now, queue: FromQuery[str] = ""
) -> Response[Any]:
    ask = await asked(person, now, request.visit.view.language)
    return shown(request, await moderation.desk(ask, queue, message), alone=True)


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
async def news(request: PortalRequest, message: TheMessage, since: FromQuery[int] = 0) -> Response[Any]:
    """What others have done to the open message meanwhile: told above the pane, which stays."""
    fresh = [row for row in await journal.events(message.id) if row["id"] > since]
    entries = journal.journal(fresh, language=request.visit.view.language)
    return page(request, "desk/_news.html", {"news": entries, "address": f"/moderation/{message.id}"})


@get("/moderation/{message_id:int}/hints", guards=MODERATORS)
async def hinted(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    """Fetched once more when a worker has read the message; the forms beside them stay as they are."""
    author = await author_of(message.id, by=person, at=now)
    known = {"message_id": message.id, "hints": await hints.hints(message, author), "late": True}
    return page(request, "moderation/_hints.html", known)


def shown(request: PortalRequest, context: dict[str, Any], *, alone: bool) -> Response[Any]:
    """`alone`: the message was asked for by itself, so on a narrow screen it is shown and not the list."""
    known = {"desk": "/moderation", "alone": alone, "faster": None, "typed": None, **context}
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
    attempt: Attempt | None,
    *,
    faster: str | None = None,
) -> Response[Any]:
    """The same message with a form as it stands: it does not fit, or is not finished."""
    ask = await asked(person, now, request.visit.view.language)
    current = await Message.objects().get(Message.id == message.id)
    context = await moderation.desk(ask, form.get("queue"), current, attempt=attempt)
    return shown(request, {**context, "faster": faster, "typed": form, "keep_address": True}, alone=True)


async def decided(
    request: PortalRequest, message: Message, person: Person, now: Any, decision: str, act: Act
) -> Response[Any]:
    """After a decision the next message of the same queue; a form that does not fit comes back as it was typed."""

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        attempt = None if faster else Attempt(decision, form, errors)
        return await as_typed(request, message, person, now, form, attempt, faster=faster)

    def onward(form: Typed) -> str:
        queue = queues.find(moderation.QUEUES, form.get("queue"))
        return f"/moderation?queue={queue.name}&done={message.id}"

    return await decide(request, act, again, onward)
