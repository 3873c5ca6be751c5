"""Directories are brought in from a file (§2): what would change is shown first, then all of it is done or nothing.

Rows are known by their keys. What a file leaves out stays as it is; a row is closed by saying so in its column.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from domain import keeping
from domain.database import atomic
from domain.directories import Directory, reading
from domain.directories import sheets as cells
from domain.directories.entries import PLACE, Entry, Fault, entered
from domain.directories.kinds import Misfit
from domain.directories.sheets import Sheet
from domain.errors import Sentence, Stale, Unfit, say
from domain.model import Person
from domain.wording import N_
from domain.workdays import in_town

SAME_ROW = N_("This row stands in the file twice.")
FIXED = N_("This is given with the row and never changes.")
NOTHING = N_("The directories stand as the file has them: there is nothing to write down.")
FAULTY = N_("The file does not fit yet: mend what is named, and nothing is written until then.")
CHANGED_MEANWHILE = N_("The directories have changed since you looked: look at the changes again.")


@dataclass(frozen=True)
class Line:
    """What becomes of one row: `added`, `changed`, `closed` or `opened`; by field what was there and what is."""

    directory: str
    row: int
    key: str
    what: str
    changes: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Plan:
    lines: list[Line]
    faults: list[Fault]

    @property
    def mark(self) -> str:
        """Two plans with the same mark do the same."""
        said = [[each.directory, each.key, each.what, each.changes] for each in self.lines]
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class OnlyTried(Exception):
    """The plan is known, and nothing of it stays."""


async def plan(sheets: Sequence[Sheet], *, by: Person, at: datetime, holds_from: date | None = None) -> Plan:
    """What would follow from the file: it is done with every check, and taken back."""
    try:
        async with atomic():
            planned = await carry_out(sheets, by=by, at=at, holds_from=holds_from)
            raise OnlyTried
    except OnlyTried:
        return planned


async def bring(
    sheets: Sequence[Sheet], *, seen: str, by: Person, at: datetime, holds_from: date | None = None
) -> Plan:
    """Write down all of it or nothing: Unfit when something does not fit, Stale when it is not the plan `seen`."""
    async with atomic():
        done = await carry_out(sheets, by=by, at=at, holds_from=holds_from)
        if done.faults:
            raise Unfit({"file": say(FAULTY)})
        if not done.lines:
            raise Unfit({"file": say(NOTHING)})
        if done.mark != seen:
            raise Stale(CHANGED_MEANWHILE)
    return done


async def carry_out(sheets: Sequence[Sheet], *, by: Person, at: datetime, holds_from: date | None) -> Plan:
    """Write row after row. One that does not fit is tried again after the others: it may have waited for them."""
    if holds_from and holds_from < in_town(at).date():
        raise Unfit({"holds_from": say(keeping.TOO_EARLY)})
    await keeping.one_at_a_time()
    entries, faults = entered(sheets, by)
    hand = Hand(by, at, holds_from)
    lines: list[Line] = []
    while entries:
        waiting = [entry for entry in entries if not await hand.takes(entry, lines)]
        if len(waiting) == len(entries):
            break
        entries = waiting
    faults += [fault for entry in entries for fault in entry.faults]
    return Plan(sorted(lines, key=lambda line: (PLACE[line.directory], line.row)), faults)


@dataclass
class Hand:
    """Who writes, and what they have looked up: of a directory it holds until something of that is written."""

    by: Person
    at: datetime
    holds_from: date | None
    rows: dict[str, dict[tuple[Any, ...], reading.Row]] = field(default_factory=dict)
    codes: dict[str, dict[int, str]] = field(default_factory=dict)
    done: set[tuple[str, tuple[Any, ...]]] = field(default_factory=set)

    async def takes(self, entry: Entry, lines: list[Line]) -> bool:
        """Write one row as its form would; whether it fits. A row that stands as it is makes no line."""
        await self.look_up(entry.directory)
        try:
            key = self.key_of(entry)
            was = self.rows[entry.directory.name].get(key)
            values = self.read(entry, was)
            if was is None or values:
                lines.append(await self.write(entry, was, values))
        except Unfit as unfit:
            entry.wrong = unfit.errors
            return False
        self.done.add((entry.directory.name, key))
        return True

    async def look_up(self, directory: Directory) -> None:
        if directory.name not in self.rows:
            self.rows[directory.name] = await reading.known_by_key(directory)
        for each in directory.references.values():
            if each.to not in self.codes:
                self.codes[each.to] = await cells.codes_of(each.to)

    def key_of(self, entry: Entry) -> tuple[Any, ...]:
        """Raises Unfit for a key that cannot be read, and for one that has been in the file before."""
        directory, errors, values = entry.directory, {}, []
        for name in directory.key:
            known = directory.by_name[name]
            try:
                values.append(known.kind.read(cells.as_typed(known, entry.texts[name], self.codes)))
            except Misfit as misfit:
                errors[name] = misfit.sentence
        key = tuple(values)
        if (directory.name, key) in self.done:
            errors[directory.key[0]] = say(SAME_ROW)
        if errors:
            raise Unfit(errors)
        return key

    def read(self, entry: Entry, was: reading.Row | None) -> dict[str, Any]:
        """The fields that differ, as values; Unfit names every cell that does not fit."""
        directory, errors = entry.directory, {}
        typed = {} if was else {each.name: each.begins for each in directory.fields}
        for name, text in entry.texts.items():
            known = directory.by_name[name]
            if was and text == cells.written(known, was[name], self.codes, self.by.language):
                continue
            try:
                typed[name] = cells.as_typed(known, text, self.codes)
            except Misfit as misfit:
                errors[name] = misfit.sentence
        errors |= self.rewritten(directory, typed, was) if was else {}
        try:
            values = directory.read(typed, known=was)
        except Unfit as unfit:
            raise Unfit({**unfit.errors, **errors}) from None
        if errors:
            raise Unfit(errors)
        return {name: value for name, value in values.items() if was is None or value != was[name]}

    def rewritten(self, directory: Directory, typed: dict[str, str], was: reading.Row) -> dict[str, Sentence]:
        """What the file gives anew although it was given once with the row."""
        errors = {}
        for name, text in typed.items():
            known = directory.by_name[name]
            try:
                if known.fixed and known.kind.read(text) != was[name]:
                    errors[name] = say(FIXED)
            except Misfit as misfit:
                errors[name] = misfit.sentence
        return errors

    async def write(self, entry: Entry, was: reading.Row | None, values: dict[str, Any]) -> Line:
        directory = entry.directory
        row = was["id"] if was else None
        await keeping.keep(directory, values, row=row, by=self.by, at=self.at, holds_from=self.holds_from)
        self.rows.pop(directory.name, None)
        self.codes.pop(directory.name, None)
        key = ", ".join(entry.texts[name].strip() for name in directory.key)
        return Line(directory.name, entry.row, key, deed(was, values), self.changes(directory, was, values, entry))

    def changes(
        self, directory: Directory, was: reading.Row | None, values: dict[str, Any], entry: Entry
    ) -> dict[str, tuple[str, str]]:
        before = {
            name: cells.written(directory.by_name[name], was[name], self.codes, self.by.language) if was else ""
            for name in values
        }
        now = {name: entry.texts.get(name, directory.by_name[name].begins) for name in values}
        return {name: (before[name], now[name]) for name in values if was or now[name].strip()}


def deed(was: reading.Row | None, values: dict[str, Any]) -> str:
    if was is None:
        return "added"
    if "active" in values:
        return "opened" if values["active"] else "closed"
    return "changed"
