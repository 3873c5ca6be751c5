"""A citizen sends a message, or corrects one that was refused and sends it again (§3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain import attaching, moves
from domain.blocked import may_send
from domain.database import atomic
from domain.errors import NotAllowed, Sentence, Stale, Unfit, say
from domain.events import Kind, record
from domain.model import Message, Person
from domain.moves import Role, Status
from domain.offering import Brought, photos_among, photos_kept, wrong_topic
from domain.rulebook import Rulebook, rulebook
from domain.taking import take
from domain.terms import Owed, owe, owed

TEXT_AT_MOST = 3000
ADDRESS_AT_MOST = 300
NOTHING_YET = Brought(photos=0)
# As words, because Piccolo takes longer to put a statement together than PostgreSQL to run it.
SENT = """
INSERT INTO message (key, author, status, sent_at, text, topic, address, latitude, longitude, consent)
SELECT {}::uuid, {}::bigint, {}, {}::timestamptz, {}, {}::bigint, {}, {}::float8, {}::float8, {}::boolean
WHERE NOT EXISTS (SELECT FROM block WHERE person = {} AND lifted_at IS NULL AND ends_at > {})
ON CONFLICT (key) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Matter:
    """What a citizen says (R03): text, one topic, a place by address or point, consent to publication, files.

    `dropped` are files of an earlier sending that the corrected message goes without.
    """

    text: str
    topic: int | None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    consent: bool | None = None
    files: Sequence[UUID] = ()
    dropped: Sequence[UUID] = ()

    def columns(self) -> dict[str, Any]:
        return {
            "text": self.text.strip(),
            "topic": self.topic,
            "address": self.address.strip(),
            "latitude": self.latitude,
            "longitude": self.longitude,
            "consent": bool(self.consent),
        }


async def submit(matter: Matter, *, key: UUID, by: Person, at: datetime) -> Message:
    """Take a message in: registration is owed the same day or the next (R05), a decision within two (R06).

    The same key is the same message, so a form sent twice is one message. Raises Unfit for what does not fit and
    for whoever is blocked (R29), NotAllowed for anybody but a citizen, Stale for another text under a key already used.
    """
    if by.role != Role.CITIZEN:
        raise NotAllowed("Only a citizen signed in through ESIA can send a message.")
    book = await rulebook()
    await check(matter, key, book, at=at)
    async with atomic():
        said = {"key": key, "author": by.id, "status": Status.SUBMITTED, "sent_at": at, **matter.columns()}
        rows = await Message.raw(SENT, *said.values(), by.id, at)
        if not rows:
            return await sent_before(key, matter, by, at=at)
        message = Message(_exists_in_db=True, id=rows[0]["id"], **said)
        await attaching.attach_all(key, matter.files, to=message)
        await open_terms(message, book, at)
        await record(Kind.SUBMITTED, message, by=by, at=at, sending=1)
    return message


async def sent_before(key: UUID, matter: Matter, by: Person, *, at: datetime) -> Message:
    """The message that was sent with this form already; nothing was written for whoever is blocked either."""
    message = await Message.objects().get(Message.key == key)
    if message is None:
        await may_send(by, at=at)
    if message is None or message.author != by.id or message.text != matter.text.strip():
        raise Stale("Another message was already sent with this form. Open a new form.")
    return message


async def correct(message: Message, matter: Matter, *, by: Person, at: datetime) -> None:
    """Send a refused message again: what it said before stays in the journal, its clocks start anew (R08)."""
    book = await rulebook()
    kept = Brought(await photos_kept(message, matter.dropped), message.topic)
    await check(matter, message.key, book, at=at, kept=kept)
    was = {name: getattr(message, name) for name in matter.columns()} | {"dropped": list(matter.dropped)}
    async with atomic():
        await may_send(by, at=at)
        sending = message.sending + 1
        await take(moves.CORRECT, message, by=by, sending=sending, sent_at=at, **matter.columns())
        await attaching.attach_all(message.key, matter.files, to=message)
        await attaching.detach(message, matter.dropped)
        await open_terms(message, book, at)
        await record(Kind.CORRECTED, message, by=by, at=at, sending=sending, was=was)


async def open_terms(message: Message, book: Rulebook, at: datetime) -> None:
    await owe(owed(Owed.REGISTRATION, message, book, at=at), owed(Owed.DECISION, message, book, at=at))


async def check(matter: Matter, key: UUID, book: Rulebook, *, at: datetime, kept: Brought = NOTHING_YET) -> None:
    """Raise Unfit with every field that does not fit, all at once; `kept` is what a corrected message has already."""
    errors = said(matter)
    files = await attaching.received(key, matter.files)
    if matter.topic is not None:
        brought = Brought(kept.photos + photos_among(files), kept.topic)
        errors |= await wrong_topic(matter.topic, brought, at=at)
    if files:
        wrong = attaching.fit(((f.kind, f.size) for f in files), bytes_at_most=book.limits.files_bytes)
        if wrong:
            errors["files"] = wrong
    if errors:
        raise Unfit(errors)


def said(matter: Matter) -> dict[str, Sentence]:
    """What is missing or too long in what the citizen said."""
    errors: dict[str, Sentence] = {}
    if matter.topic is None:
        errors["topic"] = say("Choose a topic: the term of the answer depends on it.")
    if not matter.text.strip():
        errors["text"] = say("Describe what happened.")
    elif len(matter.text) > TEXT_AT_MOST:
        errors["text"] = say("The text is longer than %(count)d characters. Shorten it.", count=TEXT_AT_MOST)
    if not matter.address.strip() and (matter.latitude is None or matter.longitude is None):
        errors["address"] = say("Give an address or a landmark, or mark the place.")
    elif len(matter.address) > ADDRESS_AT_MOST:
        errors["address"] = say("The address is longer than %(count)d characters. Shorten it.", count=ADDRESS_AT_MOST)
    if matter.consent is None:
        errors["consent"] = say("Say whether the message may be published.")
    return errors
