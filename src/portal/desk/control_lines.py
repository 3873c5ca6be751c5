"""The rows of the controller's board (R32): how many terms press, split as asked, and the cases page by page."""

from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from types import SimpleNamespace
from typing import Any

from domain.controlling import OF_CASES
from domain.model import Term
from domain.publicity import public_place
from domain.rulebook import Rulebook
from domain.terms import Owed
from domain.wording import N_, translations
from portal.clocks import LABELS, ClockView, clock
from portal.desk import hints
from portal.desk.control_filters import COLUMNS, NOBODY, Filters, Span
from portal.desk.headlines import covered

ROWS = 50
DUTIES = "t.kind IN ('registration','decision','acceptance','answer','rework','follow_up','instruction')"
UNMET = f"t.met_at IS NULL AND t.void_at IS NULL AND {DUTIES}"
# Looked up row by row on purpose (OFFSET 0): of five thousand open terms the planner would else read every message.
AROUND = """
CROSS JOIN LATERAL (SELECT * FROM message WHERE id = t.message OFFSET 0) m
LEFT JOIN LATERAL (SELECT name, organisation FROM person WHERE id = t.owed_by OFFSET 0) p ON true
"""
COUNTS = """
count(*) FILTER (WHERE runs_out_at <= {}) AS late,
count(*) FILTER (WHERE runs_out_at > {} AND runs_out_at <= {}) AS today,
count(*) FILTER (WHERE runs_out_at > {}) AS tomorrow
"""
NAMED = {
    "organisation": "LEFT JOIN organisation n ON n.id = split.key",
    "topic": "LEFT JOIN topic n ON n.id = split.key",
    "executor": "LEFT JOIN LATERAL (SELECT name FROM person WHERE id = split.key OFFSET 0) n ON true",
    "kind": "CROSS JOIN (SELECT NULL AS name) n",
}
# Everything that presses is gathered once, and counted as a whole and by one of its sides.
PRESSING = f"""
WITH pressing AS MATERIALIZED (
    SELECT t.runs_out_at, {{column}} AS key FROM term t {AROUND}
    WHERE {UNMET} AND t.runs_out_at <= {{{{}}}} AND {{conditions}}
), split AS (SELECT key, {COUNTS.replace("{}", "{{}}")} FROM pressing GROUP BY key)
SELECT split.key::text, n.{{name}} AS name, late, today, tomorrow FROM split {{named}}
ORDER BY late DESC, today DESC, tomorrow DESC, 2, 1
"""
LINES = f"""
SELECT t.id AS term, t.kind, t.opened_at, t.workdays, t.due_on, t.runs_out_at, t.met_at, t.void_at, t.provisional,
       m.id, m.number, left(m.text, 300) AS text, {hints.NAMES.format(message="m.id")} AS names,
       m.address, m.status, m.reworks, p.name AS executor,
       o.short_name AS organisation, tp.name AS topic, c.name AS category, r.asked_at, r.answered_at, r.answer
FROM term t {AROUND} JOIN topic tp ON tp.id = m.topic JOIN category c ON c.id = tp.category
LEFT JOIN organisation o ON o.id = p.organisation
LEFT JOIN LATERAL (SELECT asked_at, answered_at, answer FROM reason_request WHERE message = m.id
                   ORDER BY id DESC LIMIT 1) r ON true
WHERE {{which}} AND t.runs_out_at > {{{{}}}} AND t.runs_out_at <= {{{{}}}} AND {{conditions}}
AND (t.runs_out_at, t.id) > ({{{{}}}}, {{{{}}}}) ORDER BY t.runs_out_at, t.id LIMIT {{limit}}
"""
# Of what is joined to another case nothing is late: the question rests, and waits again when it is taken out.
RESTS = "m.status = 'joined'"
ASKED = f"t.id IN (SELECT term FROM reason_request WHERE answered_at IS NULL) AND NOT {RESTS}"
WAITING = f"""
SELECT count(*) AS asked FROM reason_request r
CROSS JOIN LATERAL (SELECT status FROM message WHERE id = r.message OFFSET 0) m
WHERE r.answered_at IS NULL AND NOT {RESTS}
"""
MODERATORS = N_("Moderators")


