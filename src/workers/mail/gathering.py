"""One letter instead of many: what the ladder tells one official on one morning (§5.1, R31)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.events import Kind
from domain.model import Person
from domain.moves import Role
from domain.rulebook import rulebook
from domain.workdays import Calendar, in_town, working_days_between
from workers.mail.addressing import DESKS
from workers.mail.composing import Letter
from workers.mail.reading import person, told
from workers.mail.templating import link

# The steps of a morning are taken at once, and addressed one by one: so long the first of them waits for the last.
WAIT = timedelta(minutes=2)


@dataclass(frozen=True)
class Line:
    """One term in the digest: `days` are working days until its last day or since; `away`: whom one stands in for."""

    label: str
    topic: str
    place: str
    duty: str
    due_on: date
    late: bool
    days: int
    url: str | None
    away: str | None


async def digest(letters: Sequence[Letter]) -> Letter:
    """To whoever is owed several letters about terms: one table, what is latest first, of each term its last step."""
    first = letters[0]
    reader = await person(first.deputy.id) if first.copy and first.deputy else first.to
    calendar = (await rulebook()).calendar
    of_terms = {told(each.event)["term"]: line(each, calendar) for each in sorted(letters, key=lambda it: it.event.id)}
    lines = sorted(of_terms.values(), key=lambda each: (each.due_on, each.label))
    late = sum(each.late for each in lines)
    context = {"lines": lines, "late": late, "near": len(lines) - late, "url": desk(reader)}
    return Letter("digest", first.event, reader, context)


def desk(reader: Person) -> str:
    return link(f"/{DESKS[Role(reader.role)]}" if has_account(reader) else "/")


def has_account(reader: Person) -> bool:
    """The head of an organisation may have none, and then opens no case."""
    return reader.id > 0


def line(letter: Letter, calendar: Calendar) -> Line:
    """As it stood when the ladder told of it, so that a second attempt says the same."""
    said, on = letter.context, in_town(letter.event.at).date()
    late = letter.event.kind == Kind.TERM_ESCALATED
    between = (said["due_on"], on) if late else (on, said["due_on"])
    return Line(
        label=said["label"],
        topic=said["topic"].name,
        place=said["place"],
        duty=said["duty"],
        due_on=said["due_on"],
        late=late,
        days=working_days_between(calendar, *between),
        url=said["url"] if has_account(letter.to) else None,
        away=letter.to.name if letter.copy else None,
    )
