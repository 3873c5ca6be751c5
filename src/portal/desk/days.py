"""An executor's list by days (R31): late, today, the next working day, this week, later, with how many of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from domain.rulebook import Rulebook
from domain.terms import DUTIES
from domain.wording import N_
from domain.workdays import day_after, in_town, in_workdays
from portal.desk.queues import LATE, LATER, NO_CLOCK, TODAY, Queue, Row, along_the_terms, whose

TOMORROW, NEXT_WORKDAY, THIS_WEEK = N_("Tomorrow"), N_("Next working day"), N_("This week")
# What waits for another, as a promise for its date, is never late.
LATE_NOW = f"t.runs_out_at <= {{}} AND t.kind IN ({', '.join(repr(str(kind)) for kind in DUTIES)})"
# Late are those of the first bucket, the others go by the days that begin one.
BUCKET = f"CASE WHEN {LATE_NOW} THEN 0 ELSE 1 + width_bucket(t.due_on, {{}}::date[]) END"


@dataclass(frozen=True)
class Day:
    """One line over the list: `tone` tells how much it presses."""

    label: str
    count: int
    tone: str


@dataclass(frozen=True)
class Days:
    """Now, and the last days of what is due today, on the next working day and in this week."""

    now: datetime
    today: date
    next: date
    sunday: date
    names: tuple[str, ...]

    @classmethod
    def of(cls, book: Rulebook, at: datetime) -> Self:
        today = in_town(at).date()
        following = in_workdays(book.calendar, at, 1).due_on
        next_day = TOMORROW if following == day_after(today) else NEXT_WORKDAY
        sunday = max(today + timedelta(days=6 - today.weekday()), following)
        return cls(at, today, following, sunday, (LATE, TODAY, next_day, THIS_WEEK, LATER))

    def label(self, row: Row) -> str:
        if row.clock is None:
            return NO_CLOCK
        if row.clock.late:
            return self.names[0]
        return self.names[1 + sum(row.clock.due_on > each for each in (self.today, self.next, self.sunday))]

    def counting(self, queue: Queue, executors: Sequence[int]) -> tuple[str, list[Any]]:
        """A column that counts the whole queue, of which the list shows a page, and its values."""
        counts = f"SELECT {BUCKET} AS day, count(*) AS many {along_the_terms(queue)} {whose(queue)} GROUP BY 1"
        begins = [day_after(each) for each in (self.today, self.next, self.sunday)]
        return f"ARRAY(SELECT one FROM ({counts}) one) AS days", [self.now, begins, list(executors)]

    def read(self, rows: Sequence[tuple[int, int]]) -> list[Day]:
        """The lines of that column; days on which nothing is due are left out."""
        many = dict(rows)
        tones = ("bad", "warn", "", "", "")
        lines = zip(self.names, range(5), tones, strict=True)
        return [Day(name, many[place], tone) for name, place, tone in lines if place in many]
