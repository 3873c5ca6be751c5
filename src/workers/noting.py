"""What became of an attempt at a delivery: noted in its row, whatever else goes wrong (R33)."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.model import Delivery, Event
from domain.outages import DatabaseAway, DatabaseBusy
from workers import moment
from workers.reaching import NO_USE, Addressee
from workers.reactions import Reaction

log = logging.getLogger(__name__)

BACK_OFF = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
# After so long a letter that found the mail server away tries again whether it is back.
AT_THE_DOOR = timedelta(seconds=5)
# So long its line and its thread are held for it. A lease may be over by then, and somebody else have begun.
NOTING_SECONDS, AGAIN_SECONDS = 20.0, 0.2


@dataclass(frozen=True)
class Attempt:
    """The nth try of a delivery, of which so many have failed; of the others the worker was killed.

    `to` is the reader, when it is that of a letter, or of all letters of a digest; `kept_back` is whether it found the
    mail server away when it was tried last.
    """

    delivery: int
    event: Event
    reaction: Reaction
    nth: int
    failures: int
    to: Addressee | None
    digest: int | None
    kept_back: bool

    @property
    def rows(self) -> Any:
        """What has one fate: the delivery, or everything of its digest that is still owed."""
        if self.digest is None:
            return Delivery.id == self.delivery
        return (Delivery.digest == self.digest) & Delivery.done_at.is_null() & Delivery.gave_up_at.is_null()

    @property
    def last(self) -> bool:
        return self.nth >= self.reaction.attempts


async def keep_back(attempt: Attempt, trouble: Exception) -> None:
    """It was no attempt at this letter, which goes as soon as the mail server lets us in."""
    untried = {Delivery.attempts: attempt.nth - 1, Delivery.next_at: moment.now() + AT_THE_DOOR}
    await settle(attempt, {**untried, Delivery.error: in_words(trouble)})


async def failed(attempt: Attempt, trouble: Exception) -> None:
    # A restart of PostgreSQL says nothing of the letter: it ends nothing, and the next attempt is the sooner. That a
    # delivery itself brings PostgreSQL down the number of attempts tells.
    if isinstance(trouble, DatabaseAway) and not isinstance(trouble, DatabaseBusy):
        later = moment.now() + wait_after(attempt.nth)
        await settle(attempt, {Delivery.next_at: later, Delivery.error: in_words(trouble)})
    elif attempt.last:
        await give_up(attempt, in_words(trouble))
    else:
        failures = attempt.failures + 1
        later = moment.now() + wait_after(failures)
        noted = {Delivery.next_at: later, Delivery.error: in_words(trouble), Delivery.failures: failures}
        await settle(attempt, noted)


def wait_after(times: int) -> timedelta:
    return BACK_OFF[min(times, len(BACK_OFF)) - 1]


def in_words(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"


async def give_up(attempt: Attempt, error: str) -> None:
    # A letter of no more use is nobody's fault: its term was met while it waited, or its reader wants no such letters.
    level = logging.INFO if error == NO_USE else logging.ERROR
    log.log(level, "%s of event %s is given up: %r", attempt.reaction.name, attempt.event.id, error)
    await settle(attempt, {Delivery.gave_up_at: moment.now(), Delivery.error: error})


async def settle(attempt: Attempt, values: Mapping[Any, Any], *which: Any) -> None:
    """What was done outside cannot be taken back, so it is noted even if PostgreSQL restarts meanwhile."""
    noting = Delivery.update({Delivery.attempts: attempt.nth, **values}).where(attempt.rows, *which)
    until = asyncio.get_running_loop().time() + NOTING_SECONDS
    while True:
        try:
            await noting
        except DatabaseAway:
            if asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return
