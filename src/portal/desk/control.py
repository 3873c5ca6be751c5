"""The controller's board (§5, R31, R32): what runs late, what is about to, and how terms were kept of late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from domain.model import Message, Rating, Term
from domain.rulebook import Rulebook
from domain.workdays import in_town, in_workdays, working_days_between
from portal.clocks import ClockView, clock
from portal.desk.headlines import headline

WEEKS = 12
DECREE_MONTH = 10  # by October the Government has moved the days off of the next year
ROWS = 60
OPEN = "m.status NOT IN ('closed')"
DUTIES = "t.kind IN ('registration','decision','acceptance','answer','rework','follow_up','instruction')"
LATE = f"t.met_at IS NULL AND t.void_at IS NULL AND {DUTIES} AND t.runs_out_at <= {{}}"
KEPT = """
SELECT t.kind, (t.opened_at AT TIME ZONE 'Europe/Volgograd')::date AS opened,
       (t.met_at AT TIME ZONE 'Europe/Volgograd')::date AS met, t.met_at < t.runs_out_at AS in_time,
       p.organisation, count(*) AS cases
FROM term t LEFT JOIN person p ON p.id = t.owed_by
WHERE t.kind IN ('answer','registration') AND t.met_at IS NOT NULL AND t.met_at >= {} GROUP BY 1, 2, 3, 4, 5
"""
RATED = "SELECT count(*) AS all, count(*) FILTER (WHERE choice = 'unsolved') AS unsolved FROM rating WHERE at >= {}"
# Every open case of a department, with how many of its duties are late and how many end in the next working day.
BY_ORGANISATION = f"""
SELECT o.id, o.short_name AS name, count(DISTINCT m.id) AS open,
       count(DISTINCT m.id) FILTER (WHERE {LATE}) AS late,
       count(DISTINCT m.id) FILTER (WHERE t.runs_out_at > {{}} AND t.due_on <= {{}} AND t.met_at IS NULL
                                    AND t.void_at IS NULL AND {DUTIES}) AS soon
FROM message m JOIN person p ON p.id = m.executor JOIN organisation o ON o.id = p.organisation
LEFT JOIN term t ON t.message = m.id
WHERE {OPEN} AND m.status <> 'answered' AND m.status <> 'promised' GROUP BY o.id, o.short_name
ORDER BY late DESC, open DESC, o.short_name
"""
CASES = """
SELECT m.id, m.number, left(m.text, 300) AS text, m.address, m.status, m.reworks, o.short_name AS organisation,
       e.name AS executor, t.kind, t.opened_at, t.workdays, t.due_on, t.runs_out_at, t.met_at, t.void_at, t.provisional,
       count(*) OVER () AS found
