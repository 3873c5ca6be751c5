"""What the author reads of the publication of their message (R10, R28): where it stands, and what was kept from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.directories.reading import named_then
from domain.model import Message

# Whether the topic is open, and the message itself, its answers and its photos with the rejection that holds now.
STANDING = f"""
SELECT topic.closed, rejected.what, rejected.ground, rejected.hint, rejected.words, rejected.at
FROM topic LEFT JOIN (
    SELECT r.id, what, {named_then("rejection_grounds", "g", "r.at")} AS ground, g.hint, r.words, r.at FROM (
        SELECT 'message' AS what, rejection FROM message WHERE id = {{}} AND rejection IS NOT NULL
        UNION ALL SELECT 'answer', rejection FROM answer WHERE message = {{}} AND rejection IS NOT NULL
        UNION ALL SELECT 'photo', rejection FROM attachment WHERE message = {{}} AND rejection IS NOT NULL
    ) kept JOIN rejection r ON r.id = kept.rejection JOIN rejection_ground g ON g.id = r.ground
) rejected ON true WHERE topic.id = {{}} ORDER BY rejected.id
"""  # noqa: S608


@dataclass(frozen=True)
class Kept:
    """A message, an answer or a photo that is not published, and why."""

    what: str
    ground: str
    hint: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Published:
    """`state` is withheld, closed, shown, rejected or waits; `url` is that of the public page while it is shown."""

    state: str
    url: str | None
    kept: Sequence[Kept]
    withdraw: str | None


async def published(message: Message) -> Published:
    rows = await Message.raw(STANDING, *[message.id] * 3, message.topic)
    kept = [Kept(row["what"], row["ground"], row["hint"], row["words"], row["at"]) for row in rows if row["what"]]
    state = state_of(message, closed=rows[0]["closed"])
    return Published(
        state=state,
        url=f"/publications/{message.number}" if state == "shown" else None,
        kept=kept if message.consent else (),
        withdraw=f"/messages/{message.id}/consent/withdrawal" if message.consent else None,
    )


def state_of(message: Message, *, closed: bool) -> str:
    if not message.consent:
        return "withheld"
    if closed:
        return "closed"
    if message.published_at:
        return "shown"
    return "rejected" if message.rejection else "waits"
