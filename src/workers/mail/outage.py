"""While the mail server is away no letter is spent on it (§3): the clock knocks, and when it opens all that waited go.

That it is away is told by the letters that could not be handed in: while one of them waits, none is offered.
"""

from datetime import datetime

from domain.model import Delivery
from workers.mail import post

# The words of the index `delivery_kept_back`.
KEPT_BACK = "done_at IS NULL AND gave_up_at IS NULL AND error LIKE 'ServerAway:%'"
ANY_KEPT_BACK = f"SELECT EXISTS (SELECT FROM delivery WHERE {KEPT_BACK}) AS away"  # noqa: S608
# Before what has come meanwhile: the oldest first.
LET_GO = f"""
UPDATE delivery SET error = NULL, next_at = happened.at FROM event happened WHERE happened.id = event AND {KEPT_BACK}
"""  # noqa: S608


async def is_on() -> bool:
    (row,) = await Delivery.raw(ANY_KEPT_BACK)
    return bool(row["away"])


async def knock(*, at: datetime) -> None:
    if await is_on() and await post.answers():
        await Delivery.raw(LET_GO)