FROM term t JOIN message m ON m.id = t.message LEFT JOIN person e ON e.id = m.executor
LEFT JOIN organisation o ON o.id = e.organisation
"""
UNMET = f"t.met_at IS NULL AND t.void_at IS NULL AND {DUTIES}"
# Two arms, because what the sweep has found and what it has not yet found lie in two partial indexes.
LATE_CASES = f"""
{CASES} WHERE {UNMET} AND t.id IN (
    SELECT id FROM term WHERE missed_at IS NOT NULL AND met_at IS NULL AND void_at IS NULL
    UNION ALL SELECT id FROM term WHERE met_at IS NULL AND missed_at IS NULL AND void_at IS NULL AND runs_out_at <= {{}}
) AND ({{}}::bigint IS NULL OR o.id = {{}}) ORDER BY t.runs_out_at, m.id LIMIT {ROWS}
"""
SOON_CASES = f"""
{CASES} WHERE {UNMET} AND t.missed_at IS NULL AND t.runs_out_at > {{}} AND t.runs_out_at <= {{}}
AND ({{}}::bigint IS NULL OR o.id = {{}}) ORDER BY t.runs_out_at, m.id LIMIT {ROWS}
"""


@dataclass(frozen=True)
class Line:
    """One term that is late or near, with the case that it belongs to."""

    id: int
    number: str | None
    title: str
    address: str
    status: str
    reworks: int
    organisation: str | None
    executor: str | None
    clock: ClockView


@dataclass(frozen=True)
class Lines:
    """The most pressing ones; `found` is how many there are in all."""

    rows: list[Line]
    found: int


@dataclass(frozen=True)
class Organisation:
    id: int
    name: str
    open: int
    late: int
    soon: int
    in_time: int | None  # percent of the answers of the last twelve weeks


@dataclass(frozen=True)
class Numbers:
    """Shares are whole percents of the last twelve weeks, none where there was nothing to measure."""

    answers_in_time: int | None
    registrations_in_time: int | None
    median_workdays: int | None
    unsolved: int | None
    late: int
    soon: int


async def board(book: Rulebook, *, at: datetime, language: str, organisation: int | None) -> dict[str, Any]:
    """Everything on the board; six statements."""
    since = at - timedelta(weeks=WEEKS)
    kept = await Term.raw(KEPT, since)
    late = await lines(LATE_CASES, (at,), organisation, book, at=at, language=language)
    tomorrow = in_workdays(book.calendar, at, 1)
    soon = await lines(SOON_CASES, (at, tomorrow.runs_out_at), organisation, book, at=at, language=language)
    (rated,) = await Rating.raw(RATED, since)
    departments = await Message.raw(BY_ORGANISATION, at, at, tomorrow.due_on)
    return {
        "numbers": numbers(kept, rated, book, late=late.found, soon=soon.found),
        "late": late,
        "soon": soon,
        "organisations": [Organisation(**row, in_time=in_time(kept, "answer", row["id"])) for row in departments],
        "chosen": organisation,
        "weeks": WEEKS,
        "unofficial": unofficial(book, at),
    }


def unofficial(book: Rulebook, at: datetime) -> int | None:
    """The year whose calendar has to be loaded: this one, from October on the next, when it is not official (R35)."""
    today = in_town(at).date()
    years = (today.year, today.year + 1) if today.month >= DECREE_MONTH else (today.year,)
    return next((year for year in years if not book.calendar.is_official(year)), None)


async def lines(
    query: str, moments: tuple[datetime, ...], organisation: int | None, book: Rulebook, *, at: datetime, language: str
) -> Lines:
    found = await Term.raw(query, *moments, organisation, organisation)
    rows = [line(row, book, at=at, language=language) for row in found]
    return Lines(rows, found[0]["found"] if found else 0)


def line(row: dict[str, Any], book: Rulebook, *, at: datetime, language: str) -> Line:
    named = {name: row[name] for name in Line.__dataclass_fields__ if name not in ("title", "clock")}
    view = clock(SimpleNamespace(**row), book.calendar, at=at, language=language)
    return Line(title=headline(row["text"]), clock=view, **named)


def numbers(kept: Sequence[dict], rated: dict[str, int], book: Rulebook, *, late: int, soon: int) -> Numbers:
    return Numbers(
        answers_in_time=in_time(kept, "answer"),
        registrations_in_time=in_time(kept, "registration"),
        median_workdays=median(kept, book),
        unsolved=percent(rated["unsolved"], rated["all"]),
        late=late,
        soon=soon,
    )


def in_time(kept: Sequence[dict], kind: str, organisation: int | None = None) -> int | None:
    of_kind = [row for row in kept if row["kind"] == kind and organisation in (None, row["organisation"])]
    return percent(sum(row["cases"] for row in of_kind if row["in_time"]), sum(row["cases"] for row in of_kind))


def percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def median(kept: Sequence[dict], book: Rulebook) -> int | None:
    """Working days from registration to the answer, of the case in the middle."""
    days: list[int] = []
    for row in kept:
        if row["kind"] == "answer":
            days += [days_between(row["opened"], row["met"], book)] * row["cases"]
    return sorted(days)[len(days) // 2] if days else None


def days_between(opened: date, met: date, book: Rulebook) -> int:
    return max(0, working_days_between(book.calendar, opened, met))
