"""What a page says of a term: in words, by tone and by its working days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.workdays import TOWN, Calendar, start_of
from portal.clocks import LABELS, ClockView, clock

OFFICIAL = Calendar()


@dataclass
class Row:
    """A row of `term` without its table."""

    kind: str
    opened_at: datetime
    workdays: int | None
    due_on: date
    met_at: datetime | None = None
    void_at: datetime | None = None
    provisional: bool = False

    @property
    def runs_out_at(self) -> datetime:
        return start_of(self.due_on + timedelta(days=1))


def town(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=TOWN)


def owed(kind: str, opened: str, due: str, workdays: int | None = None, **more: Any) -> Row:
    return Row(kind, town(opened), workdays, date.fromisoformat(due), **more)


def answer(**more: datetime) -> Row:
    """Registered on 17 November, owed in eight working days: by 27 November."""
    return owed("answer", "2026-11-17T11:05", "2026-11-27", 8, **more)


def read(row: Row, at: str, language: str = "ru") -> ClockView:
    return clock(row, OFFICIAL, at=town(at), language=language)


@pytest.mark.rule("R31")
@pytest.mark.parametrize(
    ("at", "text", "tone", "urgent", "left", "gone"),
    [
        ("2026-11-17T12:00", "осталось 8 раб. дней", "neutral", False, 8, 0),
        ("2026-11-21T12:00", "осталось 5 раб. дней", "neutral", False, 5, 3),  # a Saturday
        ("2026-11-23T12:00", "осталось 4 раб. дня", "neutral", False, 4, 4),
        ("2026-11-24T12:00", "осталось 3 раб. дня", "neutral", False, 3, 5),
        ("2026-11-25T12:00", "осталось 2 раб. дня", "warn", False, 2, 6),
        ("2026-11-26T12:00", "завтра", "warn", False, 1, 7),
        ("2026-11-27T23:59:59.999999", "сегодня", "warn", True, 0, 8),
        ("2026-11-28T00:00", "просрочено", "bad", True, 0, 8),  # late, and no working day later yet
        ("2026-11-30T12:00", "просрочено на 1 раб. день", "bad", True, -1, 9),
        ("2026-12-04T12:00", "просрочено на 5 раб. дней", "bad", True, -5, 13),
    ],
)
def test_a_running_term_says_what_is_left_and_presses_as_it_runs_out(
    at: str, text: str, tone: str, urgent: bool, left: int, gone: int
) -> None:
    view = read(answer(), at)

    assert (view.text, view.tone, view.urgent) == (text, tone, urgent)
    assert (view.left, view.gone, view.limit, view.done) == (left, gone, 8, False)
    assert view.late is (tone == "bad")


@pytest.mark.parametrize(
    ("met", "text", "tone"),
    [
        ("2026-11-17T16:00", "ответ в тот же день", "ok"),
        ("2026-11-25T12:00", "ответ на 6-й день из 8", "ok"),
        ("2026-11-27T23:59:59", "ответ на 8-й день из 8", "ok"),
        ("2026-11-28T12:00", "с опозданием", "bad"),
        ("2026-12-01T12:00", "с опозданием на 2 раб. дня", "bad"),
    ],
)
def test_a_met_term_stands_still(met: str, text: str, tone: str) -> None:
    row = answer(met_at=town(met))

    soon, much_later = read(row, "2026-12-10T12:00"), read(row, "2027-03-10T12:00")

    assert (soon.text, soon.tone, soon.urgent, soon.done) == (text, tone, False, True)
    assert soon == much_later


def test_the_last_working_day_before_a_weekend_is_not_called_tomorrow() -> None:
    row = owed("rework", "2026-11-18T10:00", "2026-11-23", 3)

    assert read(row, "2026-11-20T12:00").text == "остался 1 раб. день"
    assert read(row, "2026-11-22T12:00").text == "завтра"


def test_terms_of_fixed_length_know_it() -> None:
    registration = owed("registration", "2026-11-21T10:00", "2026-11-23")
    decision = owed("decision", "2026-11-21T10:00", "2026-11-25")

    assert (read(registration, "2026-11-23T10:00").limit, read(registration, "2026-11-23T10:00").gone) == (1, 1)
    assert (read(decision, "2026-11-23T10:00").limit, read(decision, "2026-11-23T10:00").gone) == (2, 0)


def test_met_terms_other_than_answers_are_simply_in_time() -> None:
    row = owed("acceptance", "2026-11-17T11:00", "2026-11-18", 1, met_at=town("2026-11-18T09:12"))

    assert (read(row, "2026-11-20T12:00").text, read(row, "2026-11-20T12:00").tone) == ("в срок", "ok")


@pytest.mark.rule("R22")
def test_a_promise_is_a_plan_until_and_after_its_date() -> None:
    row = owed("promise", "2026-11-17T11:00", "2026-12-05")  # a Saturday

    assert [read(row, at).text for at in ("2026-11-23T12:00", "2026-12-05T12:00", "2026-12-06T12:00")] == [
        "осталось 12 дней",
        "сегодня",
        "срок наступил",
    ]
    assert {read(row, at).tone for at in ("2026-11-23T12:00", "2026-12-06T12:00")} == {"plan"}
    assert read(row, "2026-11-23T12:00").cells == ()


@pytest.mark.rule("R23")
def test_a_rating_that_nobody_gave_is_over_and_not_late() -> None:
    view = read(owed("rating", "2026-11-01T11:00", "2026-12-01", 30), "2026-12-02T12:00")

    assert (view.text, view.tone, view.urgent, view.late) == ("время вышло", "neutral", False, False)


@pytest.mark.rule("R12")
def test_the_right_to_return_ends_and_nobody_is_late() -> None:
    view = read(owed("return", "2026-11-17T11:00", "2026-11-18", 1), "2026-11-23T12:00")

    assert (view.text, view.tone, view.late) == ("время вышло", "neutral", False)


def test_a_term_that_was_called_off_says_so() -> None:
    view = read(answer(void_at=town("2026-11-20T10:00")), "2026-12-20T12:00")

    assert (view.text, view.tone, view.left) == ("больше не считается", "neutral", 5)


def test_the_bar_shows_every_working_day_and_where_weeks_begin() -> None:
    cells = read(answer(), "2026-11-23T12:00").cells

    assert [cell.d for cell in cells] == ["done"] * 3 + ["now"] + ["left"] * 3 + ["due"]
    assert [(cell.date.day, cell.dow) for cell in cells][:4] == [(18, "ср"), (19, "чт"), (20, "пт"), (23, "пн")]
    assert [cell.date.day for cell in cells if cell.mon] == [23]


def test_the_bar_of_a_late_term_goes_on_and_ends_somewhere() -> None:
    states = [cell.d for cell in read(answer(), "2026-12-01T12:00").cells]
    a_year_later = read(answer(), "2027-11-01T12:00").cells

    assert states == ["done"] * 8 + ["over"] * 2
    assert len(a_year_later) == 8 + 10
    assert a_year_later[-1].date == date(2027, 11, 1)


def test_the_bar_of_a_met_term_stops_at_the_day_of_the_answer() -> None:
    states = [cell.d for cell in read(answer(met_at=town("2026-11-25T12:00")), "2026-12-10T12:00").cells]

    assert states == ["done"] * 6 + ["left", "due"]


def test_english_speaks_too() -> None:
    view = read(answer(), "2026-11-23T12:00", "en")

    assert (view.text, view.label, view.cells[0].dow) == ("4 working days left", "Term of the answer", "Wed")


def test_every_kind_of_term_has_a_name_in_russian() -> None:
    rows = [owed(kind, "2026-11-17T11:00", "2026-11-27", 8) for kind in LABELS]

    names = {read(row, "2026-11-23T12:00").label for row in rows}

    assert len(names) == len(LABELS)
    assert not any(name.isascii() for name in names)
