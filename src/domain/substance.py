"""An answer on the substance (§4.3, R17): an outcome, the text that the outcome needs, and the date that a plan has."""

from datetime import date
from typing import Any

from domain.errors import Sentence, say
from domain.wording import N_

OUTCOMES = {"solved": N_("Solved"), "planned": N_("Planned"), "impossible": N_("Cannot be solved")}
TEXT_AT_MOST = 6000
CHOOSE = N_("Choose the outcome (clause 4.3).")
WRITE = N_("Write the answer first (clause 4.3).")
TEXT_NEEDED = {
    "solved": N_("Say what was done (clause 4.3)."),
    "planned": N_("Say which measures are planned (clause 4.3)."),
    "impossible": N_("Give the reason why it cannot be solved (clause 4.3)."),
}


def substance(answer: Any, *, today: date) -> dict[str, Sentence]:
    """What the answer lacks to be on the substance (R17), and the date that a promise needs (R18)."""
    errors: dict[str, Sentence] = {}
    if not answer.outcome:
        errors["outcome"] = say(CHOOSE)
    if not answer.text.strip():
        errors["text"] = say(TEXT_NEEDED.get(answer.outcome or "", WRITE))
    planned_on = answer.planned_on
    if answer.outcome == "planned" and (planned_on is None or planned_on <= today):
        errors["planned_on"] = say("A planned answer names the exact date, later than today (clause 4.2).")
    return errors


def no_outcome(outcome: str | None) -> dict[str, Sentence]:
    """A draft may lack the outcome, and has no other than these."""
    return {} if outcome is None or outcome in OUTCOMES else {"outcome": say(CHOOSE)}
