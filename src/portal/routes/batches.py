"""The moderator decides on several messages at once: first they are listed, then each gets a line of its own."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from domain import moderating, moves
from domain.errors import Unfit
from domain.model import Message, Person
from domain.wording import N_
from domain.workdays import in_town
from portal.desk import batches
from portal.desk.batches import Act, Tick
from portal.desk.directory import Directory, directory
from portal.desk.search_filters import Filters
from portal.forms import Form, Id, Typed, typed
from portal.given import Now, ThePerson
from portal.pages import not_there, page, sentences
from portal.routes.moderation import MODERATORS
from portal.routes.refusals import RefusalForm
from portal.routes.reroutings import ReroutingForm
from portal.visit import PortalRequest


class RegistrationForm(Form):
    executor: Id | None = None


async def register(message: Message, form: Any, lists: Directory, by: Person, at: datetime) -> None:
    """On the topic that its author chose, in the territory that its address names, as on the open message."""
    territory = lists.territory_of(message.address)
    await moderating.register(message, by=by, at=at, territory=territory, executor=form.executor)


async def refuse(message: Message, form: Any, _: Directory, by: Person, at: datetime) -> None:
    await moderating.refuse(message, by=by, at=at, **form.model_dump())


async def reroute(message: Message, form: Any, _: Directory, by: Person, at: datetime) -> None:
    await moderating.reroute(message, by=by, at=at, executor=form.executor)


ACTS = (
    Act(
        "registration", N_("Register and send to an executor"), "user-check", N_("Registered and sent to the executor"),
        moves.REGISTER, RegistrationForm, register,
    ),
    Act(
        "refusal", N_("Refuse with one reason"), "circle-x", N_("Refused, the author is told"),
        moves.REFUSE, RefusalForm, refuse,
    ),
    Act(
        "rerouting", N_("Send to another executor"), "arrow-right", N_("Sent to another executor"),
        moves.REROUTE, ReroutingForm, reroute,
    ),
)  # fmt: skip


@get("/batches/new", guards=MODERATORS)
async def new(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    ticked = batches.ticks(request.query_params.getall("tick", []))
    back = Filters.read(request.query_params.get("query", ""), person).link()
    return await listed(request, person, now, ticked, back)


@post("/batches/{name:str}", guards=MODERATORS)
async def create(request: PortalRequest, person: ThePerson, now: Now, name: FromPath[str]) -> Response[Any]:
    form = await typed(request)
    act = next((each for each in ACTS if each.name == name), None) or gone()
    ticked = batches.ticks(form.all("tick"))
    back = Filters.read(form.get("query"), person).link()
    try:
        lists = await directory(in_town(now).date())
        lines = await batches.carry_out(act, ticked, form.fit(act.form), lists, by=person, at=now)
    except Unfit as unfit:
        wrong = sentences(request, unfit)
        return await listed(request, person, now, ticked, back, form=form, errors=wrong, attempted=name, status=422)
    return page(request, "batches/show.html", {"lines": told(request, lines), "act": act, "back": back})


def gone() -> Any:
    raise not_there()


async def listed(
    request: PortalRequest,
    person: Person,
    now: datetime,
    ticked: list[Tick],
    back: str,
    *,
    form: Typed | None = None,
    errors: dict[str, str] | None = None,
    attempted: str = "",
    status: int = 200,
) -> Response[Any]:
    """The messages that were ticked, and the acts of which at least one of them allows."""
    those = await batches.chosen(ticked, person)
    known = {
        "those": those,
        "acts": [(act, count) for act in ACTS if (count := batches.fitting(act, those, person))],
        "directory": await directory(in_town(now).date()),
        "form": form or Typed(),
        "errors": errors or {},
        "attempted": attempted,
        "back": back,
    }
    return page(request, "batches/new.html", known, status=status)


def told(request: PortalRequest, lines: list[batches.Line]) -> list[tuple[batches.Line, str | None]]:
    visit = request.visit
    return [(line, line.why and visit.rendering.say(visit.view.language, line.why)) for line in lines]
