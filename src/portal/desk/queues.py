"""The queues of a desk: which messages stand in each, by which clock they are ordered, and how many there are (R31)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from domain.model import Message
from domain.moves import Status
from domain.publicity import public_place
from domain.rulebook import Rulebook
from domain.terms import ANSWERS, Owed
from domain.wording import N_, translations
from domain.workdays import in_town
from portal.clocks import ClockView, clock
from portal.desk.headlines import covered
from portal.desk.hints import NAMES

ROWS = 40
COUNTED = 100  # more than this nobody counts: the page says "99+"
SINCE_EVER = datetime(1, 1, 2, tzinfo=UTC)
AFTER = re.compile(r"([0-9]{1,11})_([0-9]{1,18})")  # twelve digits may be a year that Python cannot hold
ANSWERING = ANSWERS


@dataclass(frozen=True)
class Queue:
    """`kinds` are the terms that order it; a queue without them shows the newest first. `also` narrows the statuses.

    `whole` tells that nearly every open term of these kinds stands in this queue, so its page is found by walking
    along the terms; otherwise its few messages are found first. `owed` tells that of an executor's queue the terms are
    theirs and not the messages: the parts that they do for another.
    """

    name: str
    label: str
    icon: str
    statuses: tuple[Status, ...]
    kinds: tuple[Owed, ...] = ()
    tone: str = ""
    also: str = ""
    whole: bool = False
    owed: bool = False

    @property
    def where(self) -> str:
        # Written out, not passed: only so can the planner see that the partial index of open messages applies.
        statuses = ", ".join(f"'{status}'" for status in self.statuses)
        return f"m.status IN ({statuses})" + (f" AND {self.also}" if self.also else "")

    @property
    def search(self) -> str:
        """The search that begins with the statuses of this queue, to be narrowed further."""
        return "/search?" + urlencode([("status", status) for status in self.statuses])


@dataclass(frozen=True)
class Row:
    id: int
    number: str | None
    status: str
    title: str
    address: str
    topic: str
    category: str
    icon: str
    sent_at: datetime
    photos: int
    reworks: int
    executor: str | None
    clock: ClockView | None


@dataclass(frozen=True)
class Group:
    label: str
    rows: list[Row]


@dataclass(frozen=True)
class Listing:
    """One page of a queue; `older` and `after` are keys, so that a row is never shown twice or skipped."""

    queue: Queue
    groups: list[Group]
    after: str
    older: str

    @property
    def first(self) -> int | None:
        return self.groups[0].rows[0].id if self.groups else None


def find(queues: Sequence[Queue], name: str) -> Queue:
    """The queue of this name; an unknown name is the first one, as somebody has mistyped an address."""
    return next((queue for queue in queues if queue.name == name), queues[0])


ANY_OF = "ANY({}::bigint[])"  # an executor, and whoever is away and has them as deputy
MESSAGE = "m.id, m.number, m.status, m.reworks, m.text, m.address, m.sent_at, m.topic, m.executor"
TERM = "t.kind, t.opened_at, t.workdays, t.due_on, t.runs_out_at, t.met_at, t.void_at, t.provisional"
OPEN = "t.met_at IS NULL AND t.void_at IS NULL"
# The page is cut off first: what is looked up for a row is looked up for the rows of one page only.
ROWS_OF = f"""
SELECT page.*, left(page.text, 300) AS text, {NAMES.format(message="page.id")} AS names,
       tp.name AS topic, c.name AS category, c.icon, p.name AS executor,
       (SELECT count(*) FROM attachment a
        WHERE a.message = page.id AND a.answer IS NULL AND a.rating IS NULL) AS photos
