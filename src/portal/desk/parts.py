"""The parts of a case as the staff see them (§4.1, R11): who does what by when, how far it is, and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from domain.model import Organisation
from domain.rulebook import Rulebook
from domain.shares import LIVELY
from domain.terms import Owed
from portal.clocks import ClockView, clock
from portal.desk.answers import File
from portal.forms import Typed

# Questions about the message `m`, asked with the whole case; the columns stand in the order of the fields below.
PARTS = """
SELECT p.id, p.round, p.executor, x.name, o.short_name, p.task, p.due_on, p.text, p.version, p.done_at,
       t.opened_at, t.runs_out_at, t.met_at
FROM part p JOIN person x ON x.id = p.executor LEFT JOIN organisation o ON o.id = x.organisation
LEFT JOIN term t ON t.part = p.id AND t.void_at IS NULL
WHERE p.message = m.id AND p.removed_at IS NULL ORDER BY p.id
"""
PART_FILES = """
SELECT f.part, f.id, f.name, f.kind, f.size, f.width, f.height, f.state, f.reason, f.answer, f.rating, NULL,
       f.as_is, ARRAY(SELECT jsonb_object_keys(f.marks)), f.pages
FROM part p JOIN attachment f ON f.part = p.id
WHERE p.message = m.id AND p.removed_at IS NULL ORDER BY f.received_at, f.id
"""
CANDIDATES = """
SELECT json_agg(x ORDER BY x.organisation, x.name)::text AS all FROM (
    SELECT p.id, p.name, o.short_name AS organisation FROM organisation o JOIN person p ON p.organisation = o.id
    WHERE p.role = 'executor' AND p.active AND p.id <> ALL({}::bigint[])) x
"""
AT_ACCEPTANCE = ("_1", "_2", "_3")  # so many co-executors can be named with the acceptance; the others later


@dataclass(frozen=True)
class PartView:
    """`clock` is none when nobody waits for the part any more."""

    id: int
    round: int
    executor: int
    name: str
    organisation: str | None
    task: str
    due_on: date
    text: str
    version: int
    done_at: datetime | None
    clock: ClockView | None
    files: list[File]


def parts(
    rows: Sequence[Sequence[Any]], files: Sequence[Sequence[Any]], book: Rulebook, *, at: datetime, language: str
) -> list[PartView]:
    views = []
    for row in rows:
        own = [File(*each[1:]) for each in files if each[0] == row[0]]
        views.append(PartView(*[*row[:10], clock_of(row, book, at=at, language=language), own]))
    return views


def clock_of(row: Sequence[Any], book: Rulebook, *, at: datetime, language: str) -> ClockView | None:
    opened_at, runs_out_at, met_at = row[10:]
    if opened_at is None:
        return None
    term = SimpleNamespace(
        kind=Owed.PART,
        opened_at=opened_at,
        workdays=None,
        due_on=row[6],
        runs_out_at=runs_out_at,
        met_at=met_at,
        void_at=None,
        provisional=False,
    )
    return clock(term, book.calendar, at=at, language=language)


@dataclass(frozen=True)
class Shares:
    """What the pane of an executor knows of the parts; `own` is the part of whoever looks, if they have one."""

    all: list[PartView]
    own: PartView | None
    lively: bool
    candidates: list[tuple[str, list[tuple[int, str]]]]
    naming: Typed
    report: Typed
    uploads: list[File]
    errors: Mapping[str, str]

    def of_round(self, round: int) -> list[PartView]:
        return [part for part in self.all if part.round == round]

    def open(self, round: int) -> list[PartView]:
        return [part for part in self.of_round(round) if part.done_at is None]

    def done(self, round: int) -> list[PartView]:
        """What can be put into the answer."""
        return [part for part in self.of_round(round) if part.text or part.files]


def own_part(all: Sequence[PartView], people: Sequence[int | None], round: int) -> PartView | None:
    """Theirs of this round, else of the last one that they had a part in."""
    mine = [part for part in all if part.executor in people]
    now = [part for part in mine if part.round == round]
    return (now or mine)[-1] if now or mine else None


def lively(status: str, part: PartView | None, round: int) -> bool:
    return part is not None and part.round == round and status in LIVELY


async def candidates(*leading: int) -> list[tuple[str, list[tuple[int, str]]]]:
    """Who can be named: everybody who executes but the executor of the case and whoever stands in, by department."""
    (row,) = await Organisation.raw(CANDIDATES, list(leading))
    known = json.loads(row["all"] or "[]")
    by_department = groupby(known, key=lambda each: each["organisation"])
    return [(department, [(each["id"], each["name"]) for each in members]) for department, members in by_department]


def begun(part: PartView | None) -> Typed:
    """The report as it was last saved; its key is new, for the files that will come with it."""
    if part is None:
        return Typed()
    return Typed.of(key=uuid4(), version=part.version, report=part.text)
