"""The people of the demo town: known by their mark, never let into production."""

from domain.model.person import Person
from workers.settings import Settings

# ЕСИА gives people numbers; no number begins like this.
DEMO_OID = "demo-"


class DemoPeople(Exception):
    """People of the demo town live in a database of production, where anybody could sign in as them."""


async def demo_people() -> list[Person]:
    people = Person.objects().where(Person.esia_oid.like(f"{DEMO_OID}%") & Person.active.eq(True))
    return await people.order_by(Person.role).order_by(Person.id)


async def refuse_demo_people() -> None:
    """Called by each process when it starts."""
    if not Settings.from_env().production:
        return
    count = await Person.count().where(Person.esia_oid.like(f"{DEMO_OID}%"))
    if count:
        raise DemoPeople(f"The portal cannot start: {count} people of the demo town are in the database.")
