"""A case on its way from one executor of a department to another (§4.1): to whom it can go, and what is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.handing_over import COLLEAGUES, asked_of
from domain.model import HandOver, Message, Person
from domain.moves import OFFERABLE, acting
from domain.workdays import in_town
from portal.desk.asking import Asked, Attempt
from portal.forms import Typed

OFFER = """
SELECT h.taker, t.name AS to, g.name AS giver, h.words, h.offered_at
FROM hand_over h JOIN person t ON t.id = h.taker JOIN person g ON g.id = h.giver
WHERE h.message = {} AND h.settled_at IS NULL
"""
# Asked in one: with every case that an executor opens.
BOTH = f"SELECT ARRAY(SELECT one FROM ({OFFER}) one) AS offers, ARRAY(SELECT one FROM ({COLLEAGUES}) one) AS free"


@dataclass(frozen=True)
class Offer:
    """`mine`: it waits for the person who looks, or for somebody whose deputy they are."""

    taker: int
    to: str
    giver: str
    words: str
    offered_at: datetime
    mine: bool


@dataclass(frozen=True)
class HandOvers:
    offer: Offer | None
    candidates: list[tuple[int, str]]
    form: Typed
    errors: Mapping[str, str]


async def hand_overs(asked: Asked, message: Message, leads: bool, attempt: Attempt | None) -> HandOvers:
    """The offer of the case, if one waits; for its executor else to whom it can be offered."""
    if message.status not in OFFERABLE:
        return HandOvers(None, [], Typed(), {})
    known = asked_of(message, in_town(asked.at).date())
    (found,) = await HandOver.raw(BOTH, message.id, *known)
    offer = next((offer_of(row, asked.person) for row in found["offers"]), None)
    ours = attempt is not None and attempt.decision == "hand_over"
    return HandOvers(
        offer=offer,
        candidates=[(id, f"{name}, {position}") for id, name, position in found["free"]] if leads and not offer else [],
        form=attempt.form if attempt and ours else Typed(),
        errors=attempt.errors if attempt and ours else {},
    )


def offer_of(row: Sequence[Any], person: Person) -> Offer:
    taker, to, giver, words, offered_at = row
    return Offer(taker, to, giver, words, offered_at, mine=taker in acting(person))
