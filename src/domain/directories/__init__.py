"""The directories that the operator keeps (§2): what each holds is described once, and everything follows from it.

To plug in a directory: give its table an `active` column, write `domain/directories/<name>.py` with one `Directory`
(see `grounds.py`, the plainest) and add it to `ALL` here. The pages under /directories, the checks, the history with
its dates, the files to take away and to bring back, and the rule that rows are closed and never deleted come with it.
`kinds.py` has the kinds of fields; `check` and `after` of a `Directory` are for what fields cannot tell.
"""

from domain.directories import reading
from domain.directories.absences import ABSENCES
from domain.directories.block_grounds import BLOCK_GROUNDS
from domain.directories.calendar import CALENDAR_DAYS, CALENDAR_YEARS
from domain.directories.categories import CATEGORIES
from domain.directories.commission import COMMISSION, DECISION_KINDS
from domain.directories.describing import IN_USE, Change, Directory, Field
from domain.directories.escalation import ESCALATION
from domain.directories.grounds import GROUNDS
from domain.directories.limits import LIMITS
from domain.directories.organisations import ORGANISATIONS
from domain.directories.people import PEOPLE
from domain.directories.rejection_grounds import REJECTION_GROUNDS
from domain.directories.responsibilities import RESPONSIBILITIES
from domain.directories.standard_answers import STANDARD_ANSWERS
from domain.directories.territories import TERRITORIES
from domain.directories.topics import TOPICS

__all__ = ["ALL", "IN_USE", "Change", "Directory", "Field", "find", "pointing_at", "reading"]

# In the order in which files are read: a directory stands after those that it refers to.
ALL: tuple[Directory, ...] = (
    ORGANISATIONS,
    PEOPLE,
    ABSENCES,
    CATEGORIES,
    TOPICS,
    TERRITORIES,
    RESPONSIBILITIES,
    GROUNDS,
    STANDARD_ANSWERS,
    REJECTION_GROUNDS,
    BLOCK_GROUNDS,
    DECISION_KINDS,
    COMMISSION,
    CALENDAR_DAYS,
    CALENDAR_YEARS,
    LIMITS,
    ESCALATION,
)


def find(name: str) -> Directory | None:
    return next((each for each in ALL if each.name == name), None)


def pointing_at(directory: Directory) -> list[tuple[Directory, str]]:
    """Which fields of which directories refer to rows of this one and keep them from being closed."""
    return [
        (each, name)
        for each in ALL
        for name, reference in each.references.items()
        if reference.to == directory.name and each.by_name[name].holds
    ]
