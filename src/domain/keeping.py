"""The operator keeps the directories (§2): every change is a version of its row, and holds from a day on.

What was decided before is never rewritten: a row is changed or closed, not deleted, and what it said before stays in
its history. Two operators never overwrite each other unseen: the second is told who was first, and with what.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from domain import directories
from domain.database import atomic
from domain.directories import Change, Directory, reading
from domain.directories.kinds import Reference
from domain.errors import NotAllowed, OutOfTurn, Sentence, Stale, Unfit, say
from domain.model import Person, Revision
from domain.moves import Mover
from domain.wording import N_
from domain.workdays import TOWN

TOO_EARLY = N_("A change holds from today on at the earliest: what was decided before stays.")
ONE_AT_A_TIME = 2_026_110_010  # an advisory lock of this database: changes of directories come one after the other
DUE = f"SELECT id FROM revision WHERE holds_from <= {{}} AND {reading.PENDING} ORDER BY holds_from, id"  # noqa: S608


async def keep(
    directory: Directory,
    values: Mapping[str, Any],
    *,
    row: int | None = None,
    version: int | None = None,
    by: Person,
    at: datetime,
    holds_from: date | None = None,
) -> int:
    """Write a new row, or change one, from today or from a later day on. Returns the id of the row.

    `version` is the number of the last change that the form was opened with; Stale tells who has come between.
    """
    must_keep(directory, by)
    today = at.astimezone(TOWN).date()
    async with atomic():
        await one_at_a_time()
        was = await standing(directory, row)
        if row is not None and version is not None:
            await must_be_fresh(directory, row, version)
        change = Change(row, was, {**was, **values}, holds_from or today)
        if errors := {**dated(change, today), **await misfits(directory, change)}:
            raise Unfit(errors)
        if not change.changed:
            return int(row or 0)
        if change.holds_from > today:
            return await put_off(directory, change, today, by=by, at=at)
        return await write(directory, change, by=by, at=at)


def must_keep(directory: Directory, by: Mover) -> None:
    if by.role not in directory.keepers:
        raise NotAllowed("Only the operator keeps the directories.")


async def one_at_a_time() -> None:
    await Revision.raw("SELECT pg_advisory_xact_lock({})", ONE_AT_A_TIME)


async def standing(directory: Directory, row: int | None) -> dict[str, Any]:
    """The row as it is now; a new one is nothing yet."""
    if row is None:
        return {}
    found = await reading.row(directory, row)
    if found is None:
        raise LookupError(f"there is no row {row} of {directory.name}")
    found.pop("id")
    return found


async def must_be_fresh(directory: Directory, row: int, version: int) -> None:
    last = await reading.version_of(directory, row)
    if last == version:
        return
    (found,) = await Revision.select(Revision.at, Revision.actor.name.as_alias("who")).where(Revision.id == last)
    when = found["at"].astimezone(TOWN).strftime("%H:%M")
    raise Stale("%(who)s was faster: changed this row at %(when)s.", who=found["who"], when=when)


def dated(change: Change, today: date) -> dict[str, Sentence]:
    if change.holds_from < today:
        return {"holds_from": say(TOO_EARLY)}
    return {}


async def misfits(directory: Directory, change: Change) -> dict[str, Sentence]:
    """What is wrong with the change as a whole; the words of each field have been read before."""
    errors = await wrong_references(directory, change)
    if change.row is None and await taken(directory, change):
        errors[directory.key[0]] = say("Such a row is there already.")
    if change.closes and (count := await users(directory, change.row)):
        errors["active"] = say(
            "Rows that are in use still point here: %(count)d. Change or close them first.", count=count
        )
    return {**errors, **await directory.check(change)}


async def wrong_references(directory: Directory, change: Change) -> dict[str, Sentence]:
    """What is pointed at anew has to be there, in use, and of the right sort."""
    errors = {}
    for name, reference in directory.references.items():
        value = change.changed.get(name)
        if value is not None and value not in await choices(reference):
            errors[name] = say("Choose one from the list.")
    return errors


async def choices(reference: Reference) -> dict[int, dict[str, Any]]:
    """The rows of a directory that may be pointed at, by their ids."""
    directory = directories.find(reference.to)
    if directory is None:
        raise LookupError(f"there is no directory {reference.to}")
    also = await reference.also() if reference.also else ()
    return {
        each["id"]: each
        for each in await reading.rows(directory)
        if each["id"] in also or (each["active"] and all(each[column] == value for column, value in reference.only))
    }


async def taken(directory: Directory, change: Change) -> bool:
    return reading.key_of(directory, change.now) in await reading.known_by_key(directory)


async def users(directory: Directory, row: int | None) -> int:
    """How many rows in use point at this one."""
    count = 0
    for other, name in directories.pointing_at(directory):
        count += await other.table.count().where((other.column(name) == row) & other.column("active").eq(True))
    return count


async def put_off(directory: Directory, change: Change, today: date, *, by: Person, at: datetime) -> int:
    """Note a change for a later day. A new row is there at once, closed, and comes into use on that day."""
    if change.row is None:
        closed = {**change.now, "active": False}
        row = await write(directory, Change(None, {}, closed, today), by=by, at=at)
        change = Change(row, closed, change.now, change.holds_from)
    if change.changed:
        await note(directory, change, by=by, at=at, applied_at=None)
    return int(change.row or 0)


async def write(directory: Directory, change: Change, *, by: Person, at: datetime) -> int:
    row = await put_down(directory, change)
    change = Change(row, change.was, change.now, change.holds_from)
    await note(directory, change, by=by, at=at, applied_at=at)
    await directory.after(change, by=by, at=at)
    return row


async def put_down(directory: Directory, change: Change) -> int:
    if change.row is None:
        new = directory.table(**change.now)
        await new.save()
        return int(new.id)  # type: ignore[attr-defined]  # every directory counts its rows
    columns = {directory.column(name): value for name, value in change.changed.items()}
    await directory.table.update(columns).where(directory.column("id") == change.row)
    return change.row


async def note(directory: Directory, change: Change, *, by: Person, at: datetime, applied_at: datetime | None) -> None:
    was = reading.stored(directory, change.was, change.changed) if change.was and applied_at else None
    await Revision.insert(
        Revision(
            directory=directory.name,
            row=change.row,
            data=reading.stored(directory, change.now, change.changed),
            was=was,
            holds_from=change.holds_from,
            actor=by.id,
            at=at,
            applied_at=applied_at,
        )
    )


async def withdraw(directory: Directory, row: int, revision: int, *, by: Person, at: datetime) -> None:
    """Take a change back before its day; OutOfTurn once it holds."""
    must_keep(directory, by)
    this = (Revision.id == revision) & (Revision.directory == directory.name) & (Revision.row == row)
    waits = Revision.applied_at.is_null() & Revision.withdrawn_at.is_null() & Revision.trouble.is_null()
    if not await Revision.update({Revision.withdrawn_at: at}).where(this & waits).returning(Revision.id):
        raise OutOfTurn("This change holds already, or was withdrawn.")


async def come_into_force(*, at: datetime) -> int:
    """The day of a change has come: it is made, or says what stands in its way. Returns how many were looked at."""
    due = await Revision.raw(DUE, at.astimezone(TOWN).date())
    for each in due:
        async with atomic():
            await one_at_a_time()
            await take_effect(each["id"], at=at)
    return len(due)


async def take_effect(id: int, *, at: datetime) -> None:
    """Asked again under the lock: another clock may have made the change, or its operator withdrawn it."""
    revision = await Revision.objects(Revision.actor).where(Revision.id == id).output(load_json=True).first()
    directory = directories.find(revision.directory) if revision else None
    if revision is None or directory is None or revision.applied_at or revision.withdrawn_at or revision.trouble:
        return
    was = await standing(directory, revision.row)
    values = reading.restored(directory, cast(dict[str, Any], revision.data))
    change = Change(revision.row, was, {**was, **values}, revision.holds_from)
    if errors := await misfits(directory, change):
        trouble = next(iter(errors.values())).msgid
        await Revision.update({Revision.trouble: trouble}).where(Revision.id == id)
        return
    await put_down(directory, change)
    said: dict[Any, Any] = {Revision.applied_at: at, Revision.was: reading.stored(directory, was, values)}
    await Revision.update(said).where(Revision.id == id)
    await directory.after(change, by=revision.actor, at=at)