FROM ({{page}}) page JOIN topic tp ON tp.id = page.topic JOIN category c ON c.id = tp.category
LEFT JOIN person p ON p.id = page.executor ORDER BY {{order}}
"""


async def listing(
    queue: Queue, book: Rulebook, *, at: datetime, language: str, executors: Sequence[int] = (), after: str = ""
) -> Listing:
    found = await (by_clock if queue.kinds else by_age)(queue, list(executors), after)
    goes_there = bool(executors)  # and needs the flat; the others open it (§4.1)
    rows = [row_of(each, book, at=at, language=language, whole=goes_there) for each in found[:ROWS]]
    older = key_of(found[ROWS - 1], queue) if len(found) > ROWS else ""
    return Listing(queue, grouped(rows, at=at, language=language), after, older)


async def by_clock(queue: Queue, executors: list[int], after: str) -> list[dict[str, Any]]:
    since, id = (0, 0) if (key := AFTER.fullmatch(after)) is None else (int(key[1]), int(key[2]))
    moment = datetime.fromtimestamp(since, UTC) if since else SINCE_EVER
    # A planner that has to guess takes all rows of a long queue to sort them; OFFSET 0 keeps it on the way along.
    joined = "CROSS JOIN LATERAL (SELECT * FROM message WHERE id = t.message OFFSET 0) m"
    page = (
        f"SELECT {MESSAGE}, {TERM} FROM term t {joined if queue.whole else 'JOIN message m ON m.id = t.message'} "
        f"WHERE {queue.where} AND {pressing(queue)} {whose(queue) if executors else ''} "
        f"AND (t.runs_out_at, t.message) > ({{}}, {{}}) ORDER BY t.runs_out_at, t.message LIMIT {ROWS + 1}"
    )
    query = ROWS_OF.format(page=page, order="page.runs_out_at, page.id")
    return await Message.raw(query, *([executors] if executors else []), moment, id)


def whose(queue: Queue) -> str:
    return f"AND t.owed_by = {ANY_OF}" if queue.owed else f"AND m.executor = {ANY_OF}"


def pressing(queue: Queue) -> str:
    """Of a message that waits to be accepted the acceptance presses, although its answer is owed as well."""
    kinds = ", ".join(f"'{kind}'" for kind in queue.kinds)
    mixed = Owed.ACCEPTANCE in queue.kinds and len(queue.kinds) > 1
    return f"{OPEN} AND t.kind IN ({kinds})" + (
        " AND (m.status = 'registered') = (t.kind = 'acceptance')" if mixed else ""
    )


async def by_age(queue: Queue, executors: list[int], after: str) -> list[dict[str, Any]]:
    before = int(after) if re.fullmatch(r"[0-9]{1,18}", after) else 2**62
    page = (
        f"SELECT {MESSAGE} FROM message m WHERE {queue.where} {whose(queue) if executors else ''} "
        f"AND m.id < {{}} ORDER BY m.id DESC LIMIT {ROWS + 1}"
    )
    query = ROWS_OF.format(page=page, order="page.id DESC")
    return await Message.raw(query, *([executors] if executors else []), before)


FOUND = [name for name in Row.__dataclass_fields__ if name not in ("title", "address", "clock")]


def row_of(found: dict[str, Any], book: Rulebook, *, at: datetime, language: str, whole: bool) -> Row:
    term = SimpleNamespace(**found) if found.get("kind") else None
    return Row(
        title=covered(found["text"], found["names"]),
        address=found["address"] if whole else public_place(found["address"]),
        clock=clock(term, book.calendar, at=at, language=language) if term else None,
        **{name: found[name] for name in FOUND},
    )


def key_of(last: dict[str, Any], queue: Queue) -> str:
    """Terms end at midnight, so whole seconds tell them apart exactly."""
    return f"{int(last['runs_out_at'].timestamp())}_{last['id']}" if queue.kinds else str(last["id"])


LATE, TODAY, LATER, NO_CLOCK = N_("Overdue"), N_("Today"), N_("Later"), N_("Newest first")


def grouped(rows: list[Row], *, at: datetime, language: str) -> list[Group]:
    """As they came, by the clock, with a line where what is late, for today and for later begins."""
    today = in_town(at).date()
    words = translations(language)

    def label(row: Row) -> str:
        if row.clock is None:
            return NO_CLOCK
        return LATE if row.clock.late else TODAY if row.clock.due_on == today else LATER

    return [Group(words.gettext(name), list(members)) for name, members in groupby(rows, key=label)]


def counting(queues: Sequence[Queue], mine: str = "") -> str:
    """The counters of all queues as columns of one statement, each stopping at a hundred."""
    owed = "AND m.id IN (SELECT t.message FROM term t WHERE {pressing} AND t.owed_by = {any_of})"
    return ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM message m WHERE {queue.where} "
        f"{owed.format(pressing=pressing(queue), any_of=ANY_OF) if queue.owed else mine} LIMIT {COUNTED}) counted)"
        f" AS {queue.name}"
        for queue in queues
    )


def shown(count: int) -> str:
    return f"{COUNTED - 1}+" if count >= COUNTED else str(count)
