"""The operator changes the words of the letters (§2), sees at once how the letter would look, and has every version."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import FromPath, FromQuery

from domain import lettering
from domain.errors import Stale, Unfit
from domain.lettering import LETTERS
from domain.moves import Role
from domain.wording import LANGUAGES, N_, translations
from domain.workdays import in_town
from portal.desk import directories
from portal.desk import letter_words as desk
from portal.desk.collisions import collision
from portal.forms import Form, Typed, typed
from portal.given import Now, ThePerson, only, signed_in
from portal.pages import leave_for, not_there, page, sentences, wants_fragment
from portal.security.headers import AS_IN_MAIL
from portal.visit import PortalRequest

KEEPERS = [only(Role.OPERATOR)]
SAID = {
    "kept": N_("Written down. From now on the letter goes out in these words."),
    "built-in": N_("From now on the letter goes out in the words that the portal brings."),
}


class VersionForm(Form):
    version: int = 0


@get("/wording", guards=KEEPERS)
async def index(request: PortalRequest) -> Response[Any]:
    titles = {letter: desk.title(letter) for letter in LETTERS}
    context = {"titles": titles, "languages": LANGUAGES, "changed": await desk.changed()}
    return page(request, "letter_words/index.html", {**context, **await around(request)})


@get("/wording/{letter:str}/{language:str}", guards=KEEPERS)
async def edit(
    request: PortalRequest,
    letter: FromPath[str],
    language: FromPath[str],
    now: Now,
    version: FromQuery[int | None] = None,
    said: FromQuery[str] = "",
) -> Response[Any]:
    return await form_page(request, letter, language, now, version=version, said=said)


@post("/wording/{letter:str}/{language:str}", guards=KEEPERS)
async def update(
    request: PortalRequest, letter: FromPath[str], language: FromPath[str], person: ThePerson, now: Now
) -> Response[Any]:
    form = await typed_about(request, letter, language)
    words, opened = desk.words_of(form), form.fit(VersionForm).version
    act = lettering.keep(letter, language, words, version=opened, by=person, at=now)
    return await ended(request, letter, language, now, form, act, "kept")


@post("/wording/{letter:str}/{language:str}/built-in", guards=KEEPERS)
async def destroy(
    request: PortalRequest, letter: FromPath[str], language: FromPath[str], person: ThePerson, now: Now
) -> Response[Any]:
    form = await typed_about(request, letter, language)
    opened = form.fit(VersionForm).version
    act = lettering.return_to_built_in(letter, language, version=opened, by=person, at=now)
    return await ended(request, letter, language, now, None, act, "built-in")


@post("/wording/{letter:str}/{language:str}/preview", guards=KEEPERS)
async def look(request: PortalRequest, letter: FromPath[str], language: FromPath[str], now: Now) -> Response[Any]:
    """While somebody types, the preview alone; without scripts the whole page with what was typed."""
    form = await typed_about(request, letter, language)
    errors = sentences(request, Unfit(lettering.misfits(letter, desk.words_of(form))))
    if not wants_fragment(request):
        return await form_page(request, letter, language, now, form=form, errors=errors)
    context = {"errors": errors, "look": None if errors else await looked_at(request, letter, language, now, form)}
    return page(request, "letter_words/_look.html", {**context, "address": f"/wording/{letter}/{language}"})


@get("/wording/{letter:str}/{language:str}/preview/{token:str}", guards=KEEPERS)
async def show(
    request: PortalRequest, letter: FromPath[str], language: FromPath[str], token: FromPath[str]
) -> Response[str]:
    """As a mail program shows it, in a frame that may do nothing."""
    must_be_known(letter, language)
    html = desk.as_html(letter, language, token, request.app.state.settings.secret_key)
    if html is None:
        raise not_there()
    return Response(html, media_type=MediaType.HTML, headers=AS_IN_MAIL)


def must_be_known(letter: str, language: str) -> None:
    if not desk.known(letter, language):
        raise not_there()


async def typed_about(request: PortalRequest, letter: str, language: str) -> Typed:
    must_be_known(letter, language)
    return await typed(request)


async def ended(
    request: PortalRequest,
    letter: str,
    language: str,
    now: datetime,
    form: Typed | None,
    act: Awaitable[None],
    said: str,
) -> Response[Any]:
    """Written down, or the form again with every word of it; of two operators at once the second is told."""
    try:
        await act
    except Unfit as unfit:
        return await form_page(request, letter, language, now, form=form, errors=sentences(request, unfit))
    except Stale as stale:
        faster = request.visit.rendering.say(request.visit.view.language, stale.sentence)
        return await form_page(request, letter, language, now, form=form, faster=faster)
    return leave_for(request, f"/wording/{letter}/{language}?said={said}")


async def form_page(
    request: PortalRequest,
    letter: str,
    language: str,
    now: datetime,
    *,
    version: int | None = None,
    form: Typed | None = None,
    errors: dict[str, str] | None = None,
    faster: str | None = None,
    said: str = "",
) -> Response[Any]:
    must_be_known(letter, language)
    sheet = await desk.sheet(letter, language, form, version=version, today=in_town(now).date())
    words = Typed.of(**sheet.form, case=sheet.case)
    sentence = translations(request.visit.view.language).gettext(SAID[said]) if said in SAID else None
    typed_in = form or Typed()
    late = collision(faster, typed_in, sheet.standing, desk.LABELS, form="words" if form else "") if faster else None
    context = {
        "sheet": sheet,
        "errors": errors or {},
        "collision": late,
        "said": sentence,
        "look": None if errors else await looked_at(request, letter, language, now, words),
        "address": sheet.address,
    }
    status = 422 if errors else 409 if faster else 200
    return page(request, "letter_words/edit.html", {**context, **await around(request)}, status=status)


async def looked_at(request: PortalRequest, letter: str, language: str, now: datetime, form: Typed) -> desk.Look:
    secret, today = request.app.state.settings.secret_key, in_town(now).date()
    return await desk.look(letter, language, desk.words_of(form), desk.case_of(form), secret, today=today)


async def around(request: PortalRequest) -> dict[str, Any]:
    return {"shelves": await directories.shelves(signed_in(request)), "current": "wording"}
