"""What a page says of a term (R31): how much of it is left in words, how pressing it is, and its working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol

from domain.recounting import Recounted
from domain.terms import ANSWERS, DUTIES, Owed
from domain.wording import N_, translations
from domain.workdays import DECISION_WORKDAYS, Calendar, in_town, working_days_between
from portal.clock_days import Cell, cells

Tone = Literal["neutral", "warn", "bad", "ok", "plan"]
NEAR = 2  # working days left at which a clock begins to warn
IN_CALENDAR_DAYS = (Owed.PROMISE, Owed.RATING, Owed.PART)
FIXED_WORKDAYS = {Owed.REGISTRATION: 1, Owed.DECISION: DECISION_WORKDAYS}  # terms whose length is in the rule
LABELS = {
    Owed.REGISTRATION: N_("Term of registration"),
    Owed.DECISION: N_("Term of the decision on registration"),
    Owed.CLARIFICATION: N_("Term of the reply"),
    Owed.ACCEPTANCE: N_("Term of acceptance"),
    Owed.RETURN: N_("Term of return"),
    Owed.ANSWER: N_("Term of the answer"),
    Owed.REWORK: N_("Term of the rework"),
    Owed.FOLLOW_UP: N_("Term of the additional answer"),
    Owed.INSTRUCTION: N_("Term of the instruction of the commission"),
    Owed.PART: N_("Day of the part"),
    Owed.PROMISE: N_("Promised date"),
    Owed.RATING: N_("Term of the rating"),
}
COUNTED_AGAIN = {
    Recounted.CALENDAR: N_("the calendar was corrected"),
    Recounted.LEVEL: N_("the topic has another level"),
}


def why_counted_again(said: Mapping[str, Any], language: str) -> str:
    """In words; what was counted again before topics could change says nothing, and the calendar was the reason."""
    return translations(language).gettext(COUNTED_AGAIN[Recounted(said.get("why", Recounted.CALENDAR))])


class Timed(Protocol):
    """A row of `term`, as far as a clock needs to know it."""

    @property
    def kind(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def workdays(self) -> int | None: ...
    @property
    def due_on(self) -> date: ...
    @property
    def runs_out_at(self) -> datetime: ...
    @property
    def met_at(self) -> datetime | None: ...
    @property
    def void_at(self) -> datetime | None: ...
    @property
    def provisional(self) -> bool: ...


@dataclass(frozen=True)
class ClockView:
    """`left` working days (calendar days for a promise or a rating), below zero when late; `gone` counts today."""

    label: str
    text: str
    tone: Tone
    urgent: bool
    late: bool
    done: bool  # the term was met
    left: int
    gone: int
    limit: int
    due_on: date
    provisional: bool
    cells: tuple[Cell, ...]


def clock(term: Timed, calendar: Calendar, *, at: datetime, language: str) -> ClockView:
    """Read one term at a moment: a met or void one stands still at the moment when it ended."""
    kind = Owed(term.kind)
    reading = Reading(term, calendar, at=at, language=language)
    tone, urgent = reading.tone()
    return ClockView(
        label=translations(language).gettext(LABELS[kind]),
        text=reading.text(),
        tone=tone,
        urgent=urgent,
        late=reading.late,
        done=term.met_at is not None,
        left=reading.left,
        gone=reading.gone,
        limit=reading.limit,
        due_on=term.due_on,
        provisional=term.provisional,
        cells=reading.cells(),
    )


def limit_of(term: Timed) -> int:
    """The length of the term: in calendar days for a promise or a rating, otherwise in working days."""
    kind = Owed(term.kind)
    if kind in IN_CALENDAR_DAYS:
        return (term.due_on - in_town(term.opened_at).date()).days
    return term.workdays or FIXED_WORKDAYS.get(kind, 1)


class Reading:
    """One term read at one moment."""

    def __init__(self, term: Timed, calendar: Calendar, *, at: datetime, language: str) -> None:
        self.term, self.calendar, self.language = term, calendar, language
        self.words = translations(language)
        self.kind = Owed(term.kind)
        moment = term.met_at or term.void_at or at
        self.today = in_town(moment).date()
        self.late = moment >= term.runs_out_at and self.kind in DUTIES
        self.limit = limit_of(term)
        self.left = self.days_left()
        self.gone = max(0, self.limit - self.left)

    def days_left(self) -> int:
        if self.kind in IN_CALENDAR_DAYS:
            return (self.term.due_on - self.today).days
        return working_days_between(self.calendar, self.today, self.term.due_on)

    def cells(self) -> tuple[Cell, ...]:
        if self.kind in IN_CALENDAR_DAYS:
            return ()
        met = self.term.met_at is not None
        return cells(self.calendar, self.term.due_on, self.limit, until=self.today, met=met, language=self.language)

    def tone(self) -> tuple[Tone, bool]:
        """The tone, and whether it presses."""
        if self.kind == Owed.PROMISE:
            return "plan", False
        if self.term.met_at is not None:
            return ("bad", False) if self.late else ("ok", False)
        if self.term.void_at is not None or self.over:
            return "neutral", False
        if self.late:
            return "bad", True
        if self.term.due_on == self.today:
            return "warn", True
        return ("warn" if self.left <= NEAR else "neutral"), False

    @property
    def over(self) -> bool:
        """A right (to return, to rate) or a promised date whose time has gone by: nobody is late."""
        return self.kind not in DUTIES and self.today > self.term.due_on

    def text(self) -> str:
        if self.term.met_at is not None:
            return self.text_met()
        if self.term.void_at is not None:
            return self.words.gettext("no longer counted")
        return self.text_late() if self.late else self.text_running()

    def text_met(self) -> str:
        if self.kind == Owed.PROMISE:
            return self.text_over()
        if self.late:
            return self.text_met_late()
        if self.kind not in ANSWERS:
            return self.words.gettext("in time")
        if self.gone == 0:
            return self.words.gettext("answered on the same day")
        return self.words.gettext("answered on day %(day)s of %(limit)s") % {"day": self.gone, "limit": self.limit}

    def text_met_late(self) -> str:
        if self.left == 0 or self.kind in IN_CALENDAR_DAYS:  # on a day off after the last day, or by no working days
            return self.words.gettext("late")
        days = -self.left
        return self.words.ngettext("late by %(num)s working day", "late by %(num)s working days", days) % {"num": days}

    def text_over(self) -> str:
        if self.kind == Owed.PROMISE:
            return self.words.gettext("the date has come")
        return self.words.gettext("the time is over")

    def text_late(self) -> str:
        if self.left == 0:
            return self.words.gettext("overdue")
        days = -self.left
        if self.kind in IN_CALENDAR_DAYS:
            return self.words.ngettext("overdue by %(num)s day", "overdue by %(num)s days", days) % {"num": days}
        text = self.words.ngettext("overdue by %(num)s working day", "overdue by %(num)s working days", days)
        return text % {"num": days}

    def text_running(self) -> str:
        if self.over:
            return self.text_over()
        if self.term.due_on == self.today:
            return self.words.gettext("today")
        if self.term.due_on == self.today + timedelta(days=1):
            return self.words.gettext("tomorrow")
        if self.kind in IN_CALENDAR_DAYS:
            return self.words.ngettext("%(num)s day left", "%(num)s days left", self.left) % {"num": self.left}
        text = self.words.ngettext("%(num)s working day left", "%(num)s working days left", self.left)
        return text % {"num": self.left}