@dataclass(frozen=True)
class Line:
    """One term, with the case that it belongs to, and why it is late if that was asked."""

    term: int
    id: int
    number: str | None
    title: str
    address: str
    topic: str
    category: str
    status: str
    reworks: int
    organisation: str | None
    executor: str | None
    opened_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    clock: ClockView


@dataclass(frozen=True)
class Part:
    """A line of the split: an organisation, a topic, a person or a stage with what presses there."""

    key: str
    name: str
    late: int
    today: int
    tomorrow: int


@dataclass(frozen=True)
class Pressing:
    parts: list[Part]

    def all(self, when: str) -> int:
        return sum(getattr(part, when) for part in self.parts)


async def pressing(filters: Filters, span: Span, *, language: str) -> Pressing:
    conditions, values = filters.conditions()
    query = PRESSING.format(
        column=COLUMNS.get(filters.by, "t.kind"),
        conditions=conditions,
        named=NAMED[filters.by],
        name="short_name" if filters.by == "organisation" else "name",
    )
    moments = (span.now, span.now, span.tonight, span.tonight)
    rows = await Term.raw(query, span.tomorrow, *values, *moments)
    words = translations(language)
    return Pressing([Part(**{**row, "key": row["key"] or NOBODY, "name": name_of(row, words)}) for row in rows])


def name_of(row: dict[str, Any], words: NullTranslations) -> str:
    label = LABELS[Owed(row["key"])] if row["key"] in OF_CASES else MODERATORS
    return row["name"] or words.gettext(label)


async def lines(
    filters: Filters, span: Span, book: Rulebook, *, language: str, limit: int = ROWS
) -> tuple[list[Line], str]:
    """One page, and the key of the next one; empty when this is the last."""
    conditions, values = filters.conditions()
    which = ASKED if filters.when == "asked" else UNMET
    query = LINES.format(which=which, conditions=conditions, limit=limit + 1)
    found = await Term.raw(query, *span.bounds(filters.when), *values, *filters.key())
    rows = [line(row, book, at=span.now, language=language) for row in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    # Terms end at midnight, so whole seconds tell them apart exactly.
    return rows, f"{int(last['runs_out_at'].timestamp())}_{last['term']}" if last else ""


def line(row: dict[str, Any], book: Rulebook, *, at: datetime, language: str) -> Line:
    named = {name: row[name] for name in Line.__dataclass_fields__ if name not in ("title", "address", "clock")}
    view = clock(SimpleNamespace(**row), book.calendar, at=at, language=language)
    return Line(title=covered(row["text"], row["names"]), address=public_place(row["address"]), clock=view, **named)


async def reasons_waited_for() -> int:
    (row,) = await Term.raw(WAITING)
    return int(row["asked"])


NAMES = """
SELECT (SELECT short_name FROM organisation WHERE id = {}) AS organisation,
       (SELECT name FROM topic WHERE id = {}) AS topic, (SELECT name FROM person WHERE id = {}) AS executor
"""


async def chosen(filters: Filters, *, language: str) -> list[tuple[str, str]]:
    """The filters that are set, by their names, as people read them."""
    words = translations(language)
    ids = [int(getattr(filters, name)) if getattr(filters, name).isdigit() else None for name in COLUMNS]
    (names,) = await Term.raw(NAMES, *ids) if any(ids) else [dict.fromkeys(COLUMNS)]
    named = {**names, "kind": words.gettext(LABELS[Owed(filters.kind)]) if filters.kind else None}
    return [(name, named[name] or words.gettext(MODERATORS)) for name in filters.narrowed]


def late_days(view: ClockView) -> int:
    return max(0, -view.left) if view.late else 0
