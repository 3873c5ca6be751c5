"""The protocol of a closed sitting (§4.4, R27): a tagged PDF, written by a worker and kept like every other file.

Not in the request that closes the sitting: the closing is one short transaction, and a worker that dies over the
file writes it again. The same sitting gives the same bytes, so writing it twice is no harm.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import typst
from babel.dates import format_date

from domain.model import Event, Sitting
from domain.publicity import public_place
from domain.wording import LANGUAGES, N_, translations
from domain.workdays import in_town
from workers import storage
from workers.mail.reading import told
from workers.settings import Settings

TEMPLATE = Path(__file__).with_name("protocol.typ")
LANGUAGE = LANGUAGES[0]  # an official paper of the town, whoever opens it
WORDS = {
    "present": N_("Members present"),
    "nobody": N_("No member is noted as present."),
    "member": N_("Member of the commission"),
    "position": N_("Position"),
    "side": N_("Represents"),
    "agenda": N_("Agenda"),
    "brought": N_("Came to the commission"),
    "file": N_("SHA-256 of the case file"),
    "proposed": N_("Proposed"),
    "vote": N_("Vote"),
    "decided": N_("Decided"),
    "put_off": N_("No decision was made: the case stays in the queue of the commission."),
    "closed": N_("End of the sitting"),
}
SIDES = {"operator": N_("the operator"), "coordinator": N_("the coordinator")}
CHOICES = {"for": N_("for"), "against": N_("against"), "abstained": N_("abstained")}
QUORUM = {True: N_("There is a quorum."), False: N_("There is no quorum.")}
RESULTS = {"adopted": N_("Adopted"), "rejected": N_("Not adopted"), None: N_("Not voted on")}

FACTS = """
SELECT s.number, s.held_on, s.closed_at, cl.name AS closed_by,
  (SELECT coalesce(json_agg(x ORDER BY x.side, x.name), '[]') FROM (
      SELECT p.name, p.position, pr.side FROM presence pr JOIN person p ON p.id = pr.person
      WHERE pr.sitting = s.id) x)::text AS present,
  (SELECT coalesce(json_agg(x ORDER BY x.position), '[]') FROM (
      SELECT i.position, i.state, m.number, tp.name AS topic, m.address, f.frozen_at, f.hash,
        (SELECT coalesce(json_agg(y ORDER BY y.id), '[]') FROM (
            SELECT pp.id, pp.kind_name AS kind, pp.text, pp.due_on, pp.outcome, e.name AS executor,
              (SELECT coalesce(json_agg(json_build_object('name', vp.name, 'choice', v.choice) ORDER BY vp.name), '[]')
               FROM vote v JOIN person vp ON vp.id = v.person WHERE v.proposal = pp.id) AS votes
            FROM proposal pp LEFT JOIN person e ON e.id = pp.executor WHERE pp.item = i.id) y) AS proposals
      FROM agenda_item i JOIN case_file f ON f.id = i.case_file JOIN message m ON m.id = i.message
      JOIN topic tp ON tp.id = m.topic WHERE i.sitting = s.id) x)::text AS cases
FROM sitting s JOIN person cl ON cl.id = s.changed_by WHERE s.id = {}
"""


@dataclass(frozen=True)
class Closing:
    """What the event of the closing says of the quorum, as it was counted then."""

    members: int
    quorum: bool


async def write_protocol(event: Event) -> None:
    """Reaction to the closing of a sitting, once for each case of its agenda: the first of them writes the file."""
    sitting = await Sitting.objects().get(Sitting.id == told(event)["sitting"])
    if sitting is None or sitting.protocol:
        return
    facts = await facts_of(sitting.id, Closing(told(event)["members"], told(event)["quorum"]))
    kept = await storage.keep(await asyncio.to_thread(compiled, facts))
    await Sitting.update({Sitting.protocol: kept.hash}).where(Sitting.id == sitting.id)


def compiled(facts: dict[str, Any]) -> bytes:
    """PDF/UA: tagged, with title and language; only the letters that Typst brings along, so it looks alike anywhere."""
    source = {"it": json.dumps(facts, ensure_ascii=False)}
    made = typst.compile(
        str(TEMPLATE), format="pdf", sys_inputs=source, ignore_system_fonts=True, pdf_standards=["ua-1"]
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file, whatever the number of its pages")
    return made


async def facts_of(sitting: int, closing: Closing) -> dict[str, Any]:
    (row,) = await Sitting.raw(FACTS, sitting)
    words = translations(LANGUAGE)
    present, cases = json.loads(row["present"]), json.loads(row["cases"])
    title = words.gettext("Protocol № %(number)s of the sitting of the commission")
    closed = words.gettext("The sitting was closed by %(who)s on %(moment)s.")
    return {
        "title": title % {"number": row["number"]},
        "commission": words.gettext("Commission on messages of citizens"),
        "town": Settings.from_env().town_name,
        "held_on": day(row["held_on"]),
        "words": {name: words.gettext(word) for name, word in WORDS.items()},
        "present": [{**each, "side": said_in(words, SIDES, each["side"])} for each in present],
        "quorum": quorum_in_words(len(present), closing, words),
        "cases": [case_in_words(each, words) for each in cases],
        "closed": closed % {"who": row["closed_by"], "moment": moment(row["closed_at"])},
    }


def quorum_in_words(present: int, closing: Closing, words: NullTranslations) -> str:
    there = words.gettext("Present: %(present)s of %(members)s.") % {"present": present, "members": closing.members}
    reached = words.gettext(QUORUM[closing.quorum])
    return f"{there} {reached}"


def case_in_words(case: dict[str, Any], words: NullTranslations) -> dict[str, Any]:
    proposals = [proposal_in_words(each, words) for each in case["proposals"]]
    adopted = next((each["kind"] for each in case["proposals"] if each["outcome"] == "adopted"), None)
    return {
        "label": words.gettext("Message № %(number)s") % {"number": case["number"]},
        "topic": case["topic"],
        "place": public_place(case["address"]),
        "brought": moment(datetime.fromisoformat(case["frozen_at"])),
        "hash": case["hash"],
        "proposals": proposals,
        "decision": adopted,
    }


def proposal_in_words(proposal: dict[str, Any], words: NullTranslations) -> dict[str, Any]:
    instruction = None
    if proposal["executor"]:
        values = {"executor": proposal["executor"], "day": day(date.fromisoformat(proposal["due_on"]))}
        instruction = words.gettext("Executor: %(executor)s, by %(day)s.") % values
    votes = [{"name": each["name"], "choice": said_in(words, CHOICES, each["choice"])} for each in proposal["votes"]]
    return {
        "kind": proposal["kind"],
        "text": proposal["text"],
        "instruction": instruction,
        "votes": votes,
        "result": said_in(words, RESULTS, proposal["outcome"]),
    }


def said_in(words: NullTranslations, labels: Mapping[Any, str], key: str | None) -> str:
    label = labels[key]
    return words.gettext(label)


def day(value: date) -> str:
    return format_date(value, "d MMMM y", locale=LANGUAGE)


def moment(value: datetime) -> str:
    local = in_town(value)
    return f"{day(local.date())}, {local:%H:%M}"
