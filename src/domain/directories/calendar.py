"""The production calendar as a directory (R34, R35): the days that the operator moves, and the years that are official.

Either way every clock that still runs is counted again.
"""

from datetime import datetime

from domain import recounting
from domain.directories.describing import IN_USE, Change, Directory, Field
from domain.directories.kinds import Day, Flag, Number, Text
from domain.model import CalendarDay, CalendarYear, Person
from domain.rulebook import rulebook
from domain.wording import N_


async def count_again(change: Change, *, by: Person, at: datetime) -> None:
    await recounting.recount(await rulebook(), by=by, at=at)


CALENDAR_DAYS = Directory(
    name="calendar_days",
    title=N_("Corrected days"),
    one=N_("Corrected day"),
    icon="calendar-clock",
    table=CalendarDay,
    key=("day",),
    named="day",
    order=("day",),
    note=N_("Days that are off or working otherwise than the official calendar says. Running terms are counted again."),
    after=count_again,
    fields=(
        Field("day", N_("Day"), Day(), fixed=True),
        Field("working", N_("A working day"), Flag(), N_("Without the tick it is a day off."), required=False),
        Field("reason", N_("Reason"), Text(200), N_("It is shown wherever this day is counted or skipped.")),
        IN_USE,
    ),
)
CALENDAR_YEARS = Directory(
    name="calendar_years",
    title=N_("Official years"),
    one=N_("Official year"),
    icon="calendar-days",
    table=CalendarYear,
    key=("year",),
    named="year",
    order=("year",),
    note=N_("Years beside 1992–2026 whose calendar is published and entered; terms in other years are provisional."),
    after=count_again,
    fields=(
        Field("year", N_("Year"), Number(least=2027, most=2100), fixed=True),
        Field("basis", N_("Decree"), Text(300), N_("The decree of the Government that moves days off in this year.")),
        IN_USE,
    ),
)
