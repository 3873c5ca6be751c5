"""How what is owed to one reader reaches them: as a letter, alone or with others, or as news pushed to a browser."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain import following
from domain.model import Event
from workers import push_service, pushing
from workers.mail import post
from workers.mail.composing import Letter, composed, subscriber_of

NO_USE = "There is nobody any more to whom this letter is of use."
PUSH = "push:"

Gather = Callable[[Sequence[Letter]], Awaitable[Letter]]


class GiveUp(Exception):
    """To try this again would be of no use."""


class NotSent(Exception):
    """Somebody who follows could not be written to now; told without their address."""


@dataclass(frozen=True)
class Addressee:
    """One reader of a letter, and the id under which they get it."""

    recipient: str
    message_id: str


class Owed(Protocol):
    """What of a reaction reaches its readers."""

    @property
    def name(self) -> str: ...

    @property
    def gather(self) -> Gather | None: ...

    async def letter_to(self, recipient: str, event: Event) -> Letter | None: ...


Reach = Callable[[Addressee, Mapping[int, tuple[Owed, Event]]], Awaitable[tuple[str | None, list[int]]]]


async def by_letter(to: Addressee, owed: Mapping[int, tuple[Owed, Event]]) -> tuple[str | None, list[int]]:
    """Send what these deliveries owe to one reader as one letter. Returns its address, as far as it is kept, and those
    that it contains.
    """
    of_use, gather = dict[int, Letter](), None
    for delivery, (reaction, event) in owed.items():
        if letter := await reaction.letter_to(to.recipient, event):
            of_use[delivery], gather = letter, reaction.gather
    if not of_use:
        raise GiveUp(NO_USE)
    letters = list(of_use.values())
    whole = await gather(letters) if gather and len(letters) > 1 else letters[0]
    await hand_over(whole, to.message_id)
    return whole.kept_address, list(of_use)


async def hand_over(letter: Letter, message_id: str) -> None:
    try:
        await post.send(composed(letter, message_id), to=letter.address)
    except post.NoSuchAddress as reason:
        if letter.follower:
            await following.lose(subscriber_of(letter.follower.recipient))
        raise GiveUp(letter.discreet(str(reason))) from None
    except post.Undeliverable as reason:
        raise GiveUp(letter.discreet(str(reason))) from None
    except post.ServerAway:
        raise
    except Exception as trouble:
        if not letter.follower:
            raise
        raise NotSent(letter.discreet(f"{type(trouble).__name__}: {trouble}")) from None


async def by_push(to: Addressee, owed: Mapping[int, tuple[Owed, Event]]) -> tuple[str | None, list[int]]:
    """Push what this one delivery owes to one browser. Returns the host of its push service, and the delivery."""
    ((delivery, (reaction, event)),) = owed.items()
    try:
        host = await pushing.push(reaction.name.removeprefix(PUSH), to.recipient, event)
    except push_service.Unreachable as reason:
        raise GiveUp(str(reason)) from reason
    if host is None:
        raise GiveUp(NO_USE)
    return host, [delivery]
