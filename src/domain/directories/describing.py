"""How a directory is described: its table, its fields in words, and what a change of it has to hold to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from piccolo.table import Table

from domain.directories.kinds import MISSING, Flag, Misfit, Reference, Text
from domain.errors import Sentence, Unfit, say
from domain.model import Person
from domain.moves import Role
from domain.wording import N_


@dataclass(frozen=True)
class Field:
    """A column in words. `fixed` is given with the row and never changed; `listed` stands in the table of rows.

    Of a reference, `holds` says that what it points at cannot be closed while this row is in use.
    """

    name: str
    label: str
    kind: Text = field(default_factory=Text)
    hint: str = ""
    required: bool = True
    fixed: bool = False
    listed: bool = True
    holds: bool = True
    begins: str = ""  # what stands in the form of a new row


# The last field of every directory: rows are closed and never deleted.
IN_USE = Field(
    "active",
    N_("In use"),
    Flag(),
    hint=N_("A closed row stays wherever it was used, and is offered no longer."),
    required=False,
    begins="yes",
)


@dataclass(frozen=True)
class Change:
    """What a row was and what it is to become; a new one was nothing."""

    row: int | None
    was: Mapping[str, Any]
    now: Mapping[str, Any]
    holds_from: date

    @cached_property
    def changed(self) -> dict[str, Any]:
        return {name: value for name, value in self.now.items() if name not in self.was or self.was[name] != value}

    @property
    def closes(self) -> bool:
        return bool(self.was.get("active")) and not self.now["active"]


Check = Callable[[Change], Awaitable[dict[str, Sentence]]]
After = Callable[..., Awaitable[None]]


async def nothing_more(change: Change) -> dict[str, Sentence]:
    return {}


async def no_consequence(change: Change, *, by: Person, at: datetime) -> None:
    """Most directories are only read."""


@dataclass(frozen=True)
class Directory:
    """`key` are the fields by which rows are known in files; `named` the one by which people know them.

    The table of rows stands in groups by `grouped`, a reference.
    `check` finds what the fields cannot tell one by one; `after` follows a change in its transaction, on the day
    when it takes effect. `scope` is the condition, in SQL, by which rows of the table belong here. `keepers` are the
    roles that may change it.
    A `single` directory is one row that is changed, and no other is added.
    """

    name: str
    title: str
    one: str
    icon: str
    table: type[Table]
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("code",)
    named: str = "name"
    order: tuple[str, ...] = ("id",)
    grouped: str = ""
    note: str = ""
    check: Check = nothing_more
    after: After = no_consequence
    scope: str = ""
    keepers: tuple[Role, ...] = (Role.OPERATOR,)
    single: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}

    @property
    def columns(self) -> list[Field]:
        """What stands in the table of rows; what it is grouped by stands above each group."""
        return [each for each in self.fields if each.listed and each.name != self.grouped]

    @property
    def references(self) -> dict[str, Reference]:
        return {each.name: each.kind for each in self.fields if isinstance(each.kind, Reference)}

    def column(self, name: str) -> Any:
        return self.table._meta.get_column_by_name(name)

    def read(self, typed: Mapping[str, str], known: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The fields as they were typed, as values; Unfit names every one that does not fit.

        What is not typed at all stays as it is `known`: a fixed field, or a column that a file leaves out.
        """
        values, errors = {}, {}
        for each in self.fields:
            if known is not None and (each.fixed or each.name not in typed):
                continue
            given = typed.get(each.name, "")
            if each.required and not given.strip():
                errors[each.name] = say(MISSING)
                continue
            try:
                values[each.name] = each.kind.read(given)
            except Misfit as misfit:
                errors[each.name] = misfit.sentence
        if errors:
            raise Unfit(errors)
        return values

    def write(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {each.name: each.kind.write(row[each.name]) for each in self.fields}
