"""When the demo town works: moments within its office hours, counted on the production calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from domain.workdays import TOWN, Calendar

OPENS, CLOSES = time(8, 30), time(17, 30)
DAY = timedelta(days=1)
LAST_MINUTES = 45  # what happened "today" and would lie ahead of us has happened just now


@dataclass(frozen=True)
class Hours:
    """The calendar, the moment from which we look back, and the chance that moves minutes about."""

    calendar: Calendar
    at: datetime
    chance: Random

    def later(self, moment: datetime, hours: float) -> datetime:
        """The moment after so many office hours."""
        left = timedelta(hours=hours)
        moment = self.opened(moment)
        while (rest := datetime.combine(moment.date(), CLOSES, TOWN) - moment) < left:
            left -= rest
            moment = self.opened(datetime.combine(moment.date() + DAY, time(), TOWN))
        return moment + left

    def opened(self, moment: datetime) -> datetime:
        """The moment itself within office hours, else the next opening."""
        moment = moment.astimezone(TOWN)
        if self.calendar.is_workday(moment.date()):
            opens = datetime.combine(moment.date(), OPENS, TOWN)
            if moment < opens:
                return opens + self.minutes(5, 40)
            if moment.time() < CLOSES:
                return moment
        day = moment.date() + DAY
        while not self.calendar.is_workday(day):
            day += DAY
        return datetime.combine(day, OPENS, TOWN) + self.minutes(5, 40)

    def workdays_later(self, moment: datetime, days: int) -> datetime:
        """Some hour of the working day so many days after that of the moment."""
        day = moment.astimezone(TOWN).date()
        while days:
            day += DAY
            days -= self.calendar.is_workday(day)
        return self.hour_of(day, self.chance.uniform(9, 17))

    def ago(self, days: int, hour: float) -> datetime:
        """That hour of the working day so many days back; what would lie ahead of us has happened a little before."""
        day = self.today()
        while days:
            day -= DAY
            days -= self.calendar.is_workday(day)
        moment = self.hour_of(day, hour)
        return moment if moment < self.at else self.just_now()

    def ahead(self, days: int) -> date:
        """The date of the working day so many days ahead."""
        day = self.today()
        while days:
            day += DAY
            days -= self.calendar.is_workday(day)
        return day

    def today(self) -> date:
        """The working day that `at` belongs to: on a day off the next one, for which everything is still ahead."""
        day = self.at.astimezone(TOWN).date()
        while not self.calendar.is_workday(day):
            day += DAY
        return day

    def just_now(self) -> datetime:
        """In the last minutes while the office works, else before it last closed."""
        now = self.at.astimezone(TOWN)
        if self.calendar.is_workday(now.date()) and now.time() > OPENS:
            return now - self.minutes(2, LAST_MINUTES)
        day = now.date() - DAY
        while not self.calendar.is_workday(day):
            day -= DAY
        return datetime.combine(day, CLOSES, TOWN) - self.minutes(2, LAST_MINUTES)

    def hour_of(self, day: date, hour: float) -> datetime:
        return datetime.combine(day, time(), TOWN) + timedelta(hours=hour) + self.minutes(0, 20)

    def minutes(self, low: float, high: float) -> timedelta:
        return timedelta(seconds=round(self.chance.uniform(low, high) * 60))
