"""What a file says of the directories: its rows under the names of their fields, and what is wrong with its shape."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.directories import ALL
from domain.directories.describing import Directory
from domain.directories.sheets import Sheet, directory_of, field_of
from domain.errors import Sentence, say
from domain.moves import Mover
from domain.wording import N_

NO_DIRECTORY = N_("There is no such directory.")
NO_COLUMN = N_("This directory has no such column.")
TWICE = N_("This column stands here twice.")
NO_KEY = N_("A column is missing by which the rows are known: %(column)s.")
SHOWN = 60

PLACE = {each.name: position for position, each in enumerate(ALL)}


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where in the file: the sheet, the number of the row, the column."""

    sheet: str
    row: int | None
    column: str
    sentence: Sentence


@dataclass
class Entry:
    """One row of the file on its way in; `wrong` is, by field, why it could not be written yet."""

    directory: Directory
    sheet: Sheet
    row: int
    texts: dict[str, str]
    wrong: dict[str, Sentence] = field(default_factory=dict)

    @property
    def faults(self) -> list[Fault]:
        """Under the headings of the file, where it has such a column."""
        headings = {found.name: column for column in self.sheet.columns if (found := field_of(self.directory, column))}
        return [
            Fault(self.sheet.name, self.row, headings.get(name, name), sentence)
            for name, sentence in self.wrong.items()
        ]


def entered(sheets: Sequence[Sheet], by: Mover) -> tuple[list[Entry], list[Fault]]:
    """The rows of the file in the order of the directories, and the faults of its sheets and columns."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    for sheet in sheets:
        directory = directory_of(sheet.name)
        if directory is None or by.role not in directory.keepers:
            faults.append(Fault(sheet.name[:SHOWN], None, "", say(NO_DIRECTORY)))
            continue
        names, wrong = columns(directory, sheet)
        faults += wrong
        if not wrong:
            entries += [Entry(directory, sheet, number, under(names, cells)) for number, cells in sheet.rows]
    return sorted(entries, key=lambda each: (PLACE[each.directory.name], each.row)), faults


def columns(directory: Directory, sheet: Sheet) -> tuple[list[str], list[Fault]]:
    """The name of the field in each column; a column without a heading is left out."""
    found = [field_of(directory, column) if column.strip() else None for column in sheet.columns]
    names = [each.name if each else "" for each in found]
    headed = [(column, name) for column, name in zip(sheet.columns, names, strict=True) if column.strip()]
    faults = [Fault(sheet.name, 1, column[:SHOWN], say(NO_COLUMN)) for column, name in headed if not name]
    faults += [
        Fault(sheet.name, 1, column[:SHOWN], say(TWICE)) for column, name in headed if name and names.count(name) > 1
    ]
    missing = [name for name in directory.key if name not in names]
    return names, [*faults, *(Fault(sheet.name, 1, "", say(NO_KEY, column=name)) for name in missing)]


def under(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells of a row by their fields; a row that is shorter than the headings ends with empty ones."""
    padded = [*cells, *[""] * len(names)]
    return {name: cell for name, cell in zip(names, padded, strict=False) if name}
