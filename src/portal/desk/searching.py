"""The search of the staff (§4.1, §5.1): a page of what was found, the filters to choose from, views that were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from domain.model import Message, Person, Topic
from domain.moves import Role
from domain.publicity import public_place
from domain.viewing import views_of
from portal.clocks import clock
from portal.desk.asking import Asked
from portal.desk.control_filters import Span
from portal.desk.control_lines import UNMET
from portal.desk.finding import CANDIDATES, Search
from portal.desk.headlines import covered
from portal.desk.hints import NAMES
from portal.desk.queues import TERM, Row
from portal.desk.search_filters import SEE_AUTHORS, Filters

ROWS = 40
COUNTED = 500  # further nobody counts: a view says "500+"
DESKS = {Role.MODERATOR: "/moderation", Role.EXECUTOR: "/execution"}
WHO_SEARCHES = (Role.MODERATOR, Role.EXECUTOR, Role.CONTROLLER, Role.COORDINATOR, Role.OPERATOR)
# Of a case that owes several things the one that ends first presses.
ROWS_OF = f"""
SELECT page.id, page.number, page.status, page.version, page.reworks, left(page.text, 300) AS text,
       {NAMES.format(message="page.id")} AS names, page.address,
       page.sent_at, tp.name AS topic, c.name AS category, c.icon, p.name AS executor, o.short_name AS organisation,
       (SELECT number FROM message WHERE id = page.joined_to) AS joined_to, t.*, (SELECT count(*) FROM attachment a
        WHERE a.message = page.id AND a.answer IS NULL AND a.rating IS NULL) AS photos
FROM ({{}}) page JOIN topic tp ON tp.id = page.topic JOIN category c ON c.id = tp.category
LEFT JOIN LATERAL (SELECT name, organisation FROM person WHERE id = page.executor OFFSET 0) p ON true
LEFT JOIN organisation o ON o.id = p.organisation
LEFT JOIN LATERAL (SELECT {TERM} FROM term t WHERE t.message = page.id AND {UNMET}
                   ORDER BY t.runs_out_at LIMIT 1) t ON true
ORDER BY page.id DESC
"""
LOOKED_AT = "SELECT count(*) AS many, min(id) AS last FROM ({}) looked (id)"
CHOICES = """
SELECT 'topic' AS of, tp.id, tp.name, c.name AS group, c.position, tp.position AS place
FROM topic tp JOIN category c ON c.id = tp.category
UNION ALL SELECT 'organisation', id, short_name, '', 0, 0 FROM organisation ORDER BY 1, 5, 4, 6, 3
"""


@dataclass(frozen=True)
class Found(Row):
    """`version` is what somebody looks at who decides on several messages at once, `joined_to` the number of a case."""

    version: int
    joined_to: str | None
    organisation: str | None


@dataclass(frozen=True)
class Results:
    """`further` is where a search goes on that has sifted a great many and found few; `last` was looked at last."""

    rows: list[Found]
    older: str | None
    newest: str | None
    further: str | None


@dataclass(frozen=True)
class Choices:
    topics: list[tuple[str, list[tuple[int, str]]]]
    organisations: list[tuple[int, str]]
    names: dict[tuple[str, str], str]


@dataclass(frozen=True)
class View:
    id: int
    name: str
    link: str
    count: str
    current: bool


def search_of(asked: Asked, filters: Filters) -> Search:
    return Search(filters, asked.person, Span.of(asked.book, asked.at))


async def results(asked: Asked, filters: Filters) -> Results:
    search = search_of(asked, filters)
    rows = await Message.raw(ROWS_OF, search.found(ROWS + 1).querystrings[0])
    found = [found_row(asked, row) for row in rows[:ROWS]]
    older = filters.link(after=str(found[-1].id)) if len(rows) > ROWS else None
    further = await further_from(search) if search.sifted and not older else None
    return Results(found, older, filters.link() if filters.after else None, further)


async def further_from(search: Search) -> str | None:
    """Where to go on when there were more candidates than are looked at for one page."""
    (looked,) = await Message.raw(LOOKED_AT, search.looked_at())
    return search.filters.link(after=str(looked["last"])) if looked["many"] == CANDIDATES else None


def found_row(asked: Asked, row: dict[str, Any]) -> Found:
    term = SimpleNamespace(**row) if row["kind"] else None
    whole = asked.person.role == Role.EXECUTOR  # whoever goes there needs the flat, the others open it (§4.1)
    named = {name: row[name] for name in Found.__dataclass_fields__ if name not in ("title", "clock", "address")}
    return Found(
        title=covered(row["text"], row["names"]),
        address=row["address"] if whole else public_place(row["address"]),
        clock=clock(term, asked.book.calendar, at=asked.at, language=asked.language) if term else None,
        **named,
    )


async def choices() -> Choices:
    rows = await Topic.raw(CHOICES)
    topics = groupby((row for row in rows if row["of"] == "topic"), key=lambda row: row["group"])
    return Choices(
        [(name, [(row["id"], row["name"]) for row in members]) for name, members in topics],
        [(row["id"], row["name"]) for row in rows if row["of"] == "organisation"],
        {(row["of"], str(row["id"])): row["name"] for row in rows},
    )


async def views(asked: Asked, current: Filters) -> list[View]:
    """Those of this person, each with how much it finds now; nobody else's, whoever they stand in for."""
    kept = await views_of(asked.person)
    filters = [Filters.read(view.query, asked.person) for view in kept]
    counts = await counted(asked, filters)
    return [
        View(view.id, view.name, each.link(), shown(count), each.query == current.query)
        for view, each, count in zip(kept, filters, counts, strict=True)
    ]


async def counted(asked: Asked, filters: Sequence[Filters]) -> list[int]:
    """How much each finds, in one statement, each stopping where nobody counts further."""
    if not filters:
        return []
    columns = ", ".join(f"(SELECT count(*) FROM ({{}}) found) AS n{place}" for place in range(len(filters)))
    found = [search_of(asked, each).found(COUNTED + 1).querystrings[0] for each in filters]
    (row,) = await Message.raw("SELECT " + columns, *found)
    return [row[f"n{place}"] for place in range(len(filters))]


def shown(count: int) -> str:
    return f"{COUNTED}+" if count > COUNTED else str(count)


async def page(asked: Asked, filters: Filters) -> dict[str, Any]:
    """Everything on the page; at most seven statements."""
    return {
        "filters": filters,
        "found": await results(asked, filters),
        "choices": await choices(),
        "views": await views(asked, filters),
        "desk": desk_of(asked.person),
        "name": "",
        "may_ask_author": asked.person.role in SEE_AUTHORS,
        "may_decide": asked.person.role == Role.MODERATOR,
    }


def desk_of(person: Person) -> str:
    """Where this person opens a message that was found."""
    return DESKS.get(Role(person.role), "/control")
