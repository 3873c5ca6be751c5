"""One sitting of the commission as its secretary keeps it (§4.4, R27): members, quorum, agenda, proposals and votes."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.model import DecisionKind, Sitting
from domain.publicity import public_place
from domain.quorum import Quorum
from domain.rulebook import rulebook
from domain.sittings import Seat, present, quorum, roster
from portal.desk import commission
from portal.desk.directory import directory
from portal.desk.headlines import covered
from portal.desk.hints import NAMES

AGENDA = f"""
SELECT i.id, i.state, i.case_file AS file, m.id AS message, m.number, left(m.text, 200) AS text,
       {NAMES.format(message="m.id")} AS names, m.address,
       tp.name AS topic,
  (SELECT coalesce(json_agg(x ORDER BY x.id), '[]') FROM (
      SELECT p.id, p.kind_name AS kind, p.effect, p.text, p.due_on, p.outcome, e.name AS executor,
        (SELECT coalesce(json_agg(json_build_object('name', vp.name, 'choice', v.choice) ORDER BY vp.name), '[]')
         FROM vote v JOIN person vp ON vp.id = v.person WHERE v.proposal = p.id) AS votes
      FROM proposal p LEFT JOIN person e ON e.id = p.executor WHERE p.item = i.id) x)::text AS proposals
FROM agenda_item i JOIN message m ON m.id = i.message JOIN topic tp ON tp.id = m.topic
WHERE i.sitting = {{}} ORDER BY i.position
"""


@dataclass(frozen=True)
class ProposalView:
    id: int
    kind: str
    effect: str
    text: str
    due_on: date | None
    executor: str | None
    outcome: str | None
    votes: list[dict[str, str]]


@dataclass(frozen=True)
class Item:
    """A case of the agenda with what was proposed on it."""

    id: int
    state: str
    file: int
    message: int
    number: str | None
    title: str
    address: str
    topic: str
    proposals: list[ProposalView]


@dataclass(frozen=True)
class Sheet:
    """The sitting as it lies on the table; `may_begin` from its day on."""

    sitting: Sitting
    seats: list[Seat]
    present: list[dict[str, Any]]
    quorum: Quorum
    items: list[Item]
    kinds: list[tuple[int, str]]
    executors: list[tuple[str, list[tuple[int, str]]]]
    may_begin: bool

    @property
    def there(self) -> set[int]:
        return {each["person"] for each in self.present}

    def proposed_on(self, item: str) -> str:
        """The words that were proposed last on a case of the agenda."""
        said = [each.text for case in self.items if str(case.id) == item for each in case.proposals]
        return said[-1] if said else ""

    @property
    def waiting(self) -> list[tuple[int, str]]:
        """What can still be proposed on."""
        open_items = (item for item in self.items if item.state == "waiting")
        return [(item.id, f"№\N{NO-BREAK SPACE}{item.number}, {item.title}") for item in open_items]


async def sheet(sitting: Sitting, *, today: date) -> Sheet:
    seats = await roster(sitting.held_on)
    there = await present(sitting)
    limits = (await rulebook()).limits
    chosen = DecisionKind.select(DecisionKind.id, DecisionKind.name).where(DecisionKind.active.eq(True))
    kinds = await chosen.order_by(DecisionKind.position, DecisionKind.id)
    return Sheet(
        sitting=sitting,
        seats=seats,
        present=there,
        quorum=quorum([each["side"] for each in there], len(seats), limits),
        items=[item(row) for row in await Sitting.raw(AGENDA, sitting.id)],
        kinds=[(row["id"], row["name"]) for row in kinds],
        executors=(await directory(today)).executors_by_department,
        may_begin=sitting.held_on <= today,
    )


def item(row: dict[str, Any]) -> Item:
    proposals = [proposal(each) for each in json.loads(row.pop("proposals"))]
    title, place = covered(row.pop("text"), row.pop("names")), public_place(row.pop("address"))
    return Item(title=title, address=place, proposals=proposals, **row)


def proposal(row: dict[str, Any]) -> ProposalView:
    due_on = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    return ProposalView(**{**row, "due_on": due_on})


async def page_of(sitting: Sitting, *, today: date) -> dict[str, Any]:
    return {"sheet": await sheet(sitting, today=today), "side": await commission.side()}
