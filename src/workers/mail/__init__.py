"""The letters (§3, §4.3, §4.4, §5.1): one function each, named as the folder with its subject, text and HTML.

A function says who is written to and what stands in the letter; whoever has no address for letters gets none
and reads the same in the cabinet.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from domain import clarifying, remarks, shares, workdays
from domain.events import Kind
from domain.invitations import QUESTION, Invitation, sign
from domain.model import Answer, Event, Ground, Message, Part
from domain.moderating import ANSWER_RULES, IN_WORDS
from domain.moves import REWORKS_AT_MOST, Role
from domain.rating import goes_to_commission
from domain.rulebook import rulebook
from domain.substance import OUTCOMES
from domain.terms import Owed
from domain.wording import N_
from workers.mail.addressing import letters, to_each_author
from workers.mail.composing import Letter
from workers.mail.reading import about, department, found, officials, person, sides, silent, term, told, veiled
from workers.mail.templating import link

TO_REWORK, TO_COMMISSION = N_("it goes back for rework"), N_("the commission considers it")

Write = Callable[[Event], Awaitable[list[Letter]]]
# By what a part of a co-executor ended.
WHY_ENDED = {
    Kind.PART_REMOVED: N_("the executor called it off"),
    Kind.HANDED_BACK: N_("the executor handed the case back to the moderator"),
    Kind.JOINED: N_("the moderator joined the message to another one"),
}


async def taken_in(event: Event) -> list[Letter]:
    """To the author: the message has come, and will be registered by a day (R05)."""
    case = await about(event)
    due = await term(event, Owed.REGISTRATION)
    return await letters("taken_in", event, case, [case.author], due_on=due.due_on)


async def registered(event: Event) -> list[Letter]:
    """To the author: the number, who answers and by when (R07)."""
    case = await about(event)
    organisation = await department(await person(told(event)["executor"]))
    acceptance, answer = await term(event, Owed.ACCEPTANCE), await term(event, Owed.ANSWER)
    days = workdays.in_workdays((await rulebook()).calendar, answer.opened_at, answer.workdays or 1).counted
    due = {"accept_by": acceptance.due_on, "answer_by": answer.due_on, "days": days}
    return await letters("registered", event, case, [case.author], organisation=organisation, **due)


async def joined(event: Event) -> list[Letter]:
    """To the author: with which number their message is joined to another, and by when it is answered (§2)."""
    said = {"answer_by": date.fromisoformat(told(event)["answer_by"]), "registers": told(event)["registers"]}
    return await letters_about_joining("joined", event, **said)


async def case_joined(event: Event) -> list[Letter]:
    """To the executor who had the message in hand: it is answered with another case, and no longer by itself (§2)."""
    case, said = await about(event), told(event)
    to = [await person(said["executor"])] if said.get("executor") else []
    # Where the other case is somebody else's, the message is no longer theirs to open.
    known = {"case_number": said["case_number"], "url": link("/execution")}
    return await letters("case_joined", event, case, to, answer_by=date.fromisoformat(said["answer_by"]), **known)


async def detached(event: Event) -> list[Letter]:
    """To the author: their message goes on by itself after all, why, and by when it is answered (§3)."""
    said = {"reason": told(event)["reason"], "answer_by": (await term(event, Owed.ANSWER)).due_on}
    return await letters_about_joining("detached", event, **said)


async def letters_about_joining(name: str, event: Event, **said: Any) -> list[Letter]:
    case = await about(event)
    return await letters(name, event, case, [case.author], case_number=told(event)["case_number"], **said)


async def refused(event: Event) -> list[Letter]:
    """To the author: the grounds, the reason in words, what to correct, and the way to do it (R08)."""
    case = await about(event)
    grounds = await Ground.objects().where(Ground.code.is_in(told(event)["grounds"])).order_by(Ground.code)
    said = {"reason": told(event)["reason"], "proposal": told(event)["proposal"]}
    correction = link(f"/messages/{event.message}/correction")
    return await letters("refused", event, case, [case.author], grounds=grounds, url=correction, **said)


async def questioned(event: Event) -> list[Letter]:
    """To the author: the moderator's question, and a link that takes the reply without a sign-in (§3)."""
    case = await about(event)
    invitation = Invitation(to=told(event)["id"], person=case.author.id)
    url = link(f"/questions/{sign(invitation, os.environ['SECRET_KEY'], at=event.at, what=QUESTION)}")
    until = clarifying.last_minute(datetime.fromisoformat(told(event)["until"]))
    said = {"question": told(event)["question"], "until": until, "hour": f"{until:%H:%M}"}
    return await letters("questioned", event, case, [case.author], url=url, **said)


async def assigned(event: Event) -> list[Letter]:
    """To the executor: a message was sent to them, to be accepted and answered by a day (R11, R30)."""
    acceptance, answer = await term(event, Owed.ACCEPTANCE), await term(event, Owed.ANSWER)
    to = [await person(told(event)["executor"])]
    due = {"accept_by": acceptance.due_on, "answer_by": answer.due_on}
    return await letters("assigned", event, await about(event), to, **due)


