"""The calendar and the counting of terms, by days that somebody counted by hand."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from domain import workdays
from domain.production_calendar import official_year
from domain.workdays import (
    TOWN,
    Calendar,
    Correction,
    Skipped,
    Why,
    decide_by,
    in_days,
    in_workdays,
    moment_of_sending,
    register_by,
    workday_before,
    working_days_between,
)

OFFICIAL = Calendar()

# arrival | day counted as sent | registration | decision | acceptance | answer, track 1 | answer, track 2;
# the last three are counted from the day of registration.
GOLDEN = [
    ("2026-11-23T16:59", "2026-11-23", "2026-11-23", "2026-11-25", "2026-11-24", "2026-12-03", "2026-12-11"),
    ("2026-11-23T17:00", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-25", "2026-12-04", "2026-12-14"),
    ("2026-11-21T10:00", "2026-11-23", "2026-11-23", "2026-11-25", "2026-11-24", "2026-12-03", "2026-12-11"),
    ("2026-11-03T17:05", "2026-11-03", "2026-11-05", "2026-11-06", "2026-11-06", "2026-11-17", "2026-11-25"),
    ("2026-12-30T12:00", "2026-12-30", "2026-12-30", "2027-01-12", "2027-01-11", "2027-01-20", "2027-01-28"),
    ("2026-12-31T12:00", "2027-01-11", "2027-01-11", "2027-01-13", "2027-01-12", "2027-01-21", "2027-01-29"),
    ("2026-04-30T16:59", "2026-04-30", "2026-04-30", "2026-05-05", "2026-05-04", "2026-05-14", "2026-05-22"),
    ("2026-05-08T17:30", "2026-05-08", "2026-05-12", "2026-05-13", "2026-05-13", "2026-05-22", "2026-06-01"),
    ("2025-11-01T10:00", "2025-11-01", "2025-11-01", "2025-11-06", "2025-11-05", "2025-11-14", "2025-11-24"),
    ("2025-10-31T17:10", "2025-10-31", "2025-11-01", "2025-11-05", "2025-11-05", "2025-11-14", "2025-11-24"),
    ("2024-04-27T11:00", "2024-04-27", "2024-04-27", "2024-05-03", "2024-05-02", "2024-05-15", "2024-05-23"),
    ("2024-12-28T18:00", "2024-12-28", "2025-01-09", "2025-01-10", "2025-01-10", "2025-01-21", "2025-01-29"),
    ("2024-11-02T17:01", "2024-11-02", "2024-11-05", "2024-11-06", "2024-11-06", "2024-11-15", "2024-11-25"),
    ("2027-02-20T10:00", "2027-02-20", "2027-02-20", "2027-02-25", "2027-02-24", "2027-03-05", "2027-03-16"),
]


def town(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=TOWN)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.rule("R04", "R05", "R06", "R11", "R12", "R30", "R34")
@pytest.mark.parametrize(("arrival", "sent", "registration", "decision", "acceptance", "first", "second"), GOLDEN)
def test_a_message_runs_through_its_terms_as_counted_by_hand(
    arrival: str, sent: str, registration: str, decision: str, acceptance: str, first: str, second: str
) -> None:
    arrived = town(arrival)
    registered = town(registration + "T10:00")

    assert moment_of_sending(OFFICIAL, arrived).date() == day(sent)
    assert register_by(OFFICIAL, arrived).due_on == day(registration)
    assert decide_by(OFFICIAL, arrived).due_on == day(decision)
    assert in_workdays(OFFICIAL, registered, 1).due_on == day(acceptance)
    assert in_workdays(OFFICIAL, registered, 8).due_on == day(first)
    assert in_workdays(OFFICIAL, registered, 14).due_on == day(second)


@pytest.mark.rule("R04")
def test_the_moment_of_sending_is_the_arrival_itself_on_a_working_day_and_a_midnight_after_a_day_off() -> None:
    late_on_monday = town("2026-11-23T23:59:59.999999")

    assert moment_of_sending(OFFICIAL, late_on_monday) == late_on_monday
    assert moment_of_sending(OFFICIAL, town("2026-11-22T23:59")) == town("2026-11-23T00:00")


@pytest.mark.rule("R05")
@pytest.mark.parametrize(
    ("arrival", "registration"),
    [
        ("2026-11-23T16:59:59.999999", "2026-11-23"),
        ("2026-11-23T17:00:00", "2026-11-24"),
        ("2026-11-03T16:59:59.999999", "2026-11-03"),  # a shortened eve keeps the hour
        ("2026-11-03T17:00:00", "2026-11-05"),
        ("2026-11-21T23:00:00", "2026-11-23"),  # the hour says nothing on a day off
    ],
)
def test_seventeen_o_clock_belongs_to_the_next_working_day(arrival: str, registration: str) -> None:
    assert register_by(OFFICIAL, town(arrival)).due_on == day(registration)


@pytest.mark.rule("R05")
def test_late_on_a_day_off_that_day_is_still_one_of_the_days_skipped() -> None:
    count = register_by(OFFICIAL, town("2026-11-22T23:00"))

    assert count.skipped == (Skipped(day("2026-11-22"), Why.WEEKEND),)


@pytest.mark.rule("R05")
def test_the_hour_of_registration_is_a_setting() -> None:
    assert register_by(OFFICIAL, town("2026-11-23T15:59"), hour=16).due_on == day("2026-11-23")
    assert register_by(OFFICIAL, town("2026-11-23T16:00"), hour=16).due_on == day("2026-11-24")


@pytest.mark.rule("R06")
def test_the_hour_moves_the_registration_but_not_the_decision() -> None:
    early, late = town("2026-11-23T16:00"), town("2026-11-23T18:00")

    assert decide_by(OFFICIAL, early) == decide_by(OFFICIAL, late)


@pytest.mark.rule("R06")
def test_a_decision_tells_the_days_before_its_sending_as_skipped() -> None:
    count = decide_by(OFFICIAL, town("2026-11-21T10:00"))

    assert count.counted == (day("2026-11-24"), day("2026-11-25"))
    assert [off.day for off in count.skipped] == [day("2026-11-21"), day("2026-11-22")]


@pytest.mark.rule("R11", "R12")
def test_the_day_of_the_event_is_day_zero_working_or_not() -> None:
    on_a_friday, on_a_saturday = town("2026-11-20T23:59"), town("2026-11-21T00:00")

    assert in_workdays(OFFICIAL, on_a_friday, 1).due_on == day("2026-11-23")
    assert in_workdays(OFFICIAL, on_a_saturday, 1).due_on == day("2026-11-23")


def test_a_term_ends_with_its_last_second_and_is_late_from_midnight() -> None:
    count = in_workdays(OFFICIAL, town("2026-11-23T10:00"), 3)

    assert count.ends_at.isoformat() == "2026-11-26T23:59:59+03:00"
    assert count.runs_out_at.isoformat() == "2026-11-27T00:00:00+03:00"


@pytest.mark.rule("R23", "R29")
def test_calendar_days_do_not_ask_the_calendar() -> None:
    count = in_days(town("2026-12-25T23:00"), 30)

    assert count.due_on == day("2027-01-24")
    assert (len(count.counted), count.skipped, count.provisional) == (30, (), False)


@pytest.mark.rule("R34")
@pytest.mark.parametrize(
    ("off", "why", "reason"),
    [
        ("2026-11-22", Why.WEEKEND, ""),
        ("2026-11-04", Why.HOLIDAY, "День народного единства"),
        ("2026-01-07", Why.HOLIDAY, "Рождество Христово"),
        ("2026-03-09", Why.TRANSFERRED, "Международный женский день (выходной)"),
        ("2026-12-31", Why.TRANSFERRED, "Выходной (перенесено с 04.01.2026)"),
    ],
)
def test_a_day_off_says_why(off: str, why: Why, reason: str) -> None:
    assert OFFICIAL.why_off(day(off)) == Skipped(day(off), why, reason)


@pytest.mark.rule("R34")
@pytest.mark.parametrize(
    ("year", "workdays_in_year", "working_weekends"),
    [
        (2024, 248, {"2024-04-27", "2024-11-02", "2024-12-28"}),
        (2025, 247, {"2025-11-01"}),
        (2026, 247, set()),
        (2027, 247, {"2027-02-20"}),
    ],
)
def test_each_year_has_the_working_days_of_its_official_calendar(
    year: int, workdays_in_year: int, working_weekends: set[str]
) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    working = [each for each in days if each.year == year and OFFICIAL.is_workday(each)]

    assert len(working) == workdays_in_year
    assert {each.isoformat() for each in working if each.weekday() > 4} == working_weekends


@pytest.mark.rule("R34")
def test_days_off_that_the_operator_adds_move_every_term_that_crosses_them() -> None:
    before = in_workdays(OFFICIAL, town("2023-01-30T10:00"), 8)
    declared = tuple(Correction(date(2023, 2, n), False, "Памятные дни области") for n in (1, 2))

    after = in_workdays(Calendar(declared), town("2023-01-30T10:00"), 8)

    assert (before.due_on, after.due_on) == (day("2023-02-09"), day("2023-02-13"))
    assert Skipped(day("2023-02-01"), Why.CORRECTION, "Памятные дни области") in after.skipped


@pytest.mark.rule("R34")
def test_the_operator_makes_a_day_off_work() -> None:
    corrected = Calendar((Correction(day("2026-11-04"), True, "Работаем"),))

    assert register_by(corrected, town("2026-11-03T17:05")).due_on == day("2026-11-04")


@pytest.mark.rule("R35")
@pytest.mark.parametrize(
    ("event", "n", "provisional"),
    [
        ("2026-12-21T10:00", 7, False),  # ends on 30 December
        ("2026-12-21T10:00", 8, True),  # ends on 11 January
        ("2027-06-01T10:00", 1, True),
        ("2025-12-30T10:00", 3, False),  # from one official year to the next
        ("1991-06-03T10:00", 1, True),
    ],
)
def test_a_term_that_touches_a_year_without_an_official_calendar_is_provisional(
    event: str, n: int, provisional: bool
) -> None:
    assert in_workdays(OFFICIAL, town(event), n).provisional is provisional


@pytest.mark.rule("R35")
def test_a_skipped_day_of_such_a_year_is_enough() -> None:
    """From a Saturday of 1991, over two days corrected away, to the first working day of 1992."""
    away = tuple(Correction(date(1991, 12, n), False, "Каникулы") for n in (30, 31))

    count = register_by(Calendar(away), town("1991-12-28T10:00"))

    assert {each.year for each in count.counted} == {1992}
    assert count.provisional is True


@pytest.mark.rule("R35")
def test_a_year_without_a_decree_is_counted_by_the_general_rule() -> None:
    """4 November 2028 is a Saturday: nothing is moved, whatever the package may guess."""
    assert OFFICIAL.why_off(day("2028-11-04")) == Skipped(day("2028-11-04"), Why.HOLIDAY, "День народного единства")
    assert OFFICIAL.is_workday(day("2028-11-06"))
    assert not OFFICIAL.is_workday(day("2029-01-08"))
    assert OFFICIAL.is_workday(day("2029-01-09"))


def test_an_instant_counts_the_same_in_every_zone() -> None:
    instant = town("2026-11-23T17:00")

    for zone in (UTC, ZoneInfo("Asia/Vladivostok"), timezone(timedelta(hours=-11))):
        assert register_by(OFFICIAL, instant.astimezone(zone)) == register_by(OFFICIAL, instant)


def test_the_town_lived_an_hour_later_until_the_end_of_2020() -> None:
    """13:00 UTC was 17:00 on the town's clock until 27 December 2020, and is 16:00 since."""
    then, now = datetime(2020, 12, 25, 13, tzinfo=UTC), datetime(2020, 12, 28, 13, tzinfo=UTC)

    assert register_by(OFFICIAL, then).due_on == day("2020-12-28")
    assert register_by(OFFICIAL, now).due_on == day("2020-12-28")
    assert register_by(OFFICIAL, then).ends_at.isoformat() == "2020-12-28T23:59:59+03:00"
    assert in_workdays(OFFICIAL, then - timedelta(days=2), 1).ends_at.isoformat() == "2020-12-24T23:59:59+04:00"


