"""What a file of directories would change, row by row in words, and what in it does not fit (§2)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from domain import directories
from domain.directories import Directory
from domain.model import Intake
from domain.wording import N_, translations

DEEDS = {
    "added": ("plus", "ok", N_("added")),
    "changed": ("pencil", "plan", N_("changed")),
    "closed": ("archive", "warn", N_("closed")),
    "opened": ("undo-2", "info", N_("opened again")),
}


@dataclass(frozen=True)
class LineView:
    row: int
    key: str
    icon: str
    tone: str
    what: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True)
class FaultView:
    sheet: str
    row: int | None
    column: str
    sentence: str


@dataclass(frozen=True)
class IntakeView:
    id: UUID
    name: str
    holds_from: date | None
    written_at: datetime | None
    groups: list[tuple[Directory, list[LineView]]]
    faults: list[FaultView]

    @property
    def count(self) -> int:
        return sum(len(lines) for _, lines in self.groups)


def intake(kept: Intake, language: str) -> IntakeView:
    plan = json.loads(kept.plan)
    groups = [
        (directory, [line(directory, each, language) for each in lines])
        for name, lines in groupby(plan["lines"], key=lambda each: each["directory"])
        if (directory := directories.find(name))
    ]
    faults = [fault(each, language) for each in plan["faults"]]
    return IntakeView(kept.id, kept.name, kept.holds_from, kept.written_at, groups, faults)


def line(directory: Directory, found: dict[str, Any], language: str) -> LineView:
    words = translations(language)
    icon, tone, what = DEEDS[found["what"]]
    changes = [(words.gettext(directory.by_name[name].label), *pair) for name, pair in found["changes"].items()]
    return LineView(found["row"], found["key"], icon, tone, words.gettext(what), changes)


def fault(found: dict[str, Any], language: str) -> FaultView:
    msgid, values = found.pop("sentence")
    return FaultView(**found, sentence=translations(language).gettext(msgid) % (values or {}))
