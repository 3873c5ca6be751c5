"""The people of the demo town: officials of every role and the citizens who write. Every name is invented."""

from datetime import datetime
from typing import Any

from domain.model import Organisation, Person
from domain.moves import Role
from portal.town import read

MAIL = "mail.example"


async def fill(*, at: datetime) -> dict[str, Person]:
    """Write the organisations and everybody who belongs to them; people by their keys in the data."""
    data = read("people")
    organisations = [
        Organisation(code=code, name=name, short_name=short, **head_of(code, data["heads"].get(code)))
        for code, (name, short) in data["organisations"].items()
    ]
    await Organisation.insert(*organisations)
    desks = dict(zip(data["organisations"], organisations, strict=True))
    people = {each["key"]: official(each, desks) for each in data["officials"]}
    people |= {each["key"]: citizen(each, at) for each in data["citizens"]}
    await Person.insert(*people.values())
    return people


def head_of(code: str, name: str | None) -> dict[str, Any]:
    """Heads are told of what stays late; where none is entered yet, the controller is told in their place."""
    return {"head_name": name, "head_email": f"head-{code}@{MAIL}"} if name else {}


def official(each: dict[str, Any], desks: dict[str, Organisation]) -> Person:
    return Person(
        role=each["role"],
        name=each["name"],
        given_name=each["name"].split()[0],
        email=f"{each['key']}@{MAIL}",
        organisation=desks[each["organisation"]].id,
        position=each["position"],
        esia_oid=f"demo-{each['key']}",
        heads=each.get("heads", False),
    )


def citizen(each: dict[str, Any], at: datetime) -> Person:
    """Citizens have consented at their first sign-in; some have no address confirmed in ЕСИА, so no letters."""
    company = each.get("is_organisation", False)
    return Person(
        role=Role.CITIZEN,
        name=each["name"],
        given_name=each["name"] if company else each["name"].split()[0],
        email=None if each.get("no_email") else f"{each['key']}@{MAIL}",
        position="",
        esia_oid=f"demo-{each['key']}",
        is_organisation=company,
        consented_at=at,
    )
