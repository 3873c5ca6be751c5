"""What follows from what happened: every kind of event, and the reactions to it. One page.

A reaction is carried out at least once, and so is written to do no harm when it runs twice.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.events import Kind
from domain.model import Event
from workers import covering, edits, live, mail, pictures, protocol
from workers.mail import Write, addressing, commission, control, gathering, post
from workers.mail.composing import Letter, composed

NO_USE = "There is nobody any more to whom this letter is of use."


class GiveUp(Exception):
    """To try this again would be of no use."""


@dataclass(frozen=True)
class Addressee:
    """One reader of a letter, and the id under which they get it."""

    recipient: str
    message_id: str


async def nobody(event: Event) -> list[Letter]:
    raise GiveUp("This reaction has no readers.")


@dataclass(frozen=True)
class Reaction:
    """What to do with an event, under which name, in which queue, and how often before it is given up.

    What is for several readers is owed to each of them by `do`, and what each gets then is among what `write` has
    written: a mailbox that is full keeps nobody else waiting, and nobody gets a second letter because of it.
    """

    name: str
    do: Callable[[Event], Awaitable[None]]
    queue: str
    attempts: int
    write: Write = nobody
    gathered: bool = False

    async def letter_to(self, recipient: str, event: Event) -> Letter | None:
        return next((each for each in await self.write(event) if each.recipient == recipient), None)


def letter(write: Write, *, gathered: bool = False) -> Reaction:
    """Owe what the function wrote. Ten attempts outlast a mail server that is away for four days.

    What is `gathered` waits a little for others to the same reader, and goes with them as one digest.
    """
    name = f"mail:{write.__name__}"
    wait = gathering.WAIT if gathered else timedelta()

    async def owe(event: Event) -> None:
        await addressing.owe(name, await write(event), wait=wait)

    return Reaction(name, owe, "mail", attempts=10, write=write, gathered=gathered)


async def reach(to: Addressee, owed: Mapping[int, tuple[Reaction, Event]]) -> tuple[str, list[int]]:
    """Send what these deliveries owe to one reader as one letter. Returns its address, and those that it contains."""
    of_use = {}
    for delivery, (reaction, event) in owed.items():
        if letter := await reaction.letter_to(to.recipient, event):
            of_use[delivery] = letter
    if not of_use:
        raise GiveUp(NO_USE)
    letters = list(of_use.values())
    whole = letters[0] if len(letters) == 1 else await gathering.digest(letters)
    try:
        await post.send(composed(whole, to.message_id), to=whole.address)
    except post.Undeliverable as reason:
        raise GiveUp(str(reason)) from reason
    return whole.address, list(of_use)


# As many as a letter has: an antivirus may be away as long as a mail server.
PICTURES = Reaction("pictures", pictures.prepare_pictures, "pictures", attempts=10)
EDITS = Reaction("edits", edits.edit_photo, "pictures", attempts=10)
COVERS = Reaction("covers", covering.cover_photo, "pictures", attempts=6)
PROTOCOL = Reaction("protocol", protocol.write_protocol, "pictures", attempts=6)
NEWS = Reaction("live", live.tell_open_pages, "live", attempts=1)

REACTIONS: dict[Kind, tuple[Reaction, ...]] = {
    Kind.SUBMITTED: (letter(mail.taken_in), PICTURES, NEWS),
    Kind.CORRECTED: (letter(mail.taken_in), PICTURES, NEWS),
    Kind.REGISTERED: (letter(mail.registered), letter(mail.assigned), NEWS),
    Kind.ANSWERED_AT_ONCE: (letter(mail.answered), NEWS),
    Kind.REFUSED: (letter(mail.refused), NEWS),
    Kind.QUESTIONED: (letter(mail.questioned), NEWS),
    Kind.REPLIED: (PICTURES, NEWS),
    Kind.JOINED: (letter(mail.joined), NEWS),
    Kind.DETACHED: (letter(mail.detached), letter(mail.assigned), NEWS),
    Kind.TOOK_IN: (NEWS,),
    Kind.LET_GO: (NEWS,),
    Kind.ACCEPTED: (NEWS,),
    Kind.HANDED_BACK: (NEWS,),
    Kind.REROUTED: (letter(mail.assigned), NEWS),
    Kind.PUBLISHED: (NEWS,),
    Kind.ANSWER_PUBLISHED: (NEWS,),
    Kind.PUBLICATION_REJECTED: (NEWS,),
    Kind.PHOTO_COVERED: (COVERS, NEWS),
    Kind.PHOTO_EDITED: (EDITS, NEWS),
    Kind.PHOTO_CONFIRMED: (NEWS,),
    Kind.ORIGINAL_TAKEN: (),
    Kind.CONSENT_WITHDRAWN: (NEWS,),
    Kind.PART_NAMED: (letter(mail.part_named), NEWS),
    Kind.PART_WRITTEN: (PICTURES, NEWS),
    Kind.PART_DONE: (letter(mail.part_done), PICTURES, NEWS),
    Kind.PART_REMOVED: (letter(mail.part_removed), NEWS),
    Kind.DRAFTED: (PICTURES, NEWS),
    Kind.SENT_FOR_REVIEW: (NEWS,),
    Kind.SENT_BACK: (letter(mail.sent_back), NEWS),
    Kind.APPROVED: (letter(mail.answered), NEWS),
    Kind.RATED: (PICTURES, NEWS),
    Kind.SENT_TO_REWORK: (letter(mail.sent_to_rework), letter(mail.rework_due), NEWS),
    Kind.BROUGHT_TO_COMMISSION: (letter(mail.brought_to_commission), letter(commission.commission_waits), NEWS),
    Kind.CLOSED: (letter(mail.closed_unrated), NEWS),
    Kind.PROMISE_CAME: (letter(mail.promise_came), letter(mail.follow_up_due), NEWS),
    Kind.SITTING_CALLED: (NEWS,),
    Kind.PRESENCE_NOTED: (),
    Kind.DECISION_PROPOSED: (),
    Kind.VOTED: (),
    Kind.DECIDED: (letter(commission.commission_decided), letter(commission.instructed), NEWS),
    Kind.SITTING_CLOSED: (PROTOCOL, NEWS),
    Kind.BLOCKED: (letter(commission.blocked), NEWS),
    Kind.OBJECTED: (letter(commission.objection_waits), NEWS),
    Kind.BLOCK_LIFTED: (letter(commission.objection_decided), NEWS),
    Kind.BLOCK_KEPT: (letter(commission.objection_decided), NEWS),
    Kind.BLOCK_ENDED: (letter(commission.block_ended), NEWS),
    Kind.TERM_REMINDER: (letter(control.term_near, gathered=True), NEWS),
    Kind.TERM_MISSED: (NEWS,),
    Kind.TERM_ESCALATED: (letter(control.term_missed, gathered=True), letter(control.head_told, gathered=True)),
    Kind.REASON_ASKED: (letter(control.reason_asked), NEWS),
    Kind.REASON_GIVEN: (letter(control.reason_given), NEWS),
    Kind.TERM_RECOUNTED: (NEWS,),
    Kind.LETTER_RETURNED: (NEWS,),
    Kind.LETTER_RESENT: (NEWS,),
}

LINES = [(kind.value, reaction.name) for kind, reactions in REACTIONS.items() for reaction in reactions]
BY_NAME = {reaction.name: reaction for reactions in REACTIONS.values() for reaction in reactions}
GATHERED = [name for name, reaction in BY_NAME.items() if reaction.gathered]


async def forgotten(event: Event) -> None:
    raise GiveUp("There is no such reaction in this version of the portal.")


def reaction_of(name: str) -> Reaction:
    return BY_NAME.get(name) or Reaction(name, forgotten, "mail", attempts=1)
