"""Who has a message open, as the desk shows it, and how one goes on to the next that nobody has (§3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain import leasing
from domain.leasing import Holder
from domain.model import Message, Person
from portal.desk.queues import Queue, along_the_terms


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
    return await leasing.take_next(lambda: first_free(queue, at=at), by=person, at=at, lasting=lasting)


async def first_free(queue: Queue, *, at: datetime) -> int | None:
    """The first message of the queue that nobody has open, locked; those that somebody is just taking are passed."""
    standing = along_the_terms(queue) if queue.kinds else f"FROM message m WHERE {queue.where}"
    order = "t.runs_out_at, t.message" if queue.kinds else "m.id DESC"
    # By its term where it has one: of the message, a sub-select here, every row would be locked before one is chosen.
    row = "t" if queue.kinds else "m"
    free = "NOT EXISTS (SELECT FROM lease l WHERE l.message = m.id AND l.until > {})"
    query = f"SELECT m.id {standing} AND {free} ORDER BY {order} LIMIT 1 FOR NO KEY UPDATE OF {row} SKIP LOCKED"
    rows = await Message.raw(query, at)
    return rows[0]["id"] if rows else None
