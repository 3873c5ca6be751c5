"""How the town answers, in true numbers (§5): of the last ninety days, from the clocks and the ratings themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.model import Category, Term
from domain.wording import translations

SPAN = timedelta(days=90)
QUERY = """
WITH answers AS (
    SELECT met_at < runs_out_at AS in_time, extract(epoch FROM met_at - opened_at) / 86400 AS days
    FROM term WHERE kind = 'answer' AND met_at >= {}
), ratings AS (SELECT choice FROM rating WHERE at >= {})
SELECT (SELECT count(*) FROM answers) AS answers, (SELECT count(*) FROM answers WHERE in_time) AS in_time,
       (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM answers) AS days,
       (SELECT count(*) FROM ratings) AS ratings, (SELECT count(*) FROM ratings WHERE choice = 'solved') AS solved,
       (SELECT count(*) FROM message WHERE status IN ('registered', 'handed_back', 'in_work', 'in_review', 'sent_back',
        'rework', 'follow_up', 'commission')) AS open
"""
OPEN = """
SELECT c.code, c.name, c.icon, coalesce(n.count, 0) AS count FROM category c LEFT JOIN (
    SELECT tp.category, count(*) FROM message m JOIN topic tp ON tp.id = m.topic WHERE m.published_at IS NOT NULL
    AND NOT tp.closed AND m.status IN ('registered', 'handed_back', 'in_work', 'in_review', 'sent_back', 'rework',
    'follow_up', 'commission') GROUP BY tp.category) n ON n.category = c.id
ORDER BY c.position, c.id
"""


@dataclass(frozen=True)
class Stat:
    name: str
    value: str
    unit: str | None = None


@dataclass(frozen=True)
class CategoryLine:
    """`count` messages of it are published and open."""

    code: str
    name: str
    icon: str
    count: int


async def stats(*, at: datetime, language: str) -> list[Stat]:
    (row,) = await Term.raw(QUERY, at - SPAN, at - SPAN)
    words = translations(language)
    lines = []
    if row["answers"]:
        lines.append(Stat(words.gettext("answers in time, in 90 days"), share(row["in_time"], row["answers"]), "%"))
        days = max(1, round(row["days"]))
        unit = words.ngettext("day", "days", days)
        lines.append(Stat(words.gettext("is enough for half of the answers"), str(days), unit))
    if row["open"]:
        lines.append(Stat(words.gettext("messages in work now"), str(row["open"])))
    if row["ratings"]:
        lines.append(Stat(words.gettext("authors confirmed: solved"), share(row["solved"], row["ratings"]), "%"))
    return lines


def share(part: int, whole: int) -> str:
    return str(100 * part // whole)


async def categories() -> list[CategoryLine]:
    rows: list[dict[str, Any]] = await Category.raw(OPEN)
    return [CategoryLine(**row) for row in rows]
