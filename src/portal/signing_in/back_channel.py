"""The emulator's side of the back channel: tokens for codes, and the person's data for a token."""

from typing import Any

from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath

from portal.signing_in import esia
from portal.signing_in.emulator import PREFIX, Emulator, EsiaError
from portal.signing_in.personas import Persona


def back_channel(emulator: Emulator) -> Litestar:
    return Litestar(
        [exchange, person, contacts, organisation],
        state=State({"emulator": emulator}),
        exception_handlers={EsiaError: told},
        openapi_config=None,
        logging_config=None,
    )


def told(_: Request, error: EsiaError) -> Response[dict[str, str]]:
    return Response({"error": error.error, "error_description": str(error)}, status_code=400)


def bearer(request: Request) -> Persona:
    emulator: Emulator = request.app.state.emulator
    return emulator.bearer(request.headers.get("authorization", ""))


@post(PREFIX + esia.TOKEN, status_code=200)
async def exchange(request: Request) -> dict[str, Any]:
    emulator: Emulator = request.app.state.emulator
    form = await request.form()
    return emulator.exchange({name: str(value) for name, value in form.items()})


@get(PREFIX + "/rs/prns/{oid:int}")
async def person(request: Request, oid: FromPath[int]) -> dict[str, Any]:
    who = own(request, oid)
    return {
        "firstName": who.first,
        "middleName": who.middle,
        "lastName": who.last,
        "trusted": who.confirmed,
        "status": "REGISTERED",
        "stateFacts": ["EntityRoot"],
    }


@get(PREFIX + "/rs/prns/{oid:int}/ctts")
async def contacts(request: Request, oid: FromPath[int]) -> dict[str, Any]:
    who = own(request, oid)
    phone = {"type": "MBT", "vrfStu": "VERIFIED", "value": "+7(900)0000000"}
    email = [{"type": "EML", "vrfStu": "VERIFIED", "value": who.email}] if who.email else []
    return {"stateFacts": ["hasSize"], "size": 1 + len(email), "elements": [phone, *email]}


@get(PREFIX + "/rs/orgs/{oid:int}")
async def organisation(request: Request, oid: FromPath[int]) -> dict[str, Any]:
    represented = bearer(request).organisation
    if represented is None or represented[0] != oid:
        raise EsiaError("invalid_token", "007019", "the token does not permit this")
    return {"oid": oid, "shortName": represented[1], "type": "LEGAL"}


def own(request: Request, oid: int) -> Persona:
    who = bearer(request)
    if who.oid != oid:
        raise EsiaError("invalid_token", "007019", "the token is somebody else's")
    return who
