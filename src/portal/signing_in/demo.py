"""The people of the demo town, one click each: development only, because nobody asks them who they are."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from domain.model import Person
from domain.moves import Role
from workers.demo import DEMO_OID

ORDER = [Role.CITIZEN, Role.MODERATOR, Role.EXECUTOR, Role.CONTROLLER, Role.COORDINATOR, Role.OPERATOR]
OF_A_ROLE = 12


@dataclass(frozen=True)
class Group:
    role: str
    people: list[Any]


async def people() -> list[Group]:
    """By role, in the order in which a message meets them."""
    columns = (
        Person.id,
        Person.role,
        Person.name,
        Person.position,
        Person.organisation.short_name.as_alias("organisation"),
    )
    everybody = await Person.select(*columns).where(is_demo()).order_by(Person.id)
    everybody.sort(key=lambda person: ORDER.index(Role(person["role"])))
    roles = groupby(everybody, key=lambda person: person["role"])
    return [Group(role, list(group)[:OF_A_ROLE]) for role, group in roles]


async def find(person_id: int) -> Person | None:
    """Only the demo town's own: a real person is never signed in like this."""
    return await Person.objects().where(is_demo() & (Person.id == person_id)).first()


def is_demo() -> Any:
    return Person.esia_oid.like(f"{DEMO_OID}%") & Person.active.eq(True)
