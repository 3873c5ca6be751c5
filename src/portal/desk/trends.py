"""How terms were kept of late (R32): shares and medians of twelve weeks, and where the delays were."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.model import Rating, Term
from domain.rulebook import Rulebook
from domain.workdays import in_town, start_of, working_days_between

WEEKS = 12
WEEK = timedelta(weeks=1)
STEPS = (1, 2, 4, 6)  # so many delays in a week begin the next shade of the table
DEPARTMENTS = 14  # those beyond had no delay worth a line
# The department is looked up row by row on purpose: a join would read everybody who ever wrote.
KEPT = """
SELECT kind, opened, met, in_time, organisation, count(*) AS cases FROM (
    SELECT t.kind, (t.opened_at AT TIME ZONE 'Europe/Volgograd')::date AS opened,
           (t.met_at AT TIME ZONE 'Europe/Volgograd')::date AS met, t.met_at < t.runs_out_at AS in_time,
           (SELECT organisation FROM person WHERE id = t.owed_by) AS organisation
    FROM term t WHERE t.kind IN ('answer','registration') AND t.met_at IS NOT NULL AND t.met_at >= {}
) kept GROUP BY 1, 2, 3, 4, 5
"""
ENDED = """
SELECT ended.organisation, o.short_name AS name, week, count(*) AS cases, count(*) FILTER (WHERE late) AS late FROM (
    SELECT (SELECT organisation FROM person WHERE id = t.owed_by) AS organisation,
           date_trunc('week', t.due_on)::date AS week, t.met_at IS NULL OR t.met_at >= t.runs_out_at AS late
    FROM term t WHERE t.kind IN ('answer','rework','follow_up','instruction') AND t.void_at IS NULL
    AND t.runs_out_at > {} AND t.runs_out_at <= {}
) ended JOIN organisation o ON o.id = ended.organisation GROUP BY 1, 2, 3
"""
RATED = """
SELECT date_trunc('week', at AT TIME ZONE 'Europe/Volgograd')::date AS week, count(*) AS cases,
       count(*) FILTER (WHERE choice = 'unsolved') AS unsolved
FROM rating WHERE at >= {} GROUP BY 1
"""


@dataclass(frozen=True)
class Cell:
    week: date
    late: int
    shade: int


@dataclass(frozen=True)
class Heat:
    """A department: delays of each week, and what share of its answers kept the term."""

    id: int
    name: str
    cells: list[Cell]
    in_time: int | None


@dataclass(frozen=True)
class Week:
    """Shares are whole percents, none where there was nothing to measure."""

    monday: date
    answers: int
    in_time: int | None
    median: int | None
    unsolved: int | None


@dataclass(frozen=True)
class Numbers:
    """The same of all twelve weeks."""

    answers_in_time: int | None
    registrations_in_time: int | None
    median_workdays: int | None
    unsolved: int | None


@dataclass(frozen=True)
class Trends:
    numbers: Numbers
    weeks: list[Week]
    heat: list[Heat]


async def trends(book: Rulebook, *, at: datetime, organisation: int | None) -> Trends:
    """Three statements; an organisation narrows what is measured of answers."""
    mondays = weeks_until(in_town(at).date())
    since = start_of(mondays[0])
    kept = await Term.raw(KEPT, since)
    answers = [row for row in kept if row["kind"] == "answer" and organisation in (None, row["organisation"])]
    rated = {row["week"]: row for row in await Rating.raw(RATED, since)}
    return Trends(
        numbers=Numbers(
            answers_in_time=in_time(answers),
            registrations_in_time=in_time([row for row in kept if row["kind"] == "registration"]),
            median_workdays=median(answers, book),
            unsolved=percent(sum(row["unsolved"] for row in rated.values()), sum(r["cases"] for r in rated.values())),
        ),
        weeks=[week(monday, answers, rated.get(monday), book) for monday in mondays],
        heat=heat(await Term.raw(ENDED, since, at), mondays),
    )


def weeks_until(today: date) -> list[date]:
    """The Mondays of the last weeks, this one included."""
    this = today - timedelta(days=today.weekday())
    return [this - WEEK * back for back in reversed(range(WEEKS))]


def week(monday: date, answers: Sequence[dict], rated: dict[str, int] | None, book: Rulebook) -> Week:
    own = [row for row in answers if monday <= row["met"] < monday + WEEK]
    return Week(
        monday=monday,
        answers=sum(row["cases"] for row in own),
        in_time=in_time(own),
        median=median(own, book),
        unsolved=percent(rated["unsolved"], rated["cases"]) if rated else None,
    )


def in_time(rows: Sequence[dict]) -> int | None:
    return percent(sum(row["cases"] for row in rows if row["in_time"]), sum(row["cases"] for row in rows))


def percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def median(answers: Sequence[dict], book: Rulebook) -> int | None:
    """Working days from registration to the answer, of the case in the middle."""
    days: list[int] = []
    for row in answers:
        days += [max(0, working_days_between(book.calendar, row["opened"], row["met"]))] * row["cases"]
    return sorted(days)[len(days) // 2] if days else None


def heat(rows: Sequence[dict[str, Any]], mondays: Sequence[date]) -> list[Heat]:
    """The departments with most delays first."""
    of: dict[tuple[int, str], dict[date, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        of[row["organisation"], row["name"]][row["week"]] = row
    late = {key: sum(row["late"] for row in weeks.values()) for key, weeks in of.items()}
    whole = {key: sum(row["cases"] for row in weeks.values()) for key, weeks in of.items()}
    return [
        Heat(*key, cells(of[key], mondays), percent(whole[key] - late[key], whole[key]))
        for key in sorted(of, key=lambda key: (-late[key], key[1]))[:DEPARTMENTS]
    ]


def cells(weeks: dict[date, dict[str, Any]], mondays: Sequence[date]) -> list[Cell]:
    counts = [(monday, weeks[monday]["late"] if monday in weeks else 0) for monday in mondays]
    return [Cell(monday, late, sum(late >= step for step in STEPS)) for monday, late in counts]
