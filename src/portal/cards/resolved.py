"""Whether a case was ended by the commission (§4.4, R27): then the outcome of its last answer is not how it ended."""

from domain.model import Message

# About the message that the statement calls `{m}`.
ENDED = """EXISTS (SELECT FROM agenda_item ai JOIN proposal pp ON pp.item = ai.id
    WHERE ai.message = {m}.id AND {m}.status = 'closed' AND pp.outcome = 'adopted' AND pp.effect <> 'instruct')"""
RESOLVED = ENDED.format(m="m")


async def resolved(message: Message) -> bool:
    (row,) = await Message.raw(f"SELECT {RESOLVED} AS resolved FROM message m WHERE m.id = {{}}", message.id)  # noqa: S608
    return bool(row["resolved"])
