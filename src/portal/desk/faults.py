"""Files that are damaged or missing, as the operator is told of them: one notice, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.model import FileFault, Person
from domain.moves import Role

NAMED_AT_MOST = 10


@dataclass(frozen=True)
class Faults:
    count: int
    cases: Sequence[str]  # the first of them by their numbers


async def faults(person: Person) -> Faults | None:
    """Whoever keeps the store from its backups is the operator; nobody else can help."""
    if person.role != Role.OPERATOR:
        return None
    found = await FileFault.select(FileFault.belongs_to).order_by(FileFault.found_at)
    cases = sorted({row["belongs_to"] for row in found if row["belongs_to"]})
    return Faults(len(found), cases[:NAMED_AT_MOST]) if found else None
