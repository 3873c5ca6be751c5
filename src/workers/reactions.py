"""What follows from what happened: every kind of event, and the reactions to it. One page.

A reaction is carried out at least once, and so is written to do no harm when it runs twice.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.events import Kind
from domain.model import Event
from workers import covering, edits, mail, pictures, protocol, pushing, vapid
from workers.mail import Write, addressing, commission, control, desk, followers, gathering
from workers.mail.composing import Letter
from workers.reaching import PUSH, Gather, GiveUp, Reach, by_letter, by_push


async def nobody(event: Event) -> list[Letter]:
    raise GiveUp("This reaction has no readers.")


async def forgotten(event: Event) -> None:
    raise GiveUp("There is no such reaction in this version of the portal.")


async def hint(event: Event) -> None:
    # Only the worker that reads texts loads what it takes; the others begin again the faster after a fall.
    from workers.screening import hinting

    await hinting.hint(event)


@dataclass(frozen=True)
class Reaction:
    """What to do with an event, under which name, in which queue, and how often before it is given up.

    What is for several readers is owed to each of them by `do`, and what each gets then is among what `write` has
    written: a mailbox that is full keeps nobody else waiting, and nobody gets a second letter because of it.
    What `do` has written for a sole reader it returns, by the delivery which it has owed.
    Where readers are many, `to_one` writes for one of them. What `gather` puts together may go as one letter.
    """

    name: str
    do: Callable[[Event], Awaitable[Mapping[int, Letter] | None]]
    queue: str
    attempts: int
    write: Write = nobody
    gather: Gather | None = None
    to_one: Callable[[Event, str], Awaitable[Letter | None]] | None = None
    reach: Reach = by_letter

    async def letter_to(self, recipient: str, event: Event) -> Letter | None:
        if self.to_one:
            return await self.to_one(event, recipient)
        return next((each for each in await self.write(event) if each.recipient == recipient), None)


def letter(write: Write, *, gathered: bool = False) -> Reaction:
    """Owe what the function wrote. Twelve attempts outlast a mail server that refuses for three days.

    What is `gathered` waits a little for others to the same reader, and goes with them as one digest.
    """
    name = f"mail:{write.__name__}"
    wait = gathering.WAIT if gathered else timedelta()

    async def owe(event: Event) -> Mapping[int, Letter]:
        return await addressing.owe(name, await write(event), wait=wait)

    return Reaction(name, owe, "mail", attempts=12, write=write, gather=gathering.digest if gathered else None)


def push(name: str) -> Reaction:
    """Owe it to each browser that is to be told. Seven attempts: after forty minutes it is no news any more."""
    return Reaction(PUSH + name, pushing.owing(name), "push", attempts=7, reach=by_push)


# As many as a letter has: an antivirus may be away for three days.
PICTURES = Reaction("pictures", pictures.prepare_pictures, "pictures", attempts=12)
EDITS = Reaction("edits", edits.edit_photo, "pictures", attempts=12)
COVERS = Reaction("covers", covering.cover_photo, "pictures", attempts=7)
PROTOCOL = Reaction("protocol", protocol.write_protocol, "pictures", attempts=7)
HINTS = Reaction("hints", hint, "hints", attempts=7)
# No delivery: the relay itself tells the open pages at once, and once.
NEWS = Reaction("live", forgotten, "", attempts=1)
# Whoever follows what is public may be thousands: they are owed by one statement, and written to one by one.
# In a queue of their own: when the mail was away, or is slow, nobody else's letter stands behind theirs.
FOLLOWED = Reaction(
    followers.NAME, followers.owe, "followers", attempts=12, gather=followers.followed_digest, to_one=followers.to_one
)

REACTIONS: dict[Kind, tuple[Reaction, ...]] = {
    Kind.SUBMITTED: (letter(mail.taken_in), PICTURES, HINTS, push("message_waits"), NEWS),
    Kind.CORRECTED: (letter(mail.taken_in), PICTURES, HINTS, push("message_waits"), NEWS),
    Kind.REGISTERED: (letter(mail.registered), letter(mail.assigned), push("registered"), NEWS),
    Kind.ANSWERED_AT_ONCE: (letter(mail.answered), push("answered"), NEWS),
    Kind.REFUSED: (letter(mail.refused), push("refused"), NEWS),
    Kind.QUESTIONED: (letter(mail.questioned), push("questioned"), NEWS),
    Kind.REPLIED: (PICTURES, NEWS),
    Kind.JOINED: (letter(mail.joined), letter(mail.case_joined), push("joined"), FOLLOWED, NEWS),
    Kind.DETACHED: (letter(mail.detached), letter(mail.assigned), push("detached"), FOLLOWED, NEWS),
    Kind.TOOK_IN: (NEWS,),
    Kind.LET_GO: (NEWS,),
    Kind.ACCEPTED: (FOLLOWED, NEWS),
    Kind.HANDED_BACK: (NEWS,),
    Kind.REROUTED: (letter(mail.assigned), NEWS),
    Kind.PUBLISHED: (FOLLOWED, NEWS),
    Kind.ANSWER_PUBLISHED: (FOLLOWED, NEWS),
    Kind.PUBLICATION_REJECTED: (NEWS,),
    Kind.PHOTO_COVERED: (COVERS, NEWS),
    Kind.PHOTO_EDITED: (EDITS, NEWS),
    Kind.PHOTO_CONFIRMED: (NEWS,),
    Kind.AUTHOR_OPENED: (),
    Kind.ORIGINAL_TAKEN: (),
    Kind.CONSENT_WITHDRAWN: (NEWS,),
    Kind.PART_NAMED: (letter(mail.part_named), NEWS),
    Kind.PART_WRITTEN: (PICTURES, NEWS),
    Kind.PART_DONE: (letter(mail.part_done), PICTURES, NEWS),
    Kind.PART_REMOVED: (letter(mail.part_removed), NEWS),
    Kind.HAND_OVER_OFFERED: (letter(desk.case_offered), NEWS),
    Kind.HAND_OVER_TAKEN: (letter(desk.case_taken), NEWS),
    Kind.HAND_OVER_RETURNED: (letter(desk.case_returned), NEWS),
    Kind.HAND_OVER_WITHDRAWN: (NEWS,),
    Kind.DRAFTED: (PICTURES, NEWS),
    Kind.SENT_FOR_REVIEW: (NEWS,),
    Kind.SENT_BACK: (letter(mail.sent_back), NEWS),
    Kind.APPROVED: (letter(mail.answered), push("answered"), FOLLOWED, NEWS),
    Kind.RATED: (PICTURES, NEWS),
    Kind.SENT_TO_REWORK: (letter(mail.sent_to_rework), letter(mail.rework_due), push("sent_to_rework"), FOLLOWED, NEWS),
    Kind.BROUGHT_TO_COMMISSION: (
        letter(mail.brought_to_commission),
        letter(commission.commission_waits),
        push("brought_to_commission"),
        FOLLOWED,
        NEWS,
    ),
    Kind.CLOSED: (letter(mail.closed_unrated), push("closed_unrated"), FOLLOWED, NEWS),
    Kind.PROMISE_CAME: (letter(mail.promise_came), letter(mail.follow_up_due), push("promise_came"), FOLLOWED, NEWS),
    Kind.SITTING_CALLED: (NEWS,),
    Kind.PRESENCE_NOTED: (),
    Kind.DECISION_PROPOSED: (),
    Kind.VOTED: (),
    Kind.DECIDED: (
        letter(commission.commission_decided),
        letter(commission.instructed),
        push("commission_decided"),
        FOLLOWED,
        NEWS,
    ),
    Kind.SITTING_CLOSED: (PROTOCOL, NEWS),
    Kind.BLOCKED: (letter(commission.blocked), push("blocked"), NEWS),
    Kind.OBJECTED: (letter(commission.objection_waits), NEWS),
    Kind.BLOCK_LIFTED: (letter(commission.objection_decided), push("objection_decided"), NEWS),
    Kind.BLOCK_KEPT: (letter(commission.objection_decided), push("objection_decided"), NEWS),
    Kind.BLOCK_ENDED: (letter(commission.block_ended), push("block_ended"), NEWS),
    Kind.TERM_REMINDER: (letter(control.term_near, gathered=True), NEWS),
    Kind.TERM_MISSED: (NEWS,),
    Kind.TERM_ESCALATED: (letter(control.term_missed, gathered=True), letter(control.head_told, gathered=True)),
    Kind.REASON_ASKED: (letter(control.reason_asked), NEWS),
    Kind.REASON_GIVEN: (letter(control.reason_given), NEWS),
    Kind.TERM_RECOUNTED: (NEWS,),
    Kind.LETTER_RETURNED: (NEWS,),
    Kind.LETTER_RESENT: (NEWS,),
    Kind.SUBSCRIPTION_ASKED: (letter(followers.subscription_asked),),
}

LINES = [
    (kind.value, reaction.name)
    for kind, reactions in REACTIONS.items()
    for reaction in reactions
    if reaction is not NEWS
]
BY_NAME = {each.name: each for reactions in REACTIONS.values() for each in reactions if each is not NEWS}
TOLD_AT_ONCE = {kind.value for kind, reactions in REACTIONS.items() if NEWS in reactions}
BY_MAIL = {each.queue for each in BY_NAME.values() if each.write is not nobody or each.to_one}
GATHERED = [name for name, reaction in BY_NAME.items() if reaction.gather]
# What waits for nothing: no other letter, no hour of the day.
WAITS_FOR_NOTHING = [name for name, reaction in BY_NAME.items() if reaction.write is not nobody and not reaction.gather]


def lines() -> list[tuple[str, str]]:
    """The kinds and what follows from each here: without a key of the town nothing is owed to browsers."""
    return LINES if vapid.is_set() else [line for line in LINES if not line[1].startswith(PUSH)]


def reaction_of(name: str) -> Reaction:
    return BY_NAME.get(name) or Reaction(name, forgotten, "mail", attempts=1)
