"""What holds for every moment and every calendar that an operator could enter (R04–R06, R30, R34)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.workdays import (
    TOWN,
    Calendar,
    Correction,
    Count,
    decide_by,
    in_days,
    in_town,
    in_workdays,
    moment_of_sending,
    register_by,
    workday_before,
    working_days_between,
)

FIRST, LAST = datetime(1995, 1, 1), datetime(2035, 12, 1)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(FIRST, LAST, timezones=st.one_of(offsets, st.just(TOWN), st.just(UTC)))
lengths = st.integers(1, 30)


@st.composite
def near(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A moment and a calendar that is corrected in the weeks around it, where it matters."""
    moment = draw(moments)
    places = st.integers(-10, 45).map(lambda n: in_town(moment).date() + timedelta(days=n))
    corrections = st.builds(Correction, places, st.booleans(), st.just("поправка"))
    return Calendar(tuple(draw(st.lists(corrections, max_size=12)))), moment


def every_term(calendar: Calendar, moment: datetime, n: int) -> list[Count]:
    return [register_by(calendar, moment), decide_by(calendar, moment), in_workdays(calendar, moment, n)]


@pytest.mark.rule("R30")
@given(near(), lengths)
def test_exactly_n_working_days_are_counted_and_every_other_day_on_the_way_is_skipped(
    given_: tuple[Calendar, datetime], n: int
) -> None:
    calendar, moment = given_
    event = in_town(moment).date()

    count = in_workdays(calendar, moment, n)

    skipped = [off.day for off in count.skipped]
    on_the_way = [event + timedelta(days=step) for step in range(1, (count.due_on - event).days + 1)]
    assert len(count.counted) == n
    assert sorted([*count.counted, *skipped]) == on_the_way
    assert all(map(calendar.is_workday, count.counted))
    assert not any(map(calendar.is_workday, skipped))
    assert working_days_between(calendar, event, count.due_on) == n


@given(near(), lengths)
def test_a_term_ends_on_a_working_day_after_its_event(given_: tuple[Calendar, datetime], n: int) -> None:
    calendar, moment = given_

    for count in every_term(calendar, moment, n):
        assert calendar.is_workday(count.due_on)
        assert count.due_on == count.counted[-1]
        assert count.runs_out_at > moment
        assert count.runs_out_at - count.ends_at == timedelta(seconds=1)
        assert calendar.is_workday(moment_of_sending(calendar, moment).date())


@given(near(), lengths, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_who_comes_later_never_ends_earlier(given_: tuple[Calendar, datetime], n: int, wait: timedelta) -> None:
    calendar, moment = given_
    later = moment.astimezone(UTC) + wait

    for first, second in zip(every_term(calendar, moment, n), every_term(calendar, later, n), strict=True):
        assert first.due_on <= second.due_on
    assert moment_of_sending(calendar, moment) <= moment_of_sending(calendar, later)


@given(near(), lengths)
def test_a_longer_term_never_ends_earlier(given_: tuple[Calendar, datetime], n: int) -> None:
    calendar, moment = given_

    assert in_workdays(calendar, moment, n).due_on < in_workdays(calendar, moment, n + 1).due_on


@pytest.mark.rule("R34")
@given(near(), lengths, st.integers(-5, 40))
def test_one_more_day_off_never_makes_a_term_earlier(given_: tuple[Calendar, datetime], n: int, place: int) -> None:
    calendar, moment = given_
    one_more = Correction(in_town(moment).date() + timedelta(days=place), False, "ещё один")
    freer = Calendar((*calendar.corrections, one_more))

    for before, after in zip(every_term(calendar, moment, n), every_term(freer, moment, n), strict=True):
        assert before.due_on <= after.due_on


@given(near(), lengths, offsets)
def test_the_zone_in_which_an_instant_is_told_changes_nothing(
    given_: tuple[Calendar, datetime], n: int, zone: timezone
) -> None:
    calendar, moment = given_

    assert every_term(calendar, moment.astimezone(zone), n) == every_term(calendar, moment, n)


@pytest.mark.rule("R05")
@given(near(), st.integers(1, 23))
def test_the_last_microsecond_before_the_hour_is_today_and_the_hour_is_not(
    given_: tuple[Calendar, datetime], hour: int
) -> None:
    calendar, moment = given_
    today = in_town(moment).date()
    assume(calendar.is_workday(today))
    the_hour = datetime(today.year, today.month, today.day, hour, tzinfo=TOWN)
    # On the two nights when the town's clocks were put forward or back an hour is no moment of its own.
    assume(the_hour.astimezone(UTC).astimezone(TOWN).replace(fold=0) == the_hour)

    assert register_by(calendar, the_hour - timedelta(microseconds=1), hour).due_on == today
    assert register_by(calendar, the_hour, hour).due_on == in_workdays(calendar, the_hour, 1).due_on


@pytest.mark.rule("R04", "R05")
@given(near())
def test_registration_never_waits_beyond_the_decision(given_: tuple[Calendar, datetime]) -> None:
    calendar, moment = given_

    assert moment_of_sending(calendar, moment).date() <= register_by(calendar, moment).due_on
    assert register_by(calendar, moment).due_on < decide_by(calendar, moment).due_on


@given(moments, lengths)
def test_calendar_days_are_plain_arithmetic(moment: datetime, n: int) -> None:
    count = in_days(moment, n)

    assert count.due_on == in_town(moment).date() + timedelta(days=n)
    assert len(count.counted) == n


@given(near(), st.integers(0, 20))
def test_going_back_and_coming_forward_again_meets(given_: tuple[Calendar, datetime], n: int) -> None:
    calendar, moment = given_
    day: date = register_by(calendar, moment).due_on

    assert working_days_between(calendar, workday_before(calendar, day, n), day) == n
