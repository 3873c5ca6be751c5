"""The rows of a directory, their names for whoever refers to them, and what was changed when and by whom."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from piccolo.columns.combination import WhereRaw

from domain.directories.describing import Directory
from domain.model import Revision

Row = dict[str, Any]

HISTORY = """
SELECT r.id, r.data::text AS data, r.was::text AS was, r.holds_from, r.at, r.applied_at, r.withdrawn_at, r.trouble,
       p.name AS who
FROM revision r JOIN person p ON p.id = r.actor WHERE r.directory = {} AND r.row = {} ORDER BY r.id DESC
"""
LAST = "SELECT max(id) AS last FROM revision WHERE directory = {} AND row = {}"
PENDING = "applied_at IS NULL AND withdrawn_at IS NULL AND trouble IS NULL"
WAITING = f"SELECT row, min(holds_from) AS day FROM revision WHERE directory = {{}} AND {PENDING} GROUP BY row"  # noqa: S608


def named_then(directory: str, alias: str, moment: str) -> str:
    """In SQL, the name that the row `alias` of a directory had at a moment: what was decided keeps it."""
    later = f"v.directory = '{directory}' AND v.row = {alias}.id AND v.applied_at > {moment}"
    first = f"WHERE {later} AND jsonb_exists(v.was, 'name') ORDER BY v.applied_at, v.id LIMIT 1"
    return f"COALESCE((SELECT v.was->>'name' FROM revision v {first}), {alias}.name)"  # noqa: S608


@dataclass(frozen=True)
class Version:
    """One change as it stands in the history of its row."""

    id: int
    who: str
    at: datetime
    holds_from: date
    applied_at: datetime | None
    withdrawn_at: datetime | None
    trouble: str | None
    now: Mapping[str, Any]
    was: Mapping[str, Any] | None

    @property
    def waits(self) -> bool:
        return self.applied_at is None and self.withdrawn_at is None and self.trouble is None


def selecting(directory: Directory) -> Any:
    """A query of the rows, with their ids and their fields."""
    columns = [directory.column(each.name) for each in directory.fields]
    query = directory.table.select(directory.column("id"), *columns)
    return query.where(WhereRaw(directory.scope)) if directory.scope else query


async def rows(directory: Directory) -> list[Row]:
    query = selecting(directory)
    for name in (*directory.order, "id"):
        query = query.order_by(directory.column(name))
    return [dict(row) for row in await query]


async def row(directory: Directory, id: int) -> Row | None:
    found = await selecting(directory).where(directory.column("id") == id)
    return dict(found[0]) if found else None


async def known_by_key(directory: Directory) -> dict[tuple[Any, ...], Row]:
    return {key_of(directory, each): each for each in await rows(directory)}


def key_of(directory: Directory, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in directory.key)


async def version_of(directory: Directory, id: int) -> int:
    """The number of the last change of a row; none yet is nought."""
    (found,) = await Revision.raw(LAST, directory.name, id)
    return found["last"] or 0


async def waiting(directory: Directory) -> dict[int, date]:
    """Which rows have a change ahead of them, and the day of the first."""
    return {each["row"]: each["day"] for each in await Revision.raw(WAITING, directory.name)}


async def history(directory: Directory, id: int) -> list[Version]:
    """Every change of a row, the last first."""
    return [version(directory, each) for each in await Revision.raw(HISTORY, directory.name, id)]


def version(directory: Directory, found: dict[str, Any]) -> Version:
    now = restored(directory, json.loads(found.pop("data")))
    was = json.loads(found.pop("was") or "null")
    return Version(now=now, was=None if was is None else restored(directory, was), **found)


def stored(directory: Directory, values: Mapping[str, Any], names: Iterable[str]) -> str:
    return json.dumps(
        {name: directory.by_name[name].kind.stored(values[name]) for name in names if name in values},
        ensure_ascii=False,
    )


def restored(directory: Directory, kept: Mapping[str, Any]) -> Row:
    """A column that has left the description since is left out."""
    known = directory.by_name
    return {name: known[name].kind.restored(value) for name, value in kept.items() if name in known}
