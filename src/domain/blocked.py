"""Who may not send just now (§2, R29): asked at the verb, so that an open session gains nothing."""

from datetime import datetime

from domain.errors import Unfit, say
from domain.model import Block, Person
from domain.wording import N_

BLOCKED = N_("You cannot send messages until %(day)s, this day included. What you have typed stays in the form.")


async def block_of(person: int, *, at: datetime) -> Block | None:
    """The block that holds at that moment; it ends by itself, because nothing but the moment is asked."""
    holds = (Block.person == person) & Block.lifted_at.is_null() & (Block.ends_at > at)
    return await Block.objects().where(holds).order_by(Block.id, ascending=False).first()


async def may_send(person: Person, *, at: datetime) -> None:
    """Raise Unfit, with the last day, for whoever is blocked: the form comes back with every word that it had."""
    if block := await block_of(person.id, at=at):
        raise Unfit({"form": say(BLOCKED, day=f"{block.last_day:%d.%m.%Y}")})
