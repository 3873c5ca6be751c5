"""The commission decides (§4.4, R27): a decision is proposed, the members present vote, and what is adopted is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from domain import moves
from domain.chosen import able_executor
from domain.database import atomic
from domain.errors import OutOfTurn, Stale, Unfit, say
from domain.events import Kind, record
from domain.joined import names_one_of_several
from domain.model import AgendaItem, DecisionKind, Message, Person, Proposal, Sitting, Vote
from domain.quorum import adopted
from domain.rulebook import rulebook
from domain.sittings import case_of, present, quorum, roster, touch
from domain.taking import take
from domain.terms import instructed, owe
from domain.wording import N_
from domain.workdays import in_town

TEXT_AT_MOST = 6000
NAMES_ONE = N_("The decision goes to several authors and names one of them: leave the name out (clause 4.1).")
CHOICES = ("for", "against", "abstained")


@dataclass(frozen=True)
class Proposed:
    """What somebody proposes: a kind of the directory, the words; for an instruction the executor and the date."""

    kind: int | None
    text: str
    executor: int | None = None
    due_on: date | None = None


async def propose(sitting: Sitting, item: int, proposed: Proposed, *, by: Person, at: datetime) -> Proposal:
    """Write down a decision that is proposed on a case of the agenda."""
    kind = await fitting(proposed, today=in_town(at).date())
    instruction = kind.effect == "instruct"
    async with atomic():
        await touch(sitting, by=by, at=at)
        case = await waiting(sitting, item)
        message = await case_of(case)
        if await names_one_of_several(message, proposed.text):
            raise Unfit({"text": say(NAMES_ONE)})
        row = Proposal(
            item=case.id,
            kind=kind.id,
            kind_name=kind.name,
            effect=kind.effect,
            text=proposed.text.strip(),
            executor=proposed.executor if instruction else None,
            due_on=proposed.due_on if instruction else None,
            proposed_by=by.id,
            proposed_at=at,
        )
        await Proposal.insert(row)
        await record(Kind.DECISION_PROPOSED, message, by=by, at=at, proposal=row.id, **told(row))
    return row


def told(proposal: Proposal) -> dict[str, Any]:
    return {
        "decision": proposal.kind_name,
        "effect": proposal.effect,
        "text": proposal.text,
        "executor": proposal.executor,
        "due_on": proposal.due_on,
    }


async def fitting(proposed: Proposed, *, today: date) -> DecisionKind:
    """The kind that was chosen, or Unfit with everything that the proposal lacks."""
    kind = await DecisionKind.objects().get((DecisionKind.id == proposed.kind) & DecisionKind.active.eq(True))
    errors = {}
    if kind is None:
        errors["kind"] = say("Choose the kind of decision from the list.")
    if not proposed.text.strip():
        errors["text"] = say("Write the decision in words: the citizen reads it.")
    elif len(proposed.text) > TEXT_AT_MOST:
        errors["text"] = say("The text is longer than %(count)d characters. Shorten it.", count=TEXT_AT_MOST)
    if kind is not None and kind.effect == "instruct":
        if await able_executor(proposed.executor) is None:
            errors["executor"] = say("Choose an executor from the list.")
        if proposed.due_on is None or proposed.due_on <= today:
            errors["due_on"] = say("An instruction names its date, later than today.")
    if errors or kind is None:
        raise Unfit(errors)
    return kind


async def waiting(sitting: Sitting, item: int) -> AgendaItem:
    """The case of this agenda; once it is decided nothing more is proposed or voted on it."""
    case = await AgendaItem.objects().get((AgendaItem.id == item) & (AgendaItem.sitting == sitting.id))
    if case is None:
        raise Unfit({"item": say("This case is not on the agenda.")})
    if case.state != "waiting":
        raise Stale("The case is decided already.")
    return case


async def vote(
    sitting: Sitting, proposal: int, votes: Sequence[tuple[int, str]], *, by: Person, at: datetime
) -> Proposal:
    """Write down how every member present has voted; a decision that more than half are for is carried out at once.

    Raises OutOfTurn without a quorum, and Unfit when a vote is missing, comes twice or from somebody who is not there.
    """
    async with atomic():
        await touch(sitting, by=by, at=at)
        row = await open_proposal(sitting, proposal)
        case = await waiting(sitting, row.item)
        names = await voters(sitting, votes)
        choices = [choice for _, choice in votes]
        lines = [Vote(proposal=row.id, person=person, choice=choice, noted_by=by.id, at=at) for person, choice in votes]
        await Vote.insert(*lines)
        row.outcome, row.counted_at = ("adopted" if adopted(choices) else "rejected"), at
        await row.save(columns=[Proposal.outcome, Proposal.counted_at])
        message = await case_of(case)
        counted = {name: [names[id] for id, choice in votes if choice == name] for name in CHOICES}
        said = {"proposal": row.id, "decision": row.kind_name, "outcome": row.outcome, **counted}
        await record(Kind.VOTED, message, by=by, at=at, **said)
        if row.outcome == "adopted":
            await AgendaItem.update({AgendaItem.state: "decided"}).where(AgendaItem.id == case.id)
            await carry_out(row, message, sitting, by=by, at=at, present=list(names.values()))
    return row


async def open_proposal(sitting: Sitting, id: int) -> Proposal:
    row = await Proposal.objects().get((Proposal.id == id) & (Proposal.item.sitting == sitting.id))
    if row is None:
        raise Unfit({"proposal": say("There is no such proposal at this sitting.")})
    if cast("str | None", row.outcome) is not None:
        raise Stale("This proposal has been voted on already.")
    return row


async def voters(sitting: Sitting, votes: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Who is there, by id; every one of them votes once, nobody else does, and together they are a quorum."""
    there = await present(sitting)
    members = len(await roster(sitting.held_on))
    if not quorum([each["side"] for each in there], members, (await rulebook()).limits).reached:
        raise OutOfTurn("Without a quorum the commission decides nothing.")
    names = {each["person"]: each["name"] for each in there}
    people = [person for person, _ in votes]
    if len(people) != len(set(people)):
        raise Unfit({"votes": say("A member votes once.")})
    if not set(people) <= set(names):
        raise Unfit({"votes": say("Only members who are present vote.")})
    if missing := [name for id, name in names.items() if id not in people]:
        raise Unfit({"votes": say("Not voted yet: %(names)s.", names=", ".join(missing))})
    if any(choice not in CHOICES for _, choice in votes):
        raise Unfit({"votes": say("Choose one of the options.")})
    return names


async def carry_out(
    proposal: Proposal, message: Message, sitting: Sitting, *, by: Person, at: datetime, present: list[str]
) -> None:
    """An instruction opens the case for its executor, with the date as a clock; the other two close it (R27)."""
    said = {"sitting": sitting.id, "held_on": sitting.held_on, "present": present, **told(proposal)}
    if proposal.effect == "instruct":
        if await able_executor(proposal.executor) is None or proposal.due_on <= in_town(at).date():
            raise OutOfTurn("The executor or the date of the instruction no longer holds: propose the decision anew.")
        await take(moves.INSTRUCT, message, by=by, executor=proposal.executor, round=message.round + 1)
        book = await rulebook()
        await owe(instructed(message, book, on=proposal.due_on, at=at, owed_by=proposal.executor))
    else:
        await take(moves.RESOLVE, message, by=by, closed_at=at)
    await record(Kind.DECIDED, message, by=by, at=at, **said)
