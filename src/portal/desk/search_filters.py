"""What of all messages the staff ask for: every filter stands in the address, and each can be taken away by a link."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from domain.model import Person
from domain.moves import Role, Status

LETTERS = 80  # written for an address Russian letters are six times as long, and an address has its limit
TERMS = ("late", "today", "running")
ID = re.compile(r"[0-9]{1,18}")
NUMBER = re.compile(r"(?:№\s*)?([0-9]{4}-[0-9]{1,9})")
ONE_EACH = ("q", "address", "author", "topic", "organisation", "term", "since", "until")
# Who reads the name of an author on their own desk may look for it; to the others there is no such filter (§4.1).
SEE_AUTHORS = (Role.MODERATOR,)


@dataclass(frozen=True)
class Filters:
    """`q` are words or a number; `after` is the id of the last message of the page before."""

    q: str = ""
    address: str = ""
    author: str = ""
    status: tuple[str, ...] = ()
    topic: str = ""
    organisation: str = ""
    term: str = ""
    since: str = ""
    until: str = ""
    after: str = ""

    @classmethod
    def asked(cls, pairs: Iterable[tuple[str, str]], person: Person) -> Self:
        """From an address, which anybody may type: what is no filter of ours, or not theirs, is left out."""
        asked = list(pairs)
        given = {name: value.strip()[:LETTERS] for name, value in asked}
        known = {name: kept(name, given.get(name, "")) for name in (*ONE_EACH, "after")}
        if person.role not in SEE_AUTHORS:
            known["author"] = ""
        statuses = {value for name, value in asked if name == "status"}
        return cls(**known, status=tuple(each for each in Status if each in statuses))

    @classmethod
    def read(cls, query: str, person: Person) -> Self:
        """From the query of a saved view."""
        return cls.asked(parse_qsl(query), person)

    @property
    def days(self) -> dict[str, date | None]:
        return {"since": day(self.since), "until": day(self.until)}

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Those that leave something out, each with its value."""
        one_each = [(name, getattr(self, name)) for name in ONE_EACH if getattr(self, name)]
        return [*one_each, *(("status", status) for status in self.status)]

    @property
    def query(self) -> str:
        return urlencode(self.chosen)

    @property
    def number(self) -> str:
        """A number, or how it begins."""
        found = NUMBER.fullmatch(self.q)
        return found[1] if found else ""

    def link(self, path: str = "/search", **changes: Any) -> str:
        """The same with other filters, from the first page on unless `after` says where."""
        other = replace(self, **{"after": "", **changes})
        query = urlencode([*other.chosen, *([("after", other.after)] if other.after else [])])
        return f"{path}?{query}" if query else path

    def without(self, name: str, value: str) -> str:
        """The link that takes one chosen filter away."""
        left: Any = tuple(each for each in self.status if each != value) if name == "status" else ""
        return self.link(**{name: left})


def kept(name: str, value: str) -> str:
    if name in ("topic", "organisation", "after"):
        return value if ID.fullmatch(value) else ""
    if name in ("since", "until"):
        return value if day(value) else ""
    if name == "term":
        return value if value in TERMS else ""
    return " ".join(value.split())


def day(value: str) -> date | None:
    """A day that a calendar of ours could hold."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None