async def sent_back(event: Event) -> list[Letter]:
    """To the executor: the rule that the answer broke, and what to mend (R20)."""
    case = await about(event)
    rules = [(IN_WORDS[rule], ANSWER_RULES[rule]) for rule in told(event)["rules"]]
    return await letters("sent_back", event, case, [case.executor], rules=rules, remark=told(event)["remark"])


async def answered(event: Event) -> list[Letter]:
    """To each author: the answer, and a link that opens it and lets them rate without signing in (R21)."""
    answer = await found(Answer, told(event)["answer"])
    said = {"answer": answer, "text": addressed(answer), "outcome": OUTCOMES[told(event)["outcome"]]}
    case = await about(event)
    said["rate_by"] = (await term(event, Owed.RATING)).due_on
    said["unsolved"] = TO_COMMISSION if goes_to_commission(case.message, await rulebook()) else TO_REWORK
    written = []
    for side in await sides(case):
        invitation = Invitation(to=answer.id, person=side.author.id)
        said["url"] = link(f"/answers/{sign(invitation, os.environ['SECRET_KEY'], at=event.at)}")
        said["replies"] = await remarks.before(answer.message, answer.round, of=side.author.id)
        written += await letters("answered", event, side, [side.author], **said)
    return written


def addressed(answer: Answer) -> str:
    """As its reader gets it: a typical answer, which goes to one author only, begins with a name never published."""
    return f"{answer.greeting}\n\n{answer.text}" if answer.greeting else answer.text


async def sent_to_rework(event: Event) -> list[Letter]:
    """To each author: the remarks went to the executor, and a new answer comes by a day (R24).

    The remarks are their author's alone to read (R10).
    """
    said = await rework(event)
    written = []
    for side in await sides(await about(event)):
        own = {**said, "remarks": said["remarks"] if side.author.id == event.actor else None}
        written += await letters("sent_to_rework", event, side, [side.author], **own)
    return written


async def rework_due(event: Event) -> list[Letter]:
    """To the executor: the remarks, and the day by which to answer anew (R25)."""
    case, said = await about(event), await rework(event)
    said["remarks"] = await veiled(event, said["remarks"])
    return await letters("rework_due", event, case, [case.executor], **said)


async def rework(event: Event) -> dict[str, Any]:
    due = await term(event, Owed.REWORK)
    nth = {"nth": told(event)["rework"], "most": REWORKS_AT_MOST}
    return {"due_on": due.due_on, "remarks": told(event)["remarks"], **nth}


async def promise_came(event: Event) -> list[Letter]:
    """To each author: the promised day has come, an additional answer was asked for (R22)."""
    return await to_each_author("promise_came", event, await about(event), **await promised(event))


async def follow_up_due(event: Event) -> list[Letter]:
    """To everybody who executes in the organisation that promised: an additional answer is due (R22)."""
    case = await about(event)
    ours = case.executor.organisation if case.executor else None
    everybody = [each for each in await officials(Role.EXECUTOR) if each.organisation == ours]
    colleagues = [each for each in everybody if each.id != case.message.executor]
    said = {"executor": case.executor, **await promised(event)}
    # The case is its executor's alone to open; the others of the department are told whose it is.
    queue = link("/execution?queue=follow_up")
    own = await letters("follow_up_due", event, case, [case.executor], **said)
    return own + await letters("follow_up_due", event, case, colleagues, url=queue, **said)


async def promised(event: Event) -> dict[str, Any]:
    due = await term(event, Owed.FOLLOW_UP)
    return {"due_on": due.due_on, "promised_on": date.fromisoformat(told(event)["promised_on"])}


async def brought_to_commission(event: Event) -> list[Letter]:
    """To each author: after three reworks the commission looks into the case (R27)."""
    return await to_each_author("brought_to_commission", event, await about(event))


async def closed_unrated(event: Event) -> list[Letter]:
    """To each author: nobody rated in time, the case is closed (R23). Who closed it themselves needs no letter."""
    if event.actor is not None:
        return []
    written = [await letters("closed_unrated", event, side, [side.author]) for side in await silent(await about(event))]
    return [letter for own in written for letter in own]


async def part_named(event: Event) -> list[Letter]:
    """To the co-executor: the part of the case that is theirs, and by when (R11)."""
    to = [await person(told(event)["executor"])]
    return await letters("part_named", event, await about(event), to, **part_of(event))


async def part_done(event: Event) -> list[Letter]:
    """To the executor of the case: a co-executor has done their part (R11)."""
    case, part = await about(event), await found(Part, told(event)["part"])
    helper = await person(part.executor)
    said = {"task": part.task, "text": told(event)["text"], "helper": helper, "left": await still_open(case.message)}
    return await letters("part_done", event, case, [case.executor], **said)


async def part_removed(event: Event) -> list[Letter]:
    """To the co-executor: their part was called off and why, and the case is no longer theirs to see (R11)."""
    to = [await person(told(event)["executor"])]
    why = WHY_ENDED[told(event).get("because", Kind.PART_REMOVED)]
    said = {"task": told(event)["task"], "why": why, "url": link("/execution?queue=parts")}
    return await letters("part_removed", event, await about(event), to, **said)


def part_of(event: Event) -> dict[str, Any]:
    return {"task": told(event)["task"], "due_on": date.fromisoformat(told(event)["due_on"])}


async def still_open(message: Message) -> int:
    return await Part.count().where(shares.still_open(message))
