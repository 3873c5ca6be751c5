"""What of the open terms is asked for (§5.1, R32): how pressing, whose, of what, at which stage; also as a link."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from domain.controlling import OF_CASES
from domain.rulebook import Rulebook
from domain.workdays import day_after, in_town, in_workdays, start_of
from portal.desk.queues import AFTER, SINCE_EVER

WHEN = ("late", "today", "tomorrow", "asked")
BY = ("organisation", "topic", "executor", "kind")
NOBODY = "none"  # what the moderators have: of no organisation and no executor
ID = re.compile(rf"[0-9]{{1,18}}|{NOBODY}")
# Of whoever owes the term: what was handed back lies with the moderators until it is sent on.
COLUMNS = {"organisation": "p.organisation", "topic": "m.topic", "executor": "t.owed_by"}


@dataclass(frozen=True)
class Filters:
    """`by` is what the counts are split by; `after` is the key of the last row of the page before."""

    when: str = "late"
    by: str = "organisation"
    organisation: str = ""
    topic: str = ""
    executor: str = ""
    kind: str = ""
    after: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Self:
        """From an address, which anybody may type: what is no filter of ours is left out."""
        ids = {name: query.get(name, "") for name in COLUMNS}
        return cls(
            when=query["when"] if query.get("when") in WHEN else "late",
            by=query["by"] if query.get("by") in BY else "organisation",
            kind=query["kind"] if query.get("kind") in OF_CASES else "",
            after=query["after"] if AFTER.fullmatch(query.get("after", "")) else "",
            **{name: value if ID.fullmatch(value) else "" for name, value in ids.items()},
        )

    def link(self, path: str = "/control", **changes: Any) -> str:
        """The same with other filters, from the first page on."""
        other, usual = asdict(replace(self, **{"after": "", **changes})), asdict(Filters())
        query = urlencode({name: value for name, value in other.items() if str(value) != usual[name]})
        return f"{path}?{query}" if query else path

    @property
    def narrowed(self) -> dict[str, str]:
        """Those of the filters that leave something out."""
        chosen = {name: getattr(self, name) for name in BY}
        return {name: value for name, value in chosen.items() if value}

    def conditions(self) -> tuple[str, list[Any]]:
        conditions, values = ["true"], []
        for name, value in self.narrowed.items():
            column = COLUMNS.get(name, "t.kind")
            conditions.append(f"{column} IS NULL" if value == NOBODY else f"{column} = {{}}")
            values += [] if value == NOBODY else [value if name == "kind" else int(value)]
        return " AND ".join(conditions), values

    def key(self) -> tuple[datetime, int]:
        """Where the page begins."""
        found = AFTER.fullmatch(self.after)
        return (datetime.fromtimestamp(int(found[1]), UTC), int(found[2])) if found else (SINCE_EVER, 0)


@dataclass(frozen=True)
class Span:
    """Between which moments a term runs out that is late, due today, or due on the next working day."""

    now: datetime
    tonight: datetime
    tomorrow: datetime

    @classmethod
    def of(cls, book: Rulebook, at: datetime) -> Self:
        tonight = start_of(day_after(in_town(at).date()))
        return cls(at, tonight, in_workdays(book.calendar, at, 1).runs_out_at)

    def bounds(self, when: str) -> tuple[datetime, datetime]:
        """After the first and up to the second."""
        return {
            "late": (SINCE_EVER, self.now),
            "today": (self.now, self.tonight),
            "tomorrow": (self.tonight, self.tomorrow),
            "asked": (SINCE_EVER, self.now + timedelta(days=36500)),
        }[when]
