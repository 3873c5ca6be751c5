"""The letters about terms (§5.1, R31): by the steps of the ladder of escalation, and why something is late."""

from datetime import date
from typing import Any

from domain.directories.escalation import KINDS
from domain.escalating import Whom
from domain.events import Kind
from domain.model import Event, Organisation, Person, Term
from domain.moves import Role
from domain.terms import Owed
from workers.mail.addressing import letters
from workers.mail.composing import Letter
from workers.mail.reading import About, about, department, officials, person, told
from workers.mail.templating import link


async def term_near(event: Event) -> list[Letter]:
    """To whom the ladder names: a term ends soon (R31); to nobody when it was met while the letter waited."""
    case = await about(event)
    return await letters("term_near", event, case, await to_be_told(event, case), **duty(event))


async def term_missed(event: Event) -> list[Letter]:
    """To whom the ladder names: a term has run out (R31); a part is between two executors, and both hear of it."""
    case = await about(event)
    return await letters("term_missed", event, case, await to_be_told(event, case), **duty(event))


async def head_told(event: Event) -> list[Letter]:
    """To the head of the organisation that owes, who need not work in the portal: a term stays unmet (R31)."""
    organisation = await owing_organisation(event) if Whom.HEAD in told(event)["whom"] else None
    if organisation is None or not organisation.head_email or not await is_open(event):
        return []
    case = await about(event)
    executor = case.executor.name if case.executor else ""
    said = {"organisation": organisation.name, "executor": executor, "url": link("/")}
    return await letters("head_told", event, case, [head_of(organisation)], **said, **duty(event))


def head_of(organisation: Organisation) -> Person:
    """A head has an address and no account: the number is one that no account has."""
    name, email = organisation.head_name or organisation.short_name, organisation.head_email
    return Person(id=-organisation.id, role=Role.CONTROLLER, name=name, given_name=name, email=email)


async def to_be_told(event: Event, case: About) -> list[Person | None]:
    """Everybody whom these steps of the ladder name, each once; nobody when the term was met meanwhile."""
    if not await is_open(event):
        return []
    whom = told(event)["whom"]
    to: list[Person | None] = await owing(event) if Whom.EXECUTOR in whom else []
    if told(event)["owed"] == Owed.PART:
        return [*to, case.executor] if event.kind == Kind.TERM_ESCALATED else to
    controllers = Whom.CONTROLLER in whom or (Whom.HEAD in whom and not await has_head(event))
    to += await officials(Role.CONTROLLER) if controllers else []
    return to + (await officials(Role.COORDINATOR) if Whom.COORDINATOR in whom else [])


async def is_open(event: Event) -> bool:
    unmet = Term.met_at.is_null() & Term.void_at.is_null()
    return await Term.exists().where((Term.id == told(event)["term"]) & unmet)


async def owing(event: Event) -> list[Person | None]:
    """The person who owes; what nobody has taken yet, the moderators owe."""
    owner = told(event)["owed_by"]
    return [await person(owner)] if owner is not None else [*await officials(Role.MODERATOR)]


async def has_head(event: Event) -> bool:
    """Where no head is entered the controllers are told in their place: no step of the ladder leads nowhere."""
    organisation = await owing_organisation(event)
    return organisation is not None and bool(organisation.head_email)


async def owing_organisation(event: Event) -> Organisation | None:
    owner = told(event)["owed_by"]
    return await department(await person(owner)) if owner is not None else None


def duty(event: Event) -> dict[str, Any]:
    return {"duty": dict(KINDS)[told(event)["owed"]], "due_on": date.fromisoformat(told(event)["due_on"])}


async def reason_asked(event: Event) -> list[Letter]:
    """To the executor of the case: whoever controls the terms asks why it is late (R32)."""
    case = await about(event)
    said = {"question": told(event)["question"], **duty(event)}
    return await letters("reason_asked", event, case, [case.executor], **said)


async def reason_given(event: Event) -> list[Letter]:
    """To whoever asked: why the term has run out, in the words of the executor (R32)."""
    to = [await person(told(event)["asked_by"])]
    said = {"answer": told(event)["answer"], "who": (await person(event.actor)).name}
    return await letters("reason_given", event, await about(event), to, **said)
