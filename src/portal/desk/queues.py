"""The queues of a desk: which messages stand in each, by which clock they are ordered, and how many there are (R31)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from domain.leasing import Holder
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
SINCE_EVER = datetime(1, 1, 2, tzinfo=UTC)
AFTER = re.compile(r"([0-9]{1,11})_([0-9]{1,18})(?:_([01]))?")  # twelve digits may be a year that Python cannot hold
ANSWERING = ANSWERS


@dataclass(frozen=True)
class Queue:
    """`kinds` are the terms that order it; a queue without them shows the newest first. `also` narrows the statuses.

    `whole` tells that nearly every open term of these kinds stands in this queue, so its page is found by walking
    along the terms; otherwise its few messages are found first. `owed` tells that of an executor's queue the terms are
    theirs and not the messages: the parts that they do for another. `offered` are those of another that they may take.
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
    offered: bool = False

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
    """One page of a queue; `older` and `after` are keys, so that a row is never shown twice or skipped.

    `held` tells who has which of the messages open; none where a desk does not tell.
    `days` tell of the whole queue by the names of its groups, where somebody has counted it.
    """

    queue: Queue
    groups: list[Group]
    after: str
    older: str
    held: Mapping[int, Holder] | None = None
    days: Sequence[Any] = ()

    @property
    def ids(self) -> list[int]:
        return [row.id for group in self.groups for row in group.rows]

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
# Each author of a case may rate its answer; the case stands in its queue once, and until the last of them.
LAST_VOICE = f"""
CROSS JOIN LATERAL (SELECT m.id AS message, {TERM} FROM message v JOIN term t ON t.message = v.id
    WHERE (v.id = m.id OR v.joined_to = m.id) AND t.kind = 'rating' AND {OPEN} ORDER BY t.runs_out_at DESC LIMIT 1) t
"""
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
    queue: Queue,
    book: Rulebook,
    *,
    at: datetime,
    language: str,
    executors: Sequence[int] = (),
    after: str = "",
    label: Callable[[Row], str] | None = None,
) -> Listing:
    """A page of the queue, its rows grouped by `label`; executors go to the place, and need the flat (§4.1)."""
    found = await (by_clock if queue.kinds else by_age)(queue, list(executors), after)
    rows = [row_of(each, book, at=at, language=language, whole=bool(executors)) for each in found[:ROWS]]
    older = key_of(found[ROWS - 1], queue) if len(found) > ROWS else ""
    return Listing(queue, grouped(rows, label or by_day(in_town(at).date()), language=language), after, older)


# Of an executor's cases that are due on one day those come first that came back to them.
BEHIND = "CASE WHEN m.status IN ('rework', 'sent_back') THEN 0 ELSE 1 END"


async def by_clock(queue: Queue, executors: list[int], after: str) -> list[dict[str, Any]]:
    since, id, behind = (
        (0, 0, 0) if (key := AFTER.fullmatch(after)) is None else (int(each or 0) for each in key.groups())
    )
    moment = datetime.fromtimestamp(since, UTC) if since else SINCE_EVER
    # A queue of all is walked along its index, which knows nothing of this order.
    order = f"t.runs_out_at, {BEHIND}, t.message" if executors else "t.runs_out_at, t.message"
    place = (moment, behind, id) if executors else (moment, id)
    page = (
        f"SELECT {MESSAGE}, {TERM}, {BEHIND} AS behind {along_the_terms(queue)} {whose(queue) if executors else ''} "
        f"AND ({order}) > ({', '.join(['{}'] * len(place))}) ORDER BY {order} LIMIT {ROWS + 1}"
    )
    query = ROWS_OF.format(page=page, order=f"page.runs_out_at, {'page.behind, ' if executors else ''}page.id")
    return await Message.raw(query, *([executors] if executors else []), *place)


OFFERED = f"m.id IN (SELECT h.message FROM hand_over h WHERE h.taker = {ANY_OF} AND h.settled_at IS NULL)"


def source(queue: Queue) -> str:
    if queue.kinds == (Owed.RATING,):
        return f"message m {LAST_VOICE}"
    if queue.whole:
        # A planner that has to guess takes all rows of a long queue to sort them; OFFSET 0 keeps it on the way along.
        return "term t CROSS JOIN LATERAL (SELECT * FROM message WHERE id = t.message OFFSET 0) m"
    return "term t JOIN message m ON m.id = t.message"


def along_the_terms(queue: Queue) -> str:
    return f"FROM {source(queue)} WHERE {queue.where} AND {pressing(queue)}"


def whose(queue: Queue) -> str:
    if queue.offered:
        return f"AND {OFFERED}"
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
    if not queue.kinds:
        return str(last["id"])
    return f"{int(last['runs_out_at'].timestamp())}_{last['id']}_{last['behind']}"


LATE, TODAY, LATER, NO_CLOCK = N_("Overdue"), N_("Today"), N_("Later"), N_("Newest first")


def by_day(today: date) -> Callable[[Row], str]:
    """By the clock: what is late, for today and for later."""

    def label(row: Row) -> str:
        if row.clock is None:
            return NO_CLOCK
        return LATE if row.clock.late else TODAY if row.clock.due_on == today else LATER

    return label


def grouped(rows: list[Row], label: Callable[[Row], str], *, language: str) -> list[Group]:
    """As they came, with a line where each group begins."""
    words = translations(language)
    return [Group(words.gettext(name), list(members)) for name, members in groupby(rows, key=label)]
