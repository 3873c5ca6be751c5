"""No promise without an exact date (§4.2, R18): found in Russian wording, by the forms of its words."""

import random
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.phrases import DATED, NO_PROMISE, UNDATED

from domain.promises import Promise, find, undated

TODAY = date(2026, 11, 24)
IN_TWENTY = 20  # one of so many may be wrong


@pytest.mark.rule("R18")
def test_a_promise_without_a_date_is_found() -> None:
    missed = [text for text in UNDATED if not undated(text, today=TODAY)]

    assert len(UNDATED) >= 100
    assert len(missed) * IN_TWENTY <= len(UNDATED), missed


@pytest.mark.rule("R18")
def test_what_is_no_promise_is_left_alone() -> None:
    false = {text: found for text in NO_PROMISE if (found := find(text, today=TODAY))}

    assert len(NO_PROMISE) >= 100
    assert len(false) * IN_TWENTY <= len(NO_PROMISE), false


@pytest.mark.rule("R18")
@pytest.mark.parametrize(("text", "day"), DATED.items())
def test_a_promise_with_an_exact_date_is_found_with_it(text: str, day: str) -> None:
    found = find(text, today=TODAY)

    assert found
    assert {str(each.date) for each in found} == {day}


@pytest.mark.parametrize(
    "vague",
    [
        "до конца ноября", "во II квартале 2027 года", "в течение 10 рабочих дней", "летом", "через неделю",
        "в 2027 году", "30 февраля", "в декабре 2026 года", "до 15 числа",
    ],
)  # fmt: skip
def test_a_vague_time_is_no_date(vague: str) -> None:
    (found,) = find(f"Работы будут завершены {vague}.", today=TODAY)

    assert found.date is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("15 декабря", "2026-12-15"), ("24 ноября", "2026-11-24"), ("23 ноября", "2027-11-23"),
        ("29 февраля", "2028-02-29"), ("15.12.26", "2026-12-15"), ("15 / 12 / 2026", "2026-12-15"),
        ("пятнадцатого декабря", "2026-12-15"), ("тридцать первого декабря 2026 года", "2026-12-31"),
        ("15\N{NO-BREAK SPACE}декабря 2026\N{NO-BREAK SPACE}г.", "2026-12-15"), ("2026-12-15", "2026-12-15"),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(written: str, day: str) -> None:
    (found,) = find(f"Яму заделаем до {written}", today=TODAY)

    assert str(found.date) == day


def test_the_date_of_a_document_dates_no_promise() -> None:
    (found,) = find("По контракту от 15.12.2026 № 45 дорогу отремонтируют.", today=TODAY)

    assert found.date is None


def test_a_promise_is_told_by_its_place_in_the_text() -> None:
    text = "Яма заделана.\r\nТротуар починим в ближайшее время, а бордюр – до 5 декабря."

    first, *_ = find(text, today=TODAY)

    assert first == Promise(23, 48, "починим в ближайшее время", None)
    assert text[first.start : first.end] == first.text


@settings(max_examples=300, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from([*UNDATED, *DATED, "«", "\0", "\u0301", "İ", "\n", ", и ", "!!!"])).map("".join)
)
def test_no_text_is_too_odd(text: str) -> None:
    for each in find(text, today=TODAY):
        assert text[each.start : each.end] == each.text != ""


# What takes the square of its length would take a quarter of an hour.
MANY, BOUND = 200_000, 60


@pytest.mark.parametrize(
    "piece",
    ["Яму заделаем в ближайшее время. ", "и будет ", "а\n", ", "],
)
def test_many_characters_are_read_in_bounded_time(piece: str) -> None:
    text = (piece * (MANY // len(piece) + 1))[:MANY]
    began = time.monotonic()

    find(text, today=TODAY)

    assert time.monotonic() - began < BOUND


def test_many_random_letters_are_read_in_bounded_time() -> None:
    text = "".join(random.Random(1).choices("абвгдежзиклмнопрстуфхцчшщыэюя ет им\n.,", k=MANY))
    began = time.monotonic()

    find(text, today=TODAY)

    assert time.monotonic() - began < BOUND
