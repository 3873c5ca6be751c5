"""The pages of the ЕСИА emulator (mounted in development only): who signs in, and do they agree."""

from typing import Any, Literal

from litestar import Response, get, post

from domain.wording import N_, translations
from portal.forms import Form, typed
from portal.pages import go_to, page
from portal.signing_in.emulator import MANDATORY, PREFIX, Emulator, EsiaError
from portal.signing_in.esia import AUTHORIZE
from portal.signing_in.personas import BY_KEY, PERSONAS
from portal.visit import PortalRequest

ASKS = (N_("Surname, name, patronymic"), N_("E-mail"), N_("The organisation on whose behalf you act"))
SENT = (*MANDATORY, "scope_org")


class DecisionForm(Form):
    persona: Literal["confirmed", "unconfirmed", "child", "no-email", "organisation", "denies"]
    decision: Literal["allow", "deny"] = "allow"


@get(PREFIX + AUTHORIZE)
async def new(request: PortalRequest) -> Response[Any]:
    fields = {name: request.query_params.get(name, "") for name in SENT}
    try:
        emulator(request).check(fields)
    except EsiaError as error:
        return refused(request, fields, error)
    words = translations(request.visit.view.language)
    personas = [
        {"id": one.key, "name": one.name, "note": words.gettext(one.label), "is_organisation": bool(one.organisation)}
        for one in PERSONAS
    ]
    context = {"action": PREFIX + AUTHORIZE, "fields": fields, "personas": personas}
    return page(request, "sign_in/esia.html", {**context, "asks": [words.gettext(what) for what in ASKS]})


@post(PREFIX + AUTHORIZE)
async def create(request: PortalRequest) -> Response[Any]:
    """The fields went through the browser, so they are checked once more."""
    form = await typed(request)
    fields = {name: form.get(name) for name in SENT}
    try:
        emulator(request).check(fields)
    except EsiaError as error:
        return refused(request, fields, error)
    decision = form.fit(DecisionForm)
    persona = BY_KEY[decision.persona]
    if decision.decision == "deny":
        return go_to(emulator(request).denied(fields))
    return go_to(emulator(request).back_with_code(fields, persona))


def refused(request: PortalRequest, fields: dict[str, str], error: EsiaError) -> Response[Any]:
    """Back to the portal with the error, unless it is the way back itself that is wrong."""
    if fields["redirect_uri"] == emulator(request).redirect_uri:
        return go_to(emulator(request).back_with_error(fields, error))
    return page(
        request, "errors/page.html", {"status": 400, "sentence": str(error), "errors": [], "typed": []}, status=400
    )


def emulator(request: PortalRequest) -> Emulator:
    found: Emulator = request.app.state.emulator
    return found
