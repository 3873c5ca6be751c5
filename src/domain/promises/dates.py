"""Exact dates in Russian wording (§4.2, R18): a day of a month, written in digits or in words, and nothing vaguer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "май": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10,
    "ноя": 11, "дек": 12,
}  # fmt: skip
MONTH = (
    r"(?P<month>январ[яьюе]|феврал[яьюе]|марта?|апрел[яьюе]|ма[яй]|июн[яьюе]|июл[яьюе]|августа?|сентябр[яьюе]|"
    r"октябр[яьюе]|ноябр[яьюе]|декабр[яьюе]|янв|февр?|мар|апр|авг|сент?|окт|нояб?|дек)\b\.?"
)
UNITS = (
    "перв", "втор", "треть", "четв[её]рт", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат",
    "двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат", "семнадцат", "восемнадцат", "девятнадцат",
    "двадцат",
)  # fmt: skip
ORDINAL = r"(?:ого|его|ому|ему|ое|ее|ье|ьего|ьему)"
WORDED = {rf"{stem}{ORDINAL}": n for n, stem in enumerate(UNITS, 1)}
WORDED |= {rf"двадцать\s+{stem}{ORDINAL}": 20 + n for n, stem in enumerate(UNITS[:9], 1)}
WORDED |= {rf"тридцат{ORDINAL}": 30, rf"тридцать\s+{UNITS[0]}{ORDINAL}": 31}
DASH = r"\s*[-–—]\s*"
YEAR = r"(?:,?\s*(?P<year>20\d\d|\d\d(?=\s*г(?:\.|од)))(?!\d)(?:\s*(?:года|году|год|гг?\b\.?))?)?"
PATTERNS = (
    re.compile(rf"\b(?:\d{{1,2}}{DASH})?(?P<day>\d{{1,2}})(?:-?(?:го|е|ому|му))?\s+(?:числа\s+)?{MONTH}{YEAR}"),
    re.compile(rf"\b(?P<word>{'|'.join(sorted(WORDED, key=len, reverse=True))})\s+{MONTH}{YEAR}"),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\s?[./-]\s?(?P<number>\d{1,2})\s?[./-]\s?(?P<year>20\d\d|\d\d)(?![.\d]*\d)"),
    re.compile(r"(?<![\d.])(?P<year>20\d\d)[-./](?P<number>\d\d)[-./](?P<day>\d\d)(?!\d)"),
    re.compile(r"(?:(?<=до )|(?<=к )|(?<=по )|(?<=на )|(?<=с )|(?<=позднее )|(?<=позже )|(?<=срок ))"
               r"(?P<day>\d\d)\.(?P<number>0[1-9]|1[0-2])(?![.\d]*\d|\s*(?:тыс|млн|руб|м\b|км|кв|га|%))"),
)  # fmt: skip
TODAYS = {"сегодня": 0, "сегодняшнего дня": 0, "завтра": 1, "завтрашнего дня": 1, "послезавтра": 2}
RELATIVE = re.compile(r"(?<![\w-])(послезавтра|завтрашнего дня|завтра|сегодняшнего дня|сегодня)(?![\w-])")
# The day of a document («от 12.03.2026 № 45») and a day that was («с 1 декабря по 5 декабря» ends with its second).
OF_A_DOCUMENT = re.compile(r"(?:\bот|\bдат\w+|\bредакции|№\s*\S{1,20})\s*$")


@dataclass(frozen=True)
class Day:
    start: int
    end: int
    date: date


def days(text: str, today: date) -> list[Day]:
    """Every exact date of a lower-case text, in their order; a date without a year is the nearest one to come."""
    found = sorted({day.start: day for day in each(text, today)}.values(), key=lambda day: day.start)
    apart: list[Day] = []
    for day in found:
        if not apart or day.start >= apart[-1].end:
            apart.append(day)
    return [day for day in apart if not OF_A_DOCUMENT.search(text[max(0, day.start - 40) : day.start])]


def each(text: str, today: date) -> Iterator[Day]:
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            if exact := read(match.groupdict(), today):
                yield Day(match.start(), match.start() + len(match[0].rstrip()), exact)
    for match in RELATIVE.finditer(text):
        yield Day(match.start(), match.end(), today + timedelta(days=TODAYS[match[1]]))


def read(part: dict[str, str | None], today: date) -> date | None:
    """None for a day that no calendar has."""
    day, month = day_of(part), month_of(part)
    written = part.get("year")
    if written:
        return on(int(written) + (2000 if len(written) == 2 else 0), month, day)
    # Up to eight years ahead, because the 29th of February does not come every year.
    coming = (on(today.year + ahead, month, day) for ahead in range(9))
    return next((found for found in coming if found and found >= today), None)


def day_of(part: dict[str, str | None]) -> int:
    if word := part.get("word"):
        return next(n for pattern, n in WORDED.items() if re.fullmatch(pattern, word))
    return int(part.get("day") or 0)


def month_of(part: dict[str, str | None]) -> int:
    if name := part.get("month"):
        return MONTHS[name[:3]]
    return int(part.get("number") or 0)


def on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
