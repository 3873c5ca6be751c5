"""A sitting of the commission as the verbs share it (§4.4, R27): who belongs to it, who is there, whose turn it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.errors import NotAllowed, OutOfTurn, Stale
from domain.events import Kind, record
from domain.model import AgendaItem, Member, Message, Person, Presence, Sitting
from domain.moves import Role
from domain.quorum import Quorum
from domain.rulebook import Limits
from domain.wording import N_
from domain.workdays import TOWN, in_town

FASTER = N_("%(who)s was faster: changed the sitting at %(when)s. Look at it as it is now.")


@dataclass(frozen=True)
class Seat:
    """A member on the day of a sitting; a person sits once, whatever the directory says twice."""

    person: int
    name: str
    position: str
    side: str


SEATS = """
SELECT DISTINCT ON (p.id) p.id AS person, p.name, p.position, m.side FROM commission_member m
JOIN person p ON p.id = m.person
WHERE m.since <= {} AND (m.until IS NULL OR m.until >= {}) AND p.role = m.side AND m.active AND p.active
ORDER BY p.id, m.since DESC
"""


async def roster(on: date) -> list[Seat]:
    """The members of that day, by side and name."""
    seats = [Seat(**row) for row in await Member.raw(SEATS, on, on)]
    return sorted(seats, key=lambda seat: (seat.side, seat.name))


async def present(sitting: Sitting) -> list[dict[str, Any]]:
    columns = (Presence.person, Presence.person.name.as_alias("name"), Presence.side)
    return await Presence.select(*columns).where(Presence.sitting == sitting.id).order_by(Presence.id)


def quorum(sides: Sequence[str], members: int, limits: Limits) -> Quorum:
    return Quorum(sides, members, limits.quorum_percent, limits.quorum_both_sides)


def secretary(by: Person) -> None:
    """The coordinator keeps the sittings; to everybody else they are not theirs to keep."""
    if by.role != Role.COORDINATOR:
        raise NotAllowed("This is not yours to do.")


async def touch(sitting: Sitting, *, by: Person, at: datetime, **changes: Any) -> None:
    """Change the sitting if it still stands where `sitting` was read; of two secretaries at once one wins."""
    secretary(by)
    if sitting.state != "called":
        raise OutOfTurn("The sitting is closed.")
    if in_town(at).date() < sitting.held_on:
        raise OutOfTurn("The sitting has not begun: its day has not come.")
    values: dict[Any, Any] = {"version": sitting.version + 1, "changed_by": by.id, "changed_at": at, **changes}
    as_read = (Sitting.id == sitting.id) & (Sitting.version == sitting.version)
    if not await Sitting.update(values).where(as_read).returning(Sitting.id):
        raise await stale(sitting)
    for name, value in values.items():
        setattr(sitting, name, value)


async def stale(sitting: Sitting) -> Stale:
    columns = (Sitting.changed_by.name.as_alias("who"), Sitting.changed_at)
    row = await Sitting.select(*columns).where(Sitting.id == sitting.id).first()
    if row is None:
        raise LookupError(f"sitting {sitting.id} is gone")
    return Stale(FASTER, who=row["who"], when=row["changed_at"].astimezone(TOWN).strftime("%H:%M"))


async def agenda(sitting: Sitting) -> list[AgendaItem]:
    return await AgendaItem.objects().where(AgendaItem.sitting == sitting.id).order_by(AgendaItem.position)


async def record_for_each(kind: Kind, sitting: Sitting, *, by: Person, at: datetime, **said: Any) -> None:
    """What is done to the sitting is done to every case on its agenda, and stands in the journal of each (R33)."""
    for item in await agenda(sitting):
        message = await case_of(item)
        await record(kind, message, by=by, at=at, sitting=sitting.id, held_on=sitting.held_on, **said)


async def case_of(item: AgendaItem) -> Message:
    message = await Message.objects().get(Message.id == item.message)
    if message is None:
        raise LookupError(f"message {item.message} of agenda item {item.id} is gone")
    return message
