"""The commission is called to a sitting with an agenda, who is there is noted, the sitting is closed (§4.4, R27)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from domain.database import atomic
from domain.errors import Stale, Unfit, say
from domain.events import Kind, record
from domain.model import AgendaItem, Person, Presence, Sitting, Vote
from domain.rulebook import rulebook
from domain.sittings import agenda, case_of, present, quorum, record_for_each, roster, secretary, touch
from domain.workdays import in_town

NUMBERING = 2_026_110_051  # an advisory lock of this database: the numbers of closed sittings have no gaps

# The latest file of every case that waits for the commission and stands on no open agenda.
WAITING = """
SELECT f.id, f.message FROM case_file f JOIN message m ON m.id = f.message AND m.status = 'commission'
WHERE f.id = ANY({}) AND f.id = (SELECT max(id) FROM case_file WHERE message = m.id) ORDER BY f.id
"""
PUT_ON = """
INSERT INTO agenda_item (sitting, case_file, message, position) VALUES ({}, {}, {}, {})
ON CONFLICT (case_file) WHERE state = 'waiting' DO NOTHING RETURNING id
"""
VOTED = """
SELECT DISTINCT v.person FROM vote v JOIN proposal p ON p.id = v.proposal JOIN agenda_item i ON i.id = p.item
WHERE i.sitting = {}
"""
NEXT_NUMBER = """
SELECT coalesce(max(number), 0) + 1 AS number FROM sitting
WHERE number IS NOT NULL AND date_part('year', held_on) = date_part('year', {}::date)
"""


async def call(on: date | None, files: Sequence[int], *, by: Person, at: datetime) -> Sitting:
    """Call a sitting for a day, with these case files on its agenda."""
    secretary(by)
    chosen = await AgendaItem.raw(WAITING, list(files)) if files else []
    errors = {}
    if on is None or on < in_town(at).date():
        errors["held_on"] = say("Name the day of the sitting: today or later.")
    if not chosen or len(chosen) != len(set(files)):
        errors["files"] = say("Put at least one case that waits for the commission on the agenda.")
    if errors or on is None:
        raise Unfit(errors)
    async with atomic():
        sitting = Sitting(held_on=on, called_by=by.id, called_at=at, changed_by=by.id, changed_at=at)
        await Sitting.insert(sitting)
        for position, file in enumerate(chosen, 1):
            if not await AgendaItem.raw(PUT_ON, sitting.id, file["id"], file["message"], position):
                raise Stale("One of the cases stands on the agenda of another sitting already.")
        await record_for_each(Kind.SITTING_CALLED, sitting, by=by, at=at)
    return sitting


async def note_presence(sitting: Sitting, people: Sequence[int], *, by: Person, at: datetime) -> None:
    """Write down who of the members is there; who has voted has been there and stays."""
    seats = {seat.person: seat for seat in await roster(sitting.held_on)}
    if not set(people) <= set(seats):
        raise Unfit({"present": say("Only members of the commission take part in its sitting.")})
    limits = (await rulebook()).limits
    async with atomic():
        await touch(sitting, by=by, at=at)
        voted = {row["person"] for row in await Vote.raw(VOTED, sitting.id)}
        if voted - set(people):
            raise Unfit({"present": say("Who has voted already stays among those present.")})
        await Presence.delete().where(Presence.sitting == sitting.id)
        there = [seats[id] for id in dict.fromkeys(people)]
        if there:
            rows = [Presence(sitting=sitting.id, person=seat.person, side=seat.side) for seat in there]
            await Presence.insert(*rows)
        reached = quorum([seat.side for seat in there], len(seats), limits).reached
        said = {"present": [seat.name for seat in there], "members": len(seats), "quorum": reached}
        await record_for_each(Kind.PRESENCE_NOTED, sitting, by=by, at=at, **said)


async def close(sitting: Sitting, *, by: Person, at: datetime) -> None:
    """Close the sitting: it gets its number, what is undecided goes back to the queue, and the protocol follows."""
    limits = (await rulebook()).limits
    members = len(await roster(sitting.held_on))
    async with atomic():
        await Sitting.raw("SELECT pg_advisory_xact_lock({})", NUMBERING)
        (row,) = await Sitting.raw(NEXT_NUMBER, sitting.held_on)
        await touch(sitting, by=by, at=at, state="closed", closed_at=at, number=row["number"])
        undecided = (AgendaItem.sitting == sitting.id) & (AgendaItem.state == "waiting")
        await AgendaItem.update({AgendaItem.state: "put_off"}).where(undecided)
        there = await present(sitting)
        reached = quorum([each["side"] for each in there], members, limits).reached
        for item in await agenda(sitting):
            said: dict[str, Any] = {"sitting": sitting.id, "held_on": sitting.held_on, "number": sitting.number}
            said |= {"members": members, "quorum": reached, "state": item.state}
            await record(Kind.SITTING_CLOSED, await case_of(item), by=by, at=at, **said)
