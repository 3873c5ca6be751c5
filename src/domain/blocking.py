"""A citizen is kept from sending for at most thirty days, may object, and the block ends by itself (§2, R29)."""

from datetime import datetime
from typing import Any, cast

from domain.blocked import block_of
from domain.database import atomic
from domain.errors import NotAllowed, OutOfTurn, Stale, Unfit, say
from domain.events import Kind, record
from domain.model import Block, BlockGround, Event, Message, Objection, Person
from domain.moves import Role
from domain.wording import N_
from domain.workdays import in_days

DAYS_AT_MOST = 30  # 2: «сроком до 30 дней»
TEXT_AT_MOST = 3000
FASTER = N_("%(who)s was faster: the author is blocked until %(day)s.")
ALREADY = N_("The objection is decided already: %(who)s was faster.")
TOO_LONG = N_("The text is longer than %(count)d characters. Shorten it.")


async def block(
    message: Message, *, by: Person, at: datetime, ground: int | None, days: int, explanation: str
) -> Block:
    """Block the author of this message, its occasion, until the end of the last of so many calendar days.

    Raises Stale when a block holds already: it is not made longer, neither by a second moderator nor by the first.
    """
    if by.role != Role.MODERATOR:
        raise NotAllowed("This is not yours to do.")
    named = await fitting(ground, days, explanation)
    until = in_days(at, days)
    async with atomic():
        await Person.objects().where(Person.id == message.author).lock_rows("NO KEY UPDATE")
        if held := await block_of(message.author, at=at):
            raise await faster(held)
        made = Block(
            person=message.author,
            message=message.id,
            ground=named.id,
            ground_name=named.name,
            reason=explanation.strip(),
            days=days,
            began_at=at,
            last_day=until.due_on,
            ends_at=until.runs_out_at,
            imposed_by=by.id,
        )
        await Block.insert(made)
        said = {"block": made.id, "ground": named.name, "days": days, "last_day": until.due_on}
        await record(Kind.BLOCKED, message, by=by, at=at, reason=made.reason, **said)
    return made


async def fitting(ground: int | None, days: int, explanation: str) -> BlockGround:
    named = await BlockGround.objects().get((BlockGround.id == ground) & BlockGround.active.eq(True))
    errors = {}
    if named is None:
        errors["ground"] = say("Choose the reason from the list.")
    if not 1 <= days <= DAYS_AT_MOST:
        errors["days"] = say("A block lasts from 1 to %(count)d days.", count=DAYS_AT_MOST)
    if not explanation.strip():
        errors["explanation"] = say("Say in words what the author is blocked for: they read this.")
    elif len(explanation) > TEXT_AT_MOST:
        errors["explanation"] = say(TOO_LONG, count=TEXT_AT_MOST)
    if errors or named is None:
        raise Unfit(errors)
    return named


async def faster(held: Block) -> Stale:
    who = await Person.objects().get(Person.id == held.imposed_by)
    return Stale(FASTER, who=who.name if who else "", day=f"{held.last_day:%d.%m.%Y}")


async def object_to(block: Block, *, by: Person, at: datetime, text: str) -> None:
    """The blocked citizen tells the coordinator, once, why the block is wrong; it holds meanwhile."""
    if block.person != by.id:
        raise NotAllowed("This is not yours to do.")
    if not text.strip():
        raise Unfit({"text": say("Say why the block is wrong.")})
    if len(text) > TEXT_AT_MOST:
        raise Unfit({"text": say(TOO_LONG, count=TEXT_AT_MOST)})
    if not holds(block, at):
        raise OutOfTurn("The block has ended already.")
    async with atomic():
        row = Objection(block=block.id, text=text.strip(), at=at)
        if not await Objection.insert(row).on_conflict(Objection.block, "DO NOTHING"):
            raise Stale("You have objected already; the coordinator will answer.")
        await record(Kind.OBJECTED, await occasion(block), by=by, at=at, block=block.id, text=row.text)


def holds(block: Block, at: datetime) -> bool:
    lifted_at = cast("datetime | None", block.lifted_at)
    return lifted_at is None and block.ends_at > at


async def answer(objection: Objection, *, by: Person, at: datetime, decision: str, reason: str) -> None:
    """The coordinator lifts the block or keeps it, with the reason that the citizen reads."""
    if by.role != Role.COORDINATOR:
        raise NotAllowed("This is not yours to do.")
    errors = {}
    if decision not in ("lifted", "kept"):
        errors["decision"] = say("Choose one of the options.")
    if not reason.strip():
        errors["reason"] = say("Give the reason: the citizen reads it.")
    if errors:
        raise Unfit(errors)
    async with atomic():
        said = reason.strip()
        decided: dict[Any, Any] = {"decision": decision, "reason": said, "decided_by": by.id, "decided_at": at}
        open_still = (Objection.id == objection.id) & Objection.decided_at.is_null()
        if not await Objection.update(decided).where(open_still).returning(Objection.id):
            raise await answered(objection)
        block = await block_to_lift(objection, lift=decision == "lifted", at=at)
        kind = Kind.BLOCK_LIFTED if decision == "lifted" else Kind.BLOCK_KEPT
        await record(kind, await occasion(block), by=by, at=at, block=block.id, reason=said)


async def answered(objection: Objection) -> Stale:
    row = await Objection.select(Objection.decided_by.name.as_alias("who")).where(Objection.id == objection.id).first()
    return Stale(ALREADY, who=row["who"] if row else "")


async def block_to_lift(objection: Objection, *, lift: bool, at: datetime) -> Block:
    """A block that has ended meanwhile stays as it was: there is nothing to lift, only something to answer."""
    block = await Block.objects().where(Block.id == objection.block).lock_rows("UPDATE").first()
    if block is None:
        raise LookupError(f"block {objection.block} is gone")
    if lift and block.ends_at > at:
        await Block.update({Block.lifted_at: at}).where(Block.id == block.id)
    return block


async def occasion(block: Block) -> Message:
    message = await Message.objects().get(Message.id == block.message)
    if message is None:
        raise LookupError(f"message {block.message} of block {block.id} is gone")
    return message


ENDED = """
WITH due AS (
    SELECT id FROM block WHERE ends_at <= {} AND lifted_at IS NULL AND end_told_at IS NULL
    ORDER BY ends_at, id LIMIT {} FOR UPDATE SKIP LOCKED
), ended AS (
    UPDATE block SET end_told_at = {} FROM due WHERE block.id = due.id RETURNING block.id, message
)
INSERT INTO event (kind, message, at, data)
SELECT {}, message, {}, jsonb_build_object('block', id) FROM ended RETURNING id
"""


async def tell_ended(*, at: datetime, limit: int = 200) -> int:
    """Record once each block that has run out, so that its person is told; the end itself needs no telling."""
    return len(await Event.raw(ENDED, at, limit, at, Kind.BLOCK_ENDED, at))
