"""Whoever leaves leaves no work to nobody (§4.1, R31): what lies with them, and whether a deputy takes it on."""

from dataclasses import dataclass
from datetime import date

from domain.model import Person
from domain.moves import Status
from domain.shares import LIVELY

DONE = ", ".join(f"'{status}'" for status in (Status.CLOSED, Status.JOINED))  # a joined message is answered by its case
ALIVE = ", ".join(f"'{status}'" for status in LIVELY)
# Beside the columns of a person `person`: how many open cases, and parts of cases that are worked on, lie with them.
OPEN_WORK = f"""
((SELECT count(*) FROM message WHERE executor = person.id AND status NOT IN ({DONE}))
 + (SELECT count(*) FROM part JOIN message ON message.id = part.message AND message.round = part.round
    WHERE part.executor = person.id AND removed_at IS NULL AND done_at IS NULL AND status IN ({ALIVE})))
"""  # noqa: S608
# Whether somebody stands in for them on that day and on the next one.
COVERED = """
EXISTS (SELECT FROM absence a JOIN person deputy ON deputy.id = a.deputy WHERE a.person = person.id AND a.active
    AND deputy.active AND deputy.role = 'executor' AND a.first_day <= {} AND a.last_day > {})
"""
# Who executes no longer: closed, or with another role.
GONE = "(role <> 'citizen' AND NOT (role = 'executor' AND active))"
STANDING = f"SELECT {OPEN_WORK} AS work, {COVERED} AS covered, {GONE} AS gone FROM person WHERE id = {{}}"  # noqa: S608
WITH_WORK = f"SELECT id FROM person WHERE {GONE} AND {OPEN_WORK} > 0"  # noqa: S608
TO_NOBODY = f"SELECT name FROM person WHERE {GONE} AND {OPEN_WORK} > 0 AND NOT {COVERED} ORDER BY name"  # noqa: S608


@dataclass(frozen=True)
class Standing:
    """What lies with somebody, whether it is `covered` on a day, and whether they are `gone`."""

    work: int
    covered: bool
    gone: bool


async def standing(person: int | None, on: date) -> Standing:
    (row,) = await Person.raw(STANDING, on, on, person)
    return Standing(**row)


async def gone_with_work() -> set[int]:
    """Who has left, and open work lies with them: for these an absence is entered though they are closed."""
    return {row["id"] for row in await Person.raw(WITH_WORK)}


async def left_to_nobody(on: date) -> list[str]:
    """The names of those who have left and whose work nobody takes on, or nobody from the next day on."""
    return [row["name"] for row in await Person.raw(TO_NOBODY, on, on)]