def test_old_time_zone_data_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workdays, "ZoneInfo", lambda _: timezone(timedelta(hours=4)))

    with pytest.raises(RuntimeError, match="out of date"):
        workdays.town_zone()


@pytest.mark.parametrize(
    "count",
    [
        lambda moment: moment_of_sending(OFFICIAL, moment),
        lambda moment: register_by(OFFICIAL, moment),
        lambda moment: in_workdays(OFFICIAL, moment, 1),
        lambda moment: in_days(moment, 1),
    ],
)
def test_a_moment_without_a_zone_is_refused(count) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="no time zone"):
        count(datetime(2026, 11, 23, 12))


@pytest.mark.parametrize(
    ("moment", "n"),
    [
        ("9999-12-31T12:00:00+03:00", 1),
        ("9999-12-30T12:00:00+03:00", 1),  # its last day exists, the first late instant does not
        ("9999-12-27T12:00:00+03:00", 8),
        ("9999-12-31T23:59:59+00:00", 1),
        ("0001-01-01T00:00:00+05:00", 1),
    ],
)
def test_the_ends_of_time_are_refused_with_a_sentence(moment: str, n: int) -> None:
    with pytest.raises(ValueError, match="beyond the years"):
        in_workdays(OFFICIAL, datetime.fromisoformat(moment), n)


