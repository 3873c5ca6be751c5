"""An author marks everything that happened to their messages as read (§2)."""

from typing import Any

from litestar import Response, post

from domain import noticing
from domain.moves import Role
from portal.given import ThePerson, only
from portal.pages import go_to


@post("/readings", guards=[only(Role.CITIZEN)])
async def create(person: ThePerson) -> Response[Any]:
    await noticing.notice_all(by=person)
    return go_to("/messages")
