"""Remarks to an answer, one a line, and what the next answer says to each of them (§4.4, R24)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from piccolo.columns.combination import WhereRaw

from domain.errors import Sentence, Unfit, say
from domain.model import Message, Remark

LINES_AT_MOST = 10
REPLY_AT_MOST = 1000
OUTCOMES = ("done", "explained")
# People number their lines and put dashes before them; on the page they are numbered anyway.
BULLET = re.compile(r"^\s*(?:[-–—•*]|[0-9]{1,2}[.)])\s+")
# Of the last answer that the citizen got: whatever was drafted since has not reached them.
TO_BE_ANSWERED = """remark.rating IN (
    SELECT r.id FROM rating r JOIN answer an ON an.id = r.answer WHERE an.message = {} AND an.round =
    (SELECT max(round) FROM answer WHERE message = {} AND state = 'approved' AND round < {}))"""


@dataclass(frozen=True)
class Reply:
    """What the new answer says to one remark; in a draft either may be missing."""

    outcome: str | None = None
    text: str = ""


def lines(text: str) -> list[str]:
    """The remarks in a text: each of its lines that says something is one."""
    plain = (BULLET.sub("", line).strip() for line in text.splitlines())
    return [line for line in plain if any(letter.isalnum() for letter in line)]


async def note(rating: int, remarks: Sequence[str]) -> None:
    await Remark.insert(
        *(Remark(rating=rating, position=place, text=line) for place, line in enumerate(remarks, start=1))
    )


async def to_be_answered(message: Message) -> list[Remark]:
    """What the answer of this round has to go through, line by line."""
    return await before(message.id, message.round)


async def before(message: int, round: int, *, of: int | None = None) -> list[Remark]:
    """The remarks that the answer of this round was asked for, whichever round it is now; `of` one author only."""
    asked_for: Any = WhereRaw(TO_BE_ANSWERED, message, message, round)
    if of is not None:
        asked_for &= Remark.rating.person == of
    return await Remark.objects().where(asked_for).order_by(Remark.position)


async def reply(message: Message, replies: Mapping[int, Reply]) -> None:
    """Keep what a draft says to the remarks; the message is held by whoever saves the draft."""
    for remark in await to_be_answered(message) if replies else []:
        if said := replies.get(remark.id):
            fit(remark, said)
            values: dict[Any, Any] = {Remark.outcome: said.outcome, Remark.reply: said.text}
            await Remark.update(values).where(Remark.id == remark.id)


async def stand(message: Message, replies: Mapping[int, Reply]) -> bool:
    """Whether this is what the draft says to the remarks already."""
    rows = await to_be_answered(message) if replies else []
    return all(
        replies.get(each.id, Reply(each.outcome, each.reply)) == Reply(each.outcome, each.reply) for each in rows
    )


def fit(remark: Remark, said: Reply) -> None:
    if said.outcome is not None and said.outcome not in OUTCOMES:
        raise Unfit({f"remark_{remark.id}": say("Choose one of the options.")})
    if len(said.text) > REPLY_AT_MOST:
        too_long = say("The text is longer than %(count)d characters. Shorten it.", count=REPLY_AT_MOST)
        raise Unfit({f"reply_{remark.id}": too_long})


async def unanswered(message: Message) -> dict[str, Sentence]:
    """Which remarks the answer passes over; a rework answers every one of them (4.4)."""
    errors: dict[str, Sentence] = {}
    for remark in await to_be_answered(message):
        nth: Any = remark.position
        if cast("str | None", remark.outcome) is None:
            errors[f"remark_{remark.id}"] = say("Clause 4.4: remark %(nth)s, is it done or explained?", nth=nth)
        if not remark.reply.strip():
            errors[f"reply_{remark.id}"] = say("Clause 4.4: answer remark %(nth)s in words.", nth=nth)
    return errors


async def replied(message: Message) -> dict[str, Any]:
    """For the journal: what the answer that is sent says to each remark."""
    said = [
        {"remark": each.text, "outcome": each.outcome, "reply": each.reply} for each in await to_be_answered(message)
    ]
    return {"replies": said} if said else {}
