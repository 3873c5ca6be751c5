"""What a moderator knows before registering: the hour that strikes, and the clocks that would begin (R05, R30)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain import workdays
from domain.terms import TRACK_WORKDAYS
from domain.workdays import TOWN, in_town
from portal.cards.forms import uuids
from portal.desk.asking import Asked
from portal.desk.directory import Directory, Executor
from portal.forms import Typed


@dataclass(frozen=True)
class Cutoff:
    """What arrived for today; `left` is none once the hour has struck, or on a day off."""

    expected: int
    settled: int
    hour: int
    left: tuple[int, int] | None
    strikes: datetime
    next_day: date


@dataclass(frozen=True)
class Terms:
    """What begins with the registration, worked out before anybody presses the button."""

    track: int
    workdays: int
    answer_by: date
    accept_by: date
    executor: Executor
    provisional: bool


def cutoff(asked: Asked, expected: int, settled: int) -> Cutoff:
    """At the hour the arriving "for today" ends, not the registering (R05)."""
    now = in_town(asked.at)
    hour = asked.book.limits.registration_hour
    strikes = datetime.combine(now.date(), time(hour), TOWN)
    working = asked.book.calendar.is_workday(now.date())
    left = divmod((strikes - now) // timedelta(minutes=1), 60) if working and now < strikes else None
    following = workdays.register_by(asked.book.calendar, now if left is None else strikes, hour).due_on
    return Cutoff(expected, settled, hour, left, strikes, following)


def terms(asked: Asked, lists: Directory, topic: int, territory: int | None) -> Terms | None:
    chosen = lists.topic(topic)
    executor = lists.responsible(chosen, territory) if chosen else None
    if chosen is None or executor is None:
        return None
    days = TRACK_WORKDAYS[chosen.track]
    answer = workdays.in_workdays(asked.book.calendar, asked.at, days)
    accept = workdays.in_workdays(asked.book.calendar, asked.at, 1)
    provisional = answer.provisional or accept.provisional
    return Terms(chosen.track, days, answer.due_on, accept.due_on, executor, provisional)


def public_copy(form: Typed) -> dict[str, Any]:
    """What everybody is to see at once: the text, the place where one was typed, the photos that were chosen."""
    place = form.get("public_address") if form.all("public_address") else None
    copy = {"public_text": form.get("public_text"), "public_address": place}
    return {**copy, "photos": uuids(form.all("photos"))}
