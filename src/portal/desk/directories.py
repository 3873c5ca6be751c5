"""The operator's desk (§2): the directories as tables, their rows as forms, and what was changed when and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from typing import Any

from babel.dates import format_date

from domain import directories, keeping
from domain.directories import Directory, Field, reading
from domain.directories.kinds import Choice, Day, Flag, Lines, Reference
from domain.directories.reading import Version
from domain.leaving import left_to_nobody
from domain.model import Person, Revision, TopicModel
from domain.wording import translations
from domain.workdays import in_town
from portal.forms import Typed

CELL_LETTERS = 120
Names = Mapping[str, Mapping[int, str]]
TEXTS = ("text", "textarea", "lines")  # the widgets in which something is written, and not chosen


@dataclass(frozen=True)
class Shelf:
    """A directory on the list of all of them."""

    directory: Directory
    rows: int
    waiting: int


@dataclass(frozen=True)
class Line:
    id: int
    group: str  # of a directory in groups, the name of its own
    cells: list[str]
    active: bool
    waits_for: date | None


@dataclass(frozen=True)
class Control:
    """One field of the form, with what stands in it; `options` are pairs of value and name."""

    field: Field
    value: str
    options: list[tuple[Any, str]]


@dataclass(frozen=True)
class Step:
    """One change in the history of a row: pairs of label, what it was (none for a new row) and what it became."""

    version: Version
    changes: list[tuple[str, str | None, str]]


@dataclass(frozen=True)
class Sheet:
    """The form of a row, new or known, with its history; `standing` is what is in force, whatever was typed."""

    directory: Directory
    row: int | None
    title: str
    version: int
    controls: list[Control]
    standing: dict[str, str]
    holds_from: str
    today: date
    history: list[Step]

    @property
    def labels(self) -> dict[str, str]:
        """The fields in which something is written, and not chosen."""
        return {each.field.name: each.field.label for each in self.controls if each.field.kind.widget in TEXTS}


async def learned() -> dict[str, Any] | None:
    """How well topics are suggested, as it was measured when they were learned last."""
    latest = TopicModel.select(TopicModel.learned_at, TopicModel.messages, TopicModel.tested, TopicModel.found)
    rows: list[dict[str, Any]] = await latest.order_by(TopicModel.id, ascending=False).limit(1)
    return rows[0] if rows else None


async def unattended(keeper: Person, *, on: date) -> list[str]:
    """Who has left, and nobody takes on what lies with them: told to those who can enter a deputy (§4.1)."""
    return await left_to_nobody(on) if keeper.role in known("absences").keepers else []


async def shelves(keeper: Person) -> list[Shelf]:
    """Every directory that this person keeps with how many rows it has, in one statement."""
    kept = [each for each in directories.ALL if keeper.role in each.keepers]
    counts = ", ".join(
        f"(SELECT count(*) FROM {each.table._meta.tablename} WHERE active{f' AND {each.scope}' if each.scope else ''})"
        f" AS {each.name}, (SELECT count(*) FROM revision WHERE directory = '{each.name}' AND {reading.PENDING})"
        f" AS {each.name}_waiting"
        for each in kept
    )
    (row,) = await Revision.raw(f"SELECT {counts}")
    return [Shelf(each, row[each.name], row[f"{each.name}_waiting"]) for each in kept]


async def table(directory: Directory, word: str, *, language: str) -> list[Line]:
    """The rows as people read them, in each group those in use first; `word` leaves only those that hold it."""
    words, names = translations(language), await names_for(directory)
    ahead = await reading.waiting(directory)
    group = directory.by_name.get(directory.grouped)
    lines = [
        Line(
            row["id"],
            cell(group, row[group.name], names, words) if group else "",
            [cell(each, row[each.name], names, words) for each in directory.columns],
            row["active"],
            ahead.get(row["id"]),
        )
        for row in await reading.rows(directory)
    ]
    groups = list(dict.fromkeys(line.group for line in lines))
    found = [line for line in lines if word.lower() in " ".join((line.group, *line.cells)).lower()]
    return sorted(found, key=lambda line: (groups.index(line.group), not line.active))


def cell(field: Field, value: Any, names: Names, words: NullTranslations) -> str:
    text = shown(field, value, names, words)
    return text if len(text) <= CELL_LETTERS else text[:CELL_LETTERS].rsplit(" ", 1)[0] + "…"


def shown(field: Field, value: Any, names: Names, words: NullTranslations) -> str:
    """A value in words, as a table or the history shows it."""
    match field.kind:
        case Flag():
            return words.gettext("yes") if value else words.gettext("no")
        case Choice(options=options):
            return words.gettext(dict(options)[value]) if value in dict(options) else str(value)
        case Reference(to=to):
            return names[to].get(value, str(value)) if value is not None else ""
        case Day():
            return format_date(value, "d MMMM y", locale=words.info().get("language", "ru")) if value else ""
        case Lines():
            return "; ".join(value)
        case kind:
            return kind.write(value)


async def names_for(directory: Directory) -> dict[str, dict[int, str]]:
    """The names of the rows that this directory points at."""
    names = {}
    for to in sorted({each.to for each in directory.references.values()}):
        names[to] = {each["id"]: each[known(to).named] for each in await reading.rows(known(to))}
    return names


def known(name: str) -> Directory:
    directory = directories.find(name)
    if directory is None:
        raise LookupError(f"there is no directory {name}")
    return directory


async def sheet(
    directory: Directory, row: int | None, *, at: datetime, language: str, form: Typed | None = None
) -> Sheet | None:
    """The form with what stands in it: the row as it is, or what was typed and did not fit."""
    words, today = translations(language), in_town(at).date()
    found = await reading.row(directory, row) if row is not None else None
    if row is not None and found is None:
        return None
    written = directory.write(found) if found else {each.name: each.begins for each in directory.fields}
    standing = dict(written)
    if form:
        written |= typed(directory, form, new=row is None)
    return Sheet(
        directory=directory,
        row=row,
        title=str(found[directory.named])
        if found and directory.named in directory.by_name
        else words.gettext(directory.one),
        version=await reading.version_of(directory, row) if row is not None else 0,
        controls=[await control(each, written, found, words) for each in directory.fields],
        standing=standing,
        holds_from=form.get("holds_from") if form else today.isoformat(),
        today=today,
        history=await steps(directory, row, words) if row is not None else [],
    )


def typed(directory: Directory, form: Typed, *, new: bool) -> dict[str, str]:
    """What was typed in the fields that the form has; an empty check box sends nothing, and stands for no."""
    return {each.name: form.get(each.name) for each in directory.fields if new or not each.fixed}


async def control(
    field: Field, written: Mapping[str, str], row: Mapping[str, Any] | None, words: NullTranslations
) -> Control:
    options: list[tuple[Any, str]] = []
    match field.kind:
        case Choice(options=known_options):
            options = [(value, words.gettext(label)) for value, label in known_options]
        case Reference() as reference:
            options = await targets(reference, row[field.name] if row else None)
    return Control(field, written[field.name], options)


async def targets(reference: Reference, kept: Any) -> list[tuple[Any, str]]:
    """What can be chosen, and what is chosen already although it has been closed since."""
    to = known(reference.to)
    options = {id: str(each[to.named]) for id, each in (await keeping.choices(reference)).items()}
    if kept is not None and kept not in options and (gone := await reading.row(to, kept)):
        options[kept] = str(gone[to.named])
    return sorted(options.items(), key=lambda option: option[1])


async def steps(directory: Directory, row: int, words: NullTranslations) -> list[Step]:
    versions = await reading.history(directory, row)
    names = await names_for(directory) if versions else {}
    return [Step(each, changes(directory, each, names, words)) for each in versions]


def changes(
    directory: Directory, version: Version, names: Names, words: NullTranslations
) -> list[tuple[str, str | None, str]]:
    fields: Sequence[Field] = [each for each in directory.fields if each.name in version.now]
    return [
        (
            words.gettext(each.label),
            shown(each, version.was[each.name], names, words) if version.was and each.name in version.was else None,
            shown(each, version.now[each.name], names, words),
        )
        for each in fields
    ]
