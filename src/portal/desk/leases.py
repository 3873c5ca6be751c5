"""Who has a message open, as the desk shows it, and how one goes on to the next that nobody has (§3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain import leasing
from domain.leasing import Holder
from domain.model import Message, Person
from portal.desk import queues
from portal.desk.queues import Queue


@dataclass(frozen=True)
class Opening:
    """One showing of a message in the pane. It asks to be kept once it is seen, then each twenty seconds.

    `kept` is false for one that was let go: it only hears of others. `seen` is what the page shows already.
    """

    message: int
    id: UUID
    holder: Holder | None
    mine: bool
    begins: bool = False
    kept: bool = True

    @property
    def seen(self) -> str:
        return f"{self.holder.person} {self.holder.since.timestamp()}" if self.holder else "nobody"


def begun(message: Message, holder: Holder | None, person: Person) -> Opening:
    return Opening(message.id, uuid4(), holder, mine=held_by(holder, person), begins=True)


async def opening(message: Message, id: UUID, person: Person, *, at: datetime, kept: bool = True) -> Opening:
    holder = (await leasing.holders([message.id], at=at)).get(message.id)
    return Opening(message.id, id, holder, mine=held_by(holder, person), kept=kept)


def held_by(holder: Holder | None, person: Person) -> bool:
    return holder is not None and holder.person == person.id


async def take_next(queue: Queue, person: Person, *, at: datetime, lasting: timedelta) -> int | None:
    return await leasing.take_next(lambda: queues.first_free(queue, at=at), by=person, at=at, lasting=lasting)
