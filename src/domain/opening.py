"""Personal data is opened, not shown (§4.1, R10): who wants an author's name and contacts says why, and it is kept."""

from datetime import datetime

from domain.database import atomic
from domain.errors import NotAllowed, Sentence, Unfit, say
from domain.events import Kind, record
from domain.model import AuthorOpening, Message, Person
from domain.moves import Role
from domain.seeing import visible_to
from domain.wording import N_
from domain.workdays import in_town

# Those who decide on a message and on objections of its author. Whoever controls the terms reads who has opened what.
OPENERS = (Role.MODERATOR, Role.COORDINATOR)
OTHER = "other"
REASONS = {
    "circumstances": N_("to clear up the circumstances"),
    "contact": N_("to get in touch with the author"),
    "repeat": N_("to see whether the author repeats themselves"),
    "complaint": N_("the author complains"),
    OTHER: N_("another reason"),
}
WORDS_AT_MOST = 300
OPENED = """
INSERT INTO author_opening (message, person, day, reason, words, at) VALUES ({}, {}, {}, {}, {}, {})
ON CONFLICT ON CONSTRAINT author_opening_once DO NOTHING RETURNING id
"""


async def open_contacts(message: Message, *, by: Person, reason: str, words: str = "", at: datetime) -> None:
    """For this official and this case, to the end of the day; what is open already is not opened once more."""
    if by.role not in OPENERS or not await visible_to(by).where(Message.id == message.id).first():
        raise NotAllowed("An author's name and contacts are for the moderators and the coordinator alone (clause 4.1).")
    words = words.strip()
    if errors := misfits(reason, words):
        raise Unfit(errors)
    async with atomic():
        if await AuthorOpening.raw(OPENED, message.id, by.id, in_town(at).date(), reason, words, at):
            await record(Kind.AUTHOR_OPENED, message, by=by, at=at, reason=reason, words=words)


def misfits(reason: str, words: str) -> dict[str, Sentence]:
    if reason not in REASONS:
        return {"opening_reason": say("Say why you need the author's name and contacts (clause 4.1).")}
    if reason == OTHER and not words:
        return {"opening_words": say("Say in words which reason it is (clause 4.1).")}
    if len(words) > WORDS_AT_MOST:
        return {"opening_words": say("No more than %(max_length)s characters fit here.", max_length=WORDS_AT_MOST)}
    return {}
