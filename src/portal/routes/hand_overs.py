"""The executor hands a case over to a colleague of the department, who takes it or returns it (§4.1)."""

from typing import Any

from litestar import Response, post

from domain import handing_over
from portal.forms import Form, Id, Typed
from portal.given import Now, TheMessage, ThePerson
from portal.routes.execution import EXECUTORS, done
from portal.visit import PortalRequest

PLACE = "/messages/{message_id:int}/hand-over"


class OfferForm(Form):
    taker: Id | None = None
    words: str = ""


class ReturnForm(Form):
    words: str = ""


@post(PLACE, guards=EXECUTORS)
async def create(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def offer(form: Typed) -> None:
        given = form.fit(OfferForm)
        await handing_over.offer(message, given.taker, given.words, by=person, at=now)

    return await done(request, message, person, now, "hand_over", offer)


@post(PLACE + "/taking", guards=EXECUTORS)
async def take(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def take_it(_: Typed) -> None:
        await handing_over.take(message, by=person, at=now)

    return await done(request, message, person, now, "hand_over", take_it)


@post(PLACE + "/return", guards=EXECUTORS)
async def give_back(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def return_it(form: Typed) -> None:
        await handing_over.give_back(message, form.fit(ReturnForm).words, by=person, at=now)

    return await done(request, message, person, now, "hand_over", return_it, stay=False)


@post(PLACE + "/withdrawal", guards=EXECUTORS)
async def destroy(request: PortalRequest, message: TheMessage, person: ThePerson, now: Now) -> Response[Any]:
    async def withdraw(_: Typed) -> None:
        await handing_over.withdraw(message, by=person, at=now)

    return await done(request, message, person, now, "hand_over", withdraw)
