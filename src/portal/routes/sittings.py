"""The coordinator calls a sitting and keeps it: who is there, what is proposed, how they vote (§4.4, R27)."""

from datetime import date
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from pydantic import Field

from domain import convening, resolving
from domain.model import Person, Sitting
from domain.moves import Role
from domain.resolving import Proposed
from domain.wording import N_, translations
from domain.workdays import in_town
from portal.desk import commission, sittings
from portal.desk.collisions import collision
from portal.desk.deciding import Act, decide
from portal.forms import Form, Id, Typed
from portal.given import Now, ThePerson, only
from portal.pages import not_there, page
from portal.routes.commission_desk import MEMBERS
from portal.visit import PortalRequest

SECRETARIES = [only(Role.COORDINATOR)]
SAID = {
    "presence": N_("Who is there is written down."),
    "proposal": N_("The proposal is written down. Now the members vote."),
    "votes": N_("The votes are counted."),
    "closing": N_("The sitting is closed. The protocol is being written."),
}
LABELS = {"text": N_("In the words of the commission")}


class CallForm(Form):
    held_on: date | None = None
    files: tuple[Id, ...] = ()


class VersionForm(Form):
    version: Annotated[int, Field(ge=1)]


class PresenceForm(VersionForm):
    present: tuple[Id, ...] = ()


class ProposalForm(VersionForm):
    item: Id
    kind: Id | None = None
    text: str = ""
    executor: Id | None = None
    due_on: date | None = None


class VotesForm(VersionForm):
    proposal: Id


@post("/commission/sittings", guards=SECRETARIES)
async def create(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    async def call(form: Typed) -> None:
        given = form.fit(CallForm)
        await convening.call(given.held_on, given.files, by=person, at=now)

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        context = {"keeps": True, "typed": form, "errors": errors, "faster": faster}
        return page(request, "commission/index.html", {**await commission.board(), **context})

    return await decide(request, call, again, lambda form: "/commission")


@get("/commission/sittings/{sitting_id:int}", guards=MEMBERS)
async def show(
    request: PortalRequest, person: ThePerson, now: Now, sitting_id: FromPath[int], said: FromQuery[str] = ""
) -> Response[Any]:
    sentence = translations(request.visit.view.language).gettext(SAID[said]) if said in SAID else None
    return await shown(request, await found(sitting_id), person, now, said=sentence)


@post("/commission/sittings/{sitting_id:int}/presence", guards=SECRETARIES)
async def note_presence(
    request: PortalRequest, person: ThePerson, now: Now, sitting_id: FromPath[int]
) -> Response[Any]:
    async def note(form: Typed) -> None:
        given = form.fit(PresenceForm)
        await convening.note_presence(await as_read(sitting_id, given), given.present, by=person, at=now)

    return await kept(request, sitting_id, person, now, "presence", note)


@post("/commission/sittings/{sitting_id:int}/proposals", guards=SECRETARIES)
async def propose(request: PortalRequest, person: ThePerson, now: Now, sitting_id: FromPath[int]) -> Response[Any]:
    async def write(form: Typed) -> None:
        given = form.fit(ProposalForm)
        said = Proposed(given.kind, given.text, given.executor, given.due_on)
        await resolving.propose(await as_read(sitting_id, given), given.item, said, by=person, at=now)

    return await kept(request, sitting_id, person, now, "proposal", write)


@post("/commission/sittings/{sitting_id:int}/votes", guards=SECRETARIES)
async def vote(request: PortalRequest, person: ThePerson, now: Now, sitting_id: FromPath[int]) -> Response[Any]:
    async def count(form: Typed) -> None:
        given = form.fit(VotesForm)
        sitting = await as_read(sitting_id, given)
        await resolving.vote(sitting, given.proposal, votes_in(form, given.proposal), by=person, at=now)

    return await kept(request, sitting_id, person, now, "votes", count)


@post("/commission/sittings/{sitting_id:int}/closing", guards=SECRETARIES)
async def close(request: PortalRequest, person: ThePerson, now: Now, sitting_id: FromPath[int]) -> Response[Any]:
    async def end(form: Typed) -> None:
        await convening.close(await as_read(sitting_id, form.fit(VersionForm)), by=person, at=now)

    return await kept(request, sitting_id, person, now, "closing", end)


def votes_in(form: Typed, proposal: int) -> list[tuple[int, str]]:
    """Fields are named after the proposal and the member; a name that is typed by hand is no vote."""
    start = f"vote-{proposal}-"
    cast = [(name.removeprefix(start), choices) for name, choices in form.fields.items() if name.startswith(start)]
    return [(int(id), choice) for id, choices in cast if id.isascii() and id.isdigit() for choice in choices]


async def found(id: int) -> Sitting:
    sitting = await Sitting.objects().get(Sitting.id == id)
    if sitting is None:
        raise not_there()
    return sitting


async def as_read(id: int, given: VersionForm) -> Sitting:
    """The sitting as it stood when the form was opened: whoever changed it since was faster."""
    sitting = await found(id)
    sitting.version = given.version
    return sitting


async def kept(request: PortalRequest, id: int, person: Person, now: Any, what: str, act: Act) -> Response[Any]:
    sitting = await found(id)

    async def again(form: Typed, errors: dict[str, str], faster: str | None) -> Response[Any]:
        fresh = await found(sitting.id)
        return await shown(request, fresh, person, now, typed=form, errors=errors, faster=faster, attempted=what)

    return await decide(request, act, again, lambda form: f"/commission/sittings/{id}?said={what}")


async def shown(
    request: PortalRequest,
    sitting: Sitting,
    person: Person,
    now: Any,
    *,
    typed: Typed | None = None,
    faster: str | None = None,
    **known: Any,
) -> Response[Any]:
    context = await sittings.page_of(sitting, today=in_town(now).date())
    form, sheet = typed or Typed(), context["sheet"]
    begun: dict[str, Any] = {
        "typed": form,
        "errors": {},
        "collision": collision(faster, form, {"text": sheet.proposed_on(form.get("item"))}, LABELS) if faster else None,
        "attempted": "",
        "said": None,
        "keeps": person.role == Role.COORDINATOR and sitting.state == "called" and sheet.may_begin,
    }
    return page(request, "commission/sitting.html", {**context, **begun, **known})
