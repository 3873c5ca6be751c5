"""Co-executors do their parts of a case, and its executor makes one answer of them (§4.1, R11, R15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from domain import attaching, by_itself, moves, pairs, substance
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit, say
from domain.events import Kind, record
from domain.model import Answer, Attachment, Message, Part, Person, Term
from domain.rounds import current, must_write
from domain.rulebook import rulebook
from domain.shares import LIVELY, NAMED, Wish, end, entrust, instead, settle_term
from domain.taking import hold

TEXT_AT_MOST = 4000


@dataclass(frozen=True)
class Report:
    """What a co-executor has written for the answer so far, and the files that go with it."""

    text: str = ""
    key: UUID | None = None
    files: Sequence[UUID] = ()
    dropped: Sequence[UUID] = ()


async def name(message: Message, wish: Wish, *, by: Person, at: datetime) -> Part:
    """Ask one more co-executor for a part; its day lies before the last day of the answer."""
    await must_write(message, by)
    async with atomic():
        await hold(message, by)
        (part,) = await entrust(message, [wish], by=by, at=at)
    return part


async def remove(message: Message, part: int, *, by: Person, at: datetime) -> None:
    """Call a part off: its co-executor no longer sees the case, what they have written stays in the journal."""
    await must_write(message, by)
    async with atomic():
        await hold(message, by)
        found = await locked(message, part)
        await end(found, message, by=by, at=at)


async def locked(message: Message, part: int) -> Part:
    own = (Part.id == part) & (Part.message == message.id) & (Part.round == message.round)
    found = await Part.objects().where(own & NAMED).lock_rows("UPDATE").first()
    if found is None:
        raise Stale("This part was called off meanwhile.")
    return found


async def write(
    message: Message,
    part: int,
    report: Report,
    *,
    by: Person,
    at: datetime,
    version: int | None = None,
    pressed: bool = True,
) -> Part:
    """Save what the co-executor has so far. Raises Stale when another window saved since `version` was opened.

    Where nobody has `pressed`, a page saves while somebody types: then one line of the journal tells of the sitting.
    """
    if len(report.text) > TEXT_AT_MOST:
        raise Unfit({"report": say("The text is longer than %(count)d characters. Shorten it.", count=TEXT_AT_MOST)})
    book = await rulebook()
    async with atomic():
        found = await own(message, part, by)
        await save(found, report, version)
        await change_files(found, report, by, bytes_at_most=book.limits.files_bytes)
        said = {"part": found.id, "version": found.version, **instead(found, by)}
        if pressed or not await by_itself.is_told(Kind.PART_WRITTEN, message, by=by, at=at, part=found.id):
            await record(Kind.PART_WRITTEN, message, by=by, at=at, **said)
    return found


async def save(part: Part, report: Report, version: int | None) -> None:
    text = report.text.strip()
    if version == part.version - 1 and text == part.text:
        return  # this very saving, of which the page has not heard
    if version is not None and version != part.version:
        raise Stale("The part was saved in another window meanwhile.")
    part.text, part.version = text, part.version + 1
    await Part.update({Part.text: part.text, Part.version: part.version}).where(Part.id == part.id)


async def own(message: Message, part: int, by: Person) -> Part:
    """The part, held for its co-executor: nobody else writes in it, and nobody at all when the answer has gone."""
    if message.status not in LIVELY:
        raise OutOfTurn("This can no longer be done: the message is in another state now.")
    await hold(message, by)
    found = await locked(message, part)
    if found.executor not in moves.acting(by):
        raise NotAllowed("This is not yours to do.")
    return found


async def change_files(part: Part, report: Report, by: Person, *, bytes_at_most: int) -> None:
    """Files of a part belong to no message until they are in its answer: so they are shown to officials alone."""
    if report.key is not None and report.files:
        fresh = attaching.LOOSE & (Attachment.uploaded_by == by.id)
        mine = (Attachment.key == report.key) & Attachment.id.is_in(list(report.files)) & fresh
        await Attachment.update({Attachment.part: part.id}).where(mine)
    if report.dropped:
        theirs = (Attachment.part == part.id) & Attachment.id.is_in(list(report.dropped))
        await Attachment.update({Attachment.part: None}).where(theirs)
    files = await Attachment.select(Attachment.kind, Attachment.size).where(Attachment.part == part.id)
    if wrong := attaching.fit(((each["kind"], each["size"]) for each in files), bytes_at_most=bytes_at_most):
        raise Unfit({"files": wrong})


async def complete(message: Message, part: int, *, by: Person, at: datetime) -> None:
    """The co-executor says that their part is done: in words, or by a file."""
    async with atomic():
        found = await own(message, part, by)
        if cast("datetime | None", found.done_at) is not None:
            raise Stale("This part is done already.")
        if not found.text and not await Attachment.exists().where(Attachment.part == found.id):
            raise Unfit({"report": say("Say what was done, or attach a file.")})
        await Part.update({Part.done_at: at}).where(Part.id == found.id)
        await settle_term(found, {Term.met_at: at})
        await record(Kind.PART_DONE, message, by=by, at=at, part=found.id, text=found.text, **instead(found, by))


async def take_over(message: Message, part: int, *, by: Person, at: datetime) -> Answer:
    """Put the words and the files of a part into the one answer of the case, where its executor works on them."""
    await must_write(message, by)
    async with atomic():
        await hold(message, by)
        found = await locked(message, part)
        answer = await with_words_of(found, message, by)
        await copy_files(found, message, answer)
        await pairs.propose(message, answer)
        await record(Kind.DRAFTED, message, by=by, at=at, answer=answer.id, version=answer.version, part=found.id)
    return answer


async def with_words_of(part: Part, message: Message, by: Person) -> Answer:
    answer = await current(message)
    text = "\n\n".join(each for each in (answer.text.strip() if answer else "", part.text) if each)
    if len(text) > substance.TEXT_AT_MOST:
        raise Unfit(
            {"text": say("The text is longer than %(count)d characters. Shorten it.", count=substance.TEXT_AT_MOST)}
        )
    if answer is None:
        answer = Answer(message=message.id, round=message.round, author=by.id, text=text)
        await Answer.insert(answer)
        return answer
    answer.text, answer.version = text, answer.version + 1
    await Answer.update({Answer.text: text, Answer.version: answer.version}).where(Answer.id == answer.id)
    return answer


async def copy_files(part: Part, message: Message, answer: Answer) -> None:
    """Rows of their own, so that taking a file out of the answer leaves the part as it was; none comes twice."""
    there = await Attachment.select(Attachment.content_hash).where(Attachment.answer == answer.id)
    known = {row["content_hash"] for row in there}
    for file in await Attachment.objects().where(Attachment.part == part.id).order_by(Attachment.received_at):
        if file.content_hash not in known:
            known.add(file.content_hash)
            values = file.to_dict() | {"id": uuid4(), "message": message.id, "answer": answer.id, "part": None}
            await Attachment.insert(Attachment(**values))
