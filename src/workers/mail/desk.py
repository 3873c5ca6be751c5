"""The letters between two executors of a department of whom one hands a case over to the other (§4.1)."""

from domain.model import Event, Person
from workers.mail.addressing import letters
from workers.mail.composing import Letter
from workers.mail.reading import about, person, told
from workers.mail.templating import link


async def case_offered(event: Event) -> list[Letter]:
    """To the colleague: a case is offered to them, and waits for their word."""
    to, giver = await person(told(event)["executor"]), await actor(event)
    return await letters("case_offered", event, await about(event), [to], giver=giver, remark=told(event)["words"])


async def case_taken(event: Event) -> list[Letter]:
    """To whoever had the case: the colleague has taken it, or their deputy for them, with its terms."""
    to, taker, by = await person(told(event)["giver"]), await person(told(event)["executor"]), await actor(event)
    # The case is no longer theirs to open.
    said = {"taker": taker, "deputy": None if by.id == taker.id else by, "url": link("/execution")}
    return await letters("case_taken", event, await about(event), [to], **said)


async def case_returned(event: Event) -> list[Letter]:
    """To the executor: the colleague returns the offer, with the reason; the case was theirs all the time."""
    to, taker = await person(told(event)["executor"]), await actor(event)
    return await letters("case_returned", event, await about(event), [to], taker=taker, remark=told(event)["words"])


async def actor(event: Event) -> Person:
    return await person(event.actor)