def test_a_calendar_without_working_days_does_not_hang() -> None:
    every_day = (day("2025-01-01") + timedelta(days=n) for n in range(1200))
    nobody_works = Calendar(tuple(Correction(each, False, "Ошибка") for each in every_day))

    with pytest.raises(ValueError, match="no working day"):
        in_workdays(nobody_works, town("2025-02-03T10:00"), 1)


@pytest.mark.parametrize("n", [0, -1])
def test_a_term_has_at_least_one_day(n: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        in_workdays(OFFICIAL, town("2026-11-23T10:00"), n)
    with pytest.raises(ValueError, match="at least one"):
        in_days(town("2026-11-23T10:00"), n)


def test_working_days_are_told_forwards_and_backwards() -> None:
    assert working_days_between(OFFICIAL, day("2026-11-23"), day("2026-11-27")) == 4
    assert working_days_between(OFFICIAL, day("2026-11-20"), day("2026-11-23")) == 1
    assert working_days_between(OFFICIAL, day("2026-11-23"), day("2026-11-20")) == -1
    assert working_days_between(OFFICIAL, day("2026-11-20"), day("2026-11-22")) == 0
    assert workday_before(OFFICIAL, day("2026-11-23"), 2) == day("2026-11-19")


def test_a_year_is_looked_up_once() -> None:
    assert official_year(2026) is official_year(2026)
