"""What a handler may ask for: the person, the moment, the message. The only clock of the portal hangs here."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from domain.model import Message, Person
from domain.moves import Role
from domain.seeing import visible_to
from portal.pages import not_there
from portal.visit import PortalRequest, visit_of

# The name of the parameter decides: `person: ThePerson`, `visitor: MaybePerson`, `now: Now`, `message: TheMessage`.
ThePerson: TypeAlias = NamedDependency[Person]
MaybePerson: TypeAlias = NamedDependency[Person | None]
Now: TypeAlias = NamedDependency[datetime]
TheMessage: TypeAlias = NamedDependency[Message]


class NotSignedIn(Exception):
    """This needs somebody, and nobody is signed in."""


class ConsentNeeded(Exception):
    """Signed in for the first time: nothing is done before the consent to process personal data."""


def clock() -> datetime:
    return datetime.now(UTC)


async def provide_now(request: PortalRequest) -> datetime:
    return request.visit.now


# What does not name another is started by Litestar as a task of its own, side by side with the rest, which takes longer
# than all of these; so each names the one before it.
async def provide_person(request: PortalRequest, now: Now) -> Person:
    return signed_in(request)


async def provide_visitor(request: PortalRequest, now: Now) -> Person | None:
    """Whoever has not consented yet is a guest for all that only asks who somebody is."""
    person = request.visit.person
    return person if person and has_consented(person) else None


async def provide_message(person: ThePerson, message_id: FromPath[int]) -> Message:
    """Looked up among what this person may see, and there is no other way to a message."""
    message = await visible_to(person).where(Message.id == message_id).first()
    if message is None:
        raise not_there()
    return message


def signed_in(connection: ASGIConnection) -> Person:
    person = visit_of(connection.scope).person
    if person is None:
        raise NotSignedIn
    if not has_consented(person):
        raise ConsentNeeded
    return person


def has_consented(person: Person) -> bool:
    """Officials consent in their contract of employment, citizens at their first sign-in."""
    return person.role != Role.CITIZEN or person.consented_at is not None


def only(*roles: Role) -> Callable[[ASGIConnection, BaseRouteHandler], Awaitable[None]]:
    """A guard for the desks: `guards=[only(Role.MODERATOR)]`; to everybody else there is no such page.

    Async without awaiting anything, because Litestar sends a plain function to a thread and waits for it.
    """

    async def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:
        if signed_in(connection).role not in roles:
            raise not_there()

    return guard


DEPENDENCIES = {
    "person": Provide(provide_person),
    "visitor": Provide(provide_visitor),
    "now": Provide(provide_now),
    "message": Provide(provide_message),
}
