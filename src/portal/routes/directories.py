"""The operator's directories (§2, R34, R35): every page of every directory, made from its description."""

from datetime import date
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from pydantic import Field

from domain import directories, keeping
from domain.directories import Directory, reading
from domain.errors import Sentence, Stale, Unfit
from domain.moves import Role
from domain.wording import N_, translations
from domain.workdays import in_town
from portal.desk import directories as desk
from portal.desk.collisions import collision
from portal.desk.faults import faults
from portal.forms import Form, Id, Typed, typed
from portal.given import Now, ThePerson, only, signed_in
from portal.pages import leave_for, not_there, page, page_or_fragment, sentences, wants_fragment
from portal.visit import PortalRequest

KEEPERS = [only(Role.OPERATOR, Role.MODERATOR)]  # the moderator keeps the standard answers
SAID = {
    "kept": N_("Written down. It holds from now on."),
    "ahead": N_("Written down. It will hold from its day on."),
    "withdrawn": N_("The change was withdrawn."),
}


class RowForm(Form):
    version: Annotated[int, Field(ge=0)] = 0
    holds_from: date | None = None


class WithdrawalForm(Form):
    revision: Id


@get("/directories", guards=KEEPERS)
async def index(request: PortalRequest, person: ThePerson, now: Now) -> Response[Any]:
    known = {"shelves": await desk.shelves(person), "faults": await faults(person), "learned": await desk.learned()}
    unattended = await desk.unattended(person, on=in_town(now).date())
    return page(request, "directories/index.html", {**known, "unattended": unattended, "current": ""})


@get("/directories/{name:str}", guards=KEEPERS)
async def show(request: PortalRequest, name: FromPath[str], q: FromQuery[str] = "") -> Response[Any]:
    directory = known(request, name)
    lines = await desk.table(directory, q.strip(), language=request.visit.view.language)
    context = {
        "shelves": await desk.shelves(signed_in(request)),
        "current": name,
        "directory": directory,
        "lines": lines,
        "word": q,
    }
    return page_or_fragment(request, "directories/show.html", "directories/_table.html", context)


@get("/directories/{name:str}/new", guards=KEEPERS)
async def new(request: PortalRequest, name: FromPath[str], now: Now) -> Response[Any]:
    return await form_page(request, known(request, name), None, now)


@post("/directories/{name:str}", guards=KEEPERS)
async def create(request: PortalRequest, name: FromPath[str], person: ThePerson, now: Now) -> Response[Any]:
    return await kept(request, known(request, name), None, person, now)


@get("/directories/{name:str}/{row:int}", guards=KEEPERS)
async def edit(
    request: PortalRequest, name: FromPath[str], row: FromPath[int], now: Now, said: FromQuery[str] = ""
) -> Response[Any]:
    return await form_page(request, known(request, name), row, now, said=said)


@post("/directories/{name:str}/{row:int}", guards=KEEPERS)
async def update(
    request: PortalRequest, name: FromPath[str], row: FromPath[int], person: ThePerson, now: Now
) -> Response[Any]:
    return await kept(request, known(request, name), row, person, now)


@post("/directories/{name:str}/{row:int}/withdrawal", guards=KEEPERS)
async def withdraw(
    request: PortalRequest, name: FromPath[str], row: FromPath[int], person: ThePerson, now: Now
) -> Response[Any]:
    given = (await typed(request)).fit(WithdrawalForm)
    await keeping.withdraw(known(request, name), row, given.revision, by=person, at=now)
    return leave_for(request, f"/directories/{name}/{row}?said=withdrawn")


def known(request: PortalRequest, name: str) -> Directory:
    """What somebody does not keep is not there for them."""
    directory = directories.find(name)
    if directory is None or signed_in(request).role not in directory.keepers:
        raise not_there()
    return directory


async def form_page(
    request: PortalRequest,
    directory: Directory,
    row: int | None,
    now: Any,
    *,
    form: Typed | None = None,
    errors: dict[str, str] | None = None,
    faster: str | None = None,
    said: str = "",
) -> Response[Any]:
    """The form of a row; one that did not fit comes back as it was typed."""
    language = request.visit.view.language
    sheet = await desk.sheet(directory, row, at=now, language=language, form=form)
    if sheet is None:
        raise not_there()
    sentence = translations(language).gettext(SAID[said]) if said in SAID else None
    late = collision(faster, form, sheet.standing, sheet.labels, form="row") if faster and form else None
    context = {"sheet": sheet, "errors": errors or {}, "collision": late, "said": sentence}
    fragment = wants_fragment(request)
    template = "directories/_form.html" if fragment else "directories/edit.html"
    around = {} if fragment else {"shelves": await desk.shelves(signed_in(request)), "current": directory.name}
    status = 422 if errors else 409 if faster else 200
    return page(request, template, {**context, **around}, status=status)


async def kept(request: PortalRequest, directory: Directory, row: int | None, person: Any, now: Any) -> Response[Any]:
    """Write what was typed; of two operators at once the second is told, and keeps every word."""
    form = await typed(request)
    try:
        values, given = await fitted(directory, row, form)
        id = await keeping.keep(
            directory, values, row=row, version=given.version, by=person, at=now, holds_from=given.holds_from
        )
    except Unfit as unfit:
        return await form_page(request, directory, row, now, form=form, errors=sentences(request, unfit))
    except Stale as stale:
        faster = request.visit.rendering.say(request.visit.view.language, stale.sentence)
        return await form_page(request, directory, row, now, form=form, faster=faster)
    ahead = given.holds_from is not None and given.holds_from > in_town(now).date()
    return leave_for(request, f"/directories/{directory.name}/{id}?said={'ahead' if ahead else 'kept'}")


async def fitted(directory: Directory, row: int | None, form: Typed) -> tuple[dict[str, Any], RowForm]:
    """Everything that does not fit, at once: the fields of the directory, and the day of the change."""
    known_row = await reading.row(directory, row) if row is not None else None
    if row is not None and known_row is None:
        raise not_there()
    errors: dict[str, Sentence] = {}
    values: dict[str, Any] = {}
    given = RowForm()
    try:
        values = directory.read(desk.typed(directory, form, new=row is None), known=known_row)
    except Unfit as unfit:
        errors |= unfit.errors
    try:
        given = form.fit(RowForm)
    except Unfit as unfit:
        errors |= unfit.errors
    if errors:
        raise Unfit(errors)
    return values, given
