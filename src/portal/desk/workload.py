"""Who has how many cases (R31, R32): an executor sees their own, whoever heads a department everybody's in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.model import Message, Organisation, Person, Term
from domain.moves import acting
from domain.rulebook import Rulebook
from domain.workdays import day_after, in_town, start_of, working_days_between
from portal.desk.asking import Asked
from portal.desk.days import BUCKET, Days
from portal.desk.execution import QUEUES
from portal.desk.queues import ANY_OF, Listing, find, listing, pressing

TODO = find(QUEUES, "todo")
WHOSE = """
SELECT p.id, p.name, p.position, d.name AS deputy, a.last_day
FROM person p LEFT JOIN absence a ON a.person = p.id AND a.active AND {} BETWEEN a.first_day AND a.last_day
LEFT JOIN person d ON d.id = a.deputy
WHERE p.role = 'executor' AND p.active AND (p.id = ANY({}::bigint[]) OR p.organisation = {}) ORDER BY p.name
"""
OPEN = f"""
SELECT m.executor, {BUCKET} AS day, count(*) AS many
FROM message m JOIN term t ON t.message = m.id WHERE {TODO.where} AND {pressing(TODO)} AND m.executor = {ANY_OF}
GROUP BY 1, 2
"""
ANSWERED = f"""
SELECT t.owed_by, (t.opened_at AT TIME ZONE 'Europe/Volgograd')::date AS opened,
       (t.met_at AT TIME ZONE 'Europe/Volgograd')::date AS met, count(*) AS many
FROM term t WHERE t.kind IN ('answer','registration') AND t.met_at IS NOT NULL AND t.met_at >= {{}}
AND t.kind = 'answer' AND t.owed_by = {ANY_OF} GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Load:
    """One person: open cases by their clocks, what was answered this month, and in how many working days each."""

    id: int
    name: str
    position: str
    deputy: str | None
    away_until: date | None
    late: int
    today: int
    week: int
    later: int
    answered: int
    days: float | None
    own: bool

    @property
    def open(self) -> int:
        return self.late + self.today + self.week + self.later


async def workload(asked: Asked) -> dict[str, Any]:
    """Everything on the page; three statements, and one for the name of the department."""
    people = await whose(asked)
    ids = [each["id"] for each in people]
    days = Days.of(asked.book, asked.at)
    # The list of days names Monday on a Friday, as the next working day; a week of work ends on its Sunday.
    sunday = days.today + timedelta(days=6 - days.today.weekday())
    begins = [day_after(each) for each in (days.today, sunday)]
    open = await Message.raw(OPEN, days.now, begins, ids)
    month = start_of(days.today.replace(day=1))
    answered = await Term.raw(ANSWERED, month, ids)
    department = await Organisation.objects().get(Organisation.id == asked.person.organisation)
    loads = [load(each, open, answered, asked) for each in people]
    return {"loads": loads, "department": department if asked.person.heads else None, "month": days.today}


async def whose(asked: Asked) -> list[dict[str, Any]]:
    """Themselves and whomever they stand in for; for a head everybody of the department."""
    department = asked.person.organisation if asked.person.heads else None
    return await Person.raw(WHOSE, in_town(asked.at).date(), list(acting(asked.person)), department)


def load(
    person: dict[str, Any], open: Sequence[dict[str, Any]], answered: Sequence[dict[str, Any]], asked: Asked
) -> Load:
    many = {row["day"]: row["many"] for row in open if row["executor"] == person["id"]}
    late, today, week, later = (many.get(day, 0) for day in range(4))
    done = [row for row in answered if row["owed_by"] == person["id"]]
    return Load(
        id=person["id"],
        name=person["name"],
        position=person["position"],
        deputy=person["deputy"],
        away_until=person["last_day"],
        late=late,
        today=today,
        week=week,
        later=later,
        answered=sum(row["many"] for row in done),
        days=average(done, asked.book),
        own=person["id"] in acting(asked.person),
    )


def average(done: Sequence[dict[str, Any]], book: Rulebook) -> float | None:
    """Working days from the registration to the answer."""
    whole = sum(row["many"] for row in done)
    days = sum(working_days_between(book.calendar, row["opened"], row["met"]) * row["many"] for row in done)
    return round(days / whole, 1) if whole else None


async def cases_of(asked: Asked, person: int, after: str) -> tuple[dict[str, Any], Listing] | None:
    """What lies with one of those whom this person may see, as their own list shows it; none for anybody else."""
    found = next((each for each in await whose(asked) if each["id"] == person), None)
    if found is None:
        return None
    days = Days.of(asked.book, asked.at)
    known: dict[str, Any] = {"at": asked.at, "language": asked.language, "executors": [person], "after": after}
    return found, await listing(TODO, asked.book, label=days.label, **known)
