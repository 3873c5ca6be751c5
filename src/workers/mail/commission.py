"""The letters of the commission and of the block (§2, §4.4): one function each, as in the rest of the mail."""

from datetime import date
from typing import Any

from domain.events import Kind
from domain.model import Event
from domain.moves import Role
from domain.wording import N_
from workers.mail.addressing import letters, to_each_author
from workers.mail.composing import Letter
from workers.mail.reading import about, department, officials, person, told, veiled
from workers.mail.templating import link

AGREED = N_("the coordinator agreed with you: you can send messages again")
LEFT = N_("the coordinator considered your objection and left the block as it is")


async def commission_waits(event: Event) -> list[Letter]:
    """To the moderators and to the coordinators, each to their desk: a case waits for the commission (R27)."""
    case, reason = await about(event), await veiled(event, told(event)["reason"])
    moderators, coordinators = await officials(Role.MODERATOR), await officials(Role.COORDINATOR)
    desk = await letters("commission_waits", event, case, coordinators, reason=reason, url=link("/commission"))
    return await letters("commission_waits", event, case, moderators, reason=reason) + desk


async def commission_decided(event: Event) -> list[Letter]:
    """To each author: what the commission has decided, in its words (R27)."""
    return await to_each_author("commission_decided", event, await about(event), **await decision(event))


async def instructed(event: Event) -> list[Letter]:
    """To the executor whom the commission has named: what to do and by which day (R27)."""
    said = await decision(event)
    to = [await person(told(event)["executor"])] if told(event)["effect"] == "instruct" else []
    return await letters("instructed", event, await about(event), to, **said)


async def decision(event: Event) -> dict[str, Any]:
    said = told(event)
    executor = await department(await person(said["executor"])) if said["executor"] else None
    due_on = date.fromisoformat(said["due_on"]) if said["due_on"] else None
    held_on = date.fromisoformat(said["held_on"])
    return {
        "decision": said["decision"],
        "text": said["text"],
        "held_on": held_on,
        "due_on": due_on,
        "organisation": executor,
        "goes_on": N_("When the new answer comes, we will write again.") if due_on else N_("The case is closed."),
    }


async def blocked(event: Event) -> list[Letter]:
    """To the blocked citizen: why, until when, and where to object (R29)."""
    case, said = await about(event), told(event)
    why = {"ground": said["ground"], "reason": said["reason"], "last_day": date.fromisoformat(said["last_day"])}
    return await letters("blocked", event, case, [case.author], url=link("/block"), **why)


async def block_ended(event: Event) -> list[Letter]:
    """To the citizen: the block has ended, messages can be sent again (R29)."""
    case = await about(event)
    return await letters("block_ended", event, case, [case.author], url=link("/messages/new"))


async def objection_waits(event: Event) -> list[Letter]:
    """To the coordinators: a blocked citizen objects, and waits for their answer (R29)."""
    to = await officials(Role.COORDINATOR)
    url = link(f"/objections/{told(event)['block']}")
    text = await veiled(event, told(event)["text"])
    return await letters("objection_waits", event, await about(event), to, text=text, url=url)


async def objection_decided(event: Event) -> list[Letter]:
    """To the citizen: whether the block is lifted, and why or why not (R29)."""
    case, lifted = await about(event), event.kind == Kind.BLOCK_LIFTED
    answer = {"reason": told(event)["reason"], "url": link("/messages/new" if lifted else "/block")}
    answer["decision"] = N_("The block is lifted") if lifted else N_("The block stays")
    answer["outcome"] = AGREED if lifted else LEFT
    return await letters("objection_decided", event, case, [case.author], **answer)
