"""All directories as files (§2): taken away, brought back, looked at and confirmed before anything is written."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from domain import directories
from domain.directories import sheets
from domain.errors import Refusal, Stale, Unfit
from domain.model import Intake
from domain.wording import translations
from domain.workdays import in_town
from portal import intakes, serving, workbooks
from portal.desk import directories as desk
from portal.desk import intakes as view
from portal.forms import Form, typed
from portal.given import Now, ThePerson, signed_in
from portal.pages import leave_for, not_there, page, sentences
from portal.routes.directories import KEEPERS, known
from portal.visit import PortalRequest

BODY = workbooks.FILE_AT_MOST + 2**20


class IntakeForm(Form):
    holds_from: date | None = None


@get("/directories/export", guards=KEEPERS)
async def export(request: PortalRequest, person: ThePerson, now: Now) -> Response[bytes]:
    """Every directory that this person keeps, as one workbook."""
    language = request.visit.view.language
    kept = [await sheets.sheet(each, language) for each in directories.ALL if person.role in each.keepers]
    name = f"{translations(language).gettext('Directories')} {in_town(now):%Y-%m-%d}.xlsx"
    return Response(workbooks.workbook(kept), media_type=serving.WORKBOOK, headers=serving.taken_away(name))


@get("/directories/{name:str}/export", guards=KEEPERS)
async def table(request: PortalRequest, name: FromPath[str]) -> Response[bytes]:
    directory = known(request, name)
    content = workbooks.table(await sheets.sheet(directory, request.visit.view.language))
    return Response(content, media_type=serving.TABLE, headers=serving.taken_away(f"{directory.name}.csv"))


@get("/directories/import", guards=KEEPERS)
async def new(request: PortalRequest) -> Response[Any]:
    return await form_page(request)


@post("/directories/import", guards=KEEPERS, request_max_body_size=BODY)
async def create(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    form = await typed(request)
    try:
        given = form.fit(IntakeForm)
        file = next(iter(form.files("file")), None)
        content = await file.read(workbooks.FILE_AT_MOST + 1) if file else b""
        id = await intakes.take_in(
            file.filename if file else "", content, by=person, at=now, holds_from=given.holds_from
        )
    except Unfit as unfit:
        return await form_page(request, errors=sentences(request, unfit), holds_from=form.get("holds_from"))
    return leave_for(request, f"/directories/import/{id}")


@get("/directories/import/{intake_id:uuid}", guards=KEEPERS)
async def show(request: PortalRequest, intake_id: FromPath[UUID], person: ThePerson, now: Now) -> Response[Any]:
    return await plan_page(request, await the_intake(intake_id, person, now))


@post("/directories/import/{intake_id:uuid}", guards=KEEPERS)
async def update(request: PortalRequest, intake_id: FromPath[UUID], person: ThePerson, now: Now) -> Response[Any]:
    intake = await the_intake(intake_id, person, now)
    try:
        await intakes.confirm(intake, by=person, at=now)
    except (Unfit, Stale) as trouble:
        await intakes.try_again(intake, by=person, at=now)
        return await plan_page(request, intake, trouble=trouble)
    return leave_for(request, f"/directories/import/{intake_id}")


async def the_intake(id: UUID, person: Any, now: Any) -> Intake:
    intake = await intakes.find(id, by=person, at=now)
    if intake is None:
        raise not_there()
    return intake


async def form_page(
    request: PortalRequest, errors: dict[str, str] | None = None, holds_from: str = ""
) -> Response[Any]:
    shelves = await desk.shelves(signed_in(request))
    context = {"shelves": shelves, "current": "import", "errors": errors or {}, "holds_from": holds_from}
    return page(request, "directories/import.html", context, status=422 if errors else 200)


async def plan_page(request: PortalRequest, intake: Intake, trouble: Refusal | None = None) -> Response[Any]:
    language = request.visit.view.language
    sentence = None
    if trouble:
        told = next(iter(trouble.errors.values())) if isinstance(trouble, Unfit) else trouble.sentence
        sentence = request.visit.rendering.say(language, told)
    shelves = await desk.shelves(signed_in(request))
    context = {"shelves": shelves, "current": "import", "intake": view.intake(intake, language), "trouble": sentence}
    return page(request, "directories/plan.html", context, status=409 if trouble else 200)
