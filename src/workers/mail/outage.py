"""While the mail server is away no letter is spent on it (§3): one at a time tries, and when it gets in all others go.

That it is away is told by the letters that could not be handed in: as long as one of them waits, it is.
"""

import logging
from datetime import datetime

from domain.model import Delivery

log = logging.getLogger(__name__)

# The words of the index `delivery_kept_back`.
KEPT_BACK = "done_at IS NULL AND gave_up_at IS NULL AND error LIKE 'ServerAway:%'"
ANY_KEPT_BACK = f"SELECT EXISTS (SELECT FROM delivery WHERE {KEPT_BACK}) AS away"  # noqa: S608
# Of what a killed worker had in its hands nobody knows how far it had come: it goes on and is marked like the others.
LEFT_IN_HANDS = "attempts > 0 AND error IS NULL"
# Due at once when it is over, and not when its lease ends. Those that have met the closed door try it again, and what
# only writes down who is owed a letter goes on.
PUT_BACK = f"""
UPDATE delivery SET next_at = {{}} WHERE id = {{}} AND done_at IS NULL AND gave_up_at IS NULL AND error IS NULL
AND recipient <> '' AND NOT ({LEFT_IN_HANDS}) AND EXISTS (SELECT FROM delivery WHERE {KEPT_BACK}) RETURNING id
"""  # noqa: S608
# Before what has come meanwhile: the oldest first.
LET_GO = f"""
UPDATE delivery SET error = NULL, next_at = happened.at FROM event happened WHERE happened.id = event AND {KEPT_BACK}
RETURNING delivery.id
"""  # noqa: S608


async def is_on() -> bool:
    (row,) = await Delivery.raw(ANY_KEPT_BACK)
    return bool(row["away"])


async def puts_back(delivery: int, *, at: datetime) -> bool:
    """Whether this letter has to wait for the end of it."""
    return bool(await Delivery.raw(PUT_BACK, at, delivery))


async def end() -> None:
    """One got in: all others that met the closed door are due."""
    gone = await Delivery.raw(LET_GO)
    log.warning("the mail server lets us in again; %d more letters had met it closed", len(gone))
