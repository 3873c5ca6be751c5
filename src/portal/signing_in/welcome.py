"""Whom a sign-in makes of an identity (§2): a citizen at the first time, or an official known beforehand."""

from datetime import datetime

from domain.errors import NotAllowed
from domain.model import Person
from domain.moves import Role
from portal.signing_in.provider import Identity

HOME = {
    Role.CITIZEN: "/messages",
    Role.MODERATOR: "/moderation",
    Role.EXECUTOR: "/execution",
    Role.OPERATOR: "/directories",
    Role.COORDINATOR: "/commission",
}


async def welcome(identity: Identity) -> Person:
    """Known by the oid and never by the address: two people may share a mailbox."""
    person = await find(identity) or await register(identity)
    if not person.active:
        raise NotAllowed("Your access to the portal is closed. Ask the administration.")
    if person.role == Role.CITIZEN:
        person.name, person.given_name, person.email = identity.name, identity.given_name, identity.email
        await person.save(columns=[Person.name, Person.given_name, Person.email])
    return person


async def find(identity: Identity) -> Person | None:
    return await Person.objects().where(Person.esia_oid == identity.oid).first()


async def register(identity: Identity) -> Person:
    """Two tabs may come back at once, and both are the same person."""
    newcomer = Person(
        role=Role.CITIZEN,
        name=identity.name,
        given_name=identity.given_name,
        email=identity.email,
        position="",
        esia_oid=identity.oid,
        is_organisation=identity.is_organisation,
    )
    await Person.insert(newcomer).on_conflict(target=Person.esia_oid, action="DO NOTHING")
    return await Person.objects().get(Person.esia_oid == identity.oid)  # type: ignore[return-value]  # just written


async def consent(person: Person, *, at: datetime) -> None:
    await Person.update({Person.consented_at: at}).where((Person.id == person.id) & Person.consented_at.is_null())


async def forget(person: Person) -> None:
    """Whoever does not consent leaves nothing behind: there is nothing yet that could refer to them."""
    await Person.delete().where(
        (Person.id == person.id) & (Person.role == Role.CITIZEN) & Person.consented_at.is_null()
    )


def home_of(person: Person) -> str:
    return HOME.get(Role(person.role), "/control")
