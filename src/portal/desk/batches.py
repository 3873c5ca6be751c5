"""Several messages decided on at once (§3, §4.1): the same act for each, by its own verb in its own transaction.

What was on the screen goes with it: a message that somebody has changed since is left alone, and its line says so.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import leasing
from domain.errors import OutOfTurn, Refusal, Sentence, Unfit, say
from domain.leasing import Holder
from domain.model import Message, Person, Screening
from domain.moves import Move
from domain.outages import DatabaseAway
from domain.publicity import public_place
from domain.seeing import visible_to
from domain.wording import N_
from portal.desk.directory import Directory
from portal.desk.headlines import covered
from portal.forms import Form

AT_MOST = 100
TICK = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")
GONE = N_("There is no such message for you to see.")
AWAY = N_("The portal did not answer in time. Look at the message: if it stands as before, choose it again.")


@dataclass(frozen=True)
class Act:
    """What is done with each: `move` tells of which messages, `do` is the verb, `done` what it has done."""

    name: str
    label: str
    icon: str
    done: str
    move: Move
    form: type[Form]
    do: Callable[[Message, Any, Directory, Person, datetime], Awaitable[None]]


@dataclass(frozen=True)
class Tick:
    """A message that was ticked, as it stood on the screen."""

    id: int
    version: int

    def __str__(self) -> str:
        return f"{self.id}.{self.version}"


@dataclass(frozen=True)
class Line:
    """What became of one message: done, or `why` not."""

    id: int
    number: str | None
    title: str
    why: Sentence | None = None
    errors: dict[str, Sentence] | None = None


@dataclass(frozen=True)
class Chosen:
    """A ticked message as it stands now; `changed` since the screen on which it was ticked.

    Whether another moderator has it open is told beforehand and stops nothing: a lease is a hint here as well.
    """

    tick: Tick
    message: Message
    title: str
    place: str
    changed: bool
    holder: Holder | None


def ticks(values: Iterable[str]) -> list[Tick]:
    """Each once, in the order of the screen, and no more than one page of them."""
    found = [Tick(int(match[1]), int(match[2])) for value in values if (match := TICK.fullmatch(value))]
    return list({tick.id: tick for tick in found}.values())[:AT_MOST]


async def chosen(ticked: Sequence[Tick], person: Person, *, at: datetime) -> list[Chosen]:
    known = await looked_up(ticked, person)
    held = await leasing.holders(list(known), at=at)
    others = {id: holder for id, holder in held.items() if holder.person != person.id}
    titles = await titles_of(known)
    return [
        Chosen(
            tick,
            message,
            titles[message.id],
            public_place(message.address),
            message.version != tick.version,
            others.get(tick.id),
        )
        for tick in ticked
        if (message := known.get(tick.id))
    ]


async def looked_up(ticked: Sequence[Tick], person: Person) -> dict[int, Message]:
    ids = [tick.id for tick in ticked]
    found = await visible_to(person).where(Message.id.is_in(ids)) if ids else []
    return {message.id: message for message in found}


async def titles_of(known: Mapping[int, Message]) -> dict[int, str]:
    if not known:
        return {}
    named = await Screening.select(Screening.message, Screening.names).where(Screening.message.is_in(list(known)))
    names = {row["message"]: row["names"] for row in named}
    return {id: covered(message.text, names.get(id, ())) for id, message in known.items()}


def fitting(act: Act, those: Sequence[Chosen], person: Person) -> int:
    return sum(act.move.allows(person, each.message) for each in those)


async def carry_out(
    act: Act, ticked: Sequence[Tick], form: Form, lists: Directory, *, by: Person, at: datetime
) -> list[Line]:
    """One line for each. Raises Unfit when nothing was done and the reason is one and the same field of the form."""
    known = await looked_up(ticked, by)
    titles = await titles_of(known)
    lines = [await carried_out(act, tick, known.get(tick.id), titles, form, lists, by=by, at=at) for tick in ticked]
    wrong = lines[0].errors if lines else None
    if wrong and all(line.errors == wrong for line in lines):
        raise Unfit(wrong)
    return lines


async def carried_out(
    act: Act,
    tick: Tick,
    message: Message | None,
    titles: Mapping[int, str],
    form: Form,
    lists: Directory,
    *,
    by: Person,
    at: datetime,
) -> Line:
    if message is None:
        return Line(tick.id, None, "", say(GONE))
    title = titles[message.id]
    try:
        if message.version == tick.version and message.status not in act.move.sources:
            # So it stood on the screen already: nobody was faster.
            raise OutOfTurn("This act is not for a message in this state: open it to see what can be done.")
        message.version = tick.version
        await act.do(message, form, lists, by, at)
    except Unfit as unfit:
        return Line(message.id, message.number, title, next(iter(unfit.errors.values())), unfit.errors)
    except Refusal as refusal:
        return Line(message.id, message.number, title, refusal.sentence)
    except DatabaseAway:
        return Line(message.id, message.number, title, say(AWAY))
    return Line(message.id, message.number, title)
