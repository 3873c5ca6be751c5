"""Messages that may tell of the same (§3, grounds G07 and G08): near by, and in the same words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from math import cos, radians, sqrt
from typing import Any

from domain.model import Message
from domain.moves import Status
from workers.screening.topics import lemmas

NEAR_METRES = 100
METRES_OF_A_DEGREE = 111_320
SINCE = timedelta(days=90)
# The share of common words, from which on two short texts tell of the same: near by, or by the same author elsewhere.
LIKE_NEAR, LIKE_OWN = 0.22, 0.5
AT_MOST = 5
# Each way to another message has its index; what was refused is not being considered by anybody.
OTHERS = f"""
SELECT o.id, o.author, o.topic, o.text, o.address, o.latitude, o.longitude FROM (
    (SELECT id FROM message WHERE latitude BETWEEN {{}} AND {{}} AND longitude BETWEEN {{}} AND {{}}
     ORDER BY id DESC LIMIT 60)
    UNION (SELECT id FROM message WHERE lower(address) = lower({{}}) AND address <> '' ORDER BY id DESC LIMIT 60)
    UNION (SELECT id FROM message WHERE author = {{}} ORDER BY id DESC LIMIT 30)
) found JOIN message o USING (id)
WHERE o.id < {{}} AND o.sent_at > {{}} AND o.status NOT IN ('{Status.REFUSED}', '{Status.QUESTIONED}')
"""  # noqa: S608


@dataclass(frozen=True)
class Alike:
    """`score` is the share of common words, `metres` how far away it is, where both have a point."""

    message: int
    score: float
    metres: int | None
    own: bool


async def alike(message: Message) -> list[Alike]:
    """Earlier messages, the likest first."""
    latitude: Any = message.latitude
    north, east = latitude or 0.0, message.longitude or 0.0
    high = NEAR_METRES / METRES_OF_A_DEGREE
    wide = high / cos(radians(north))
    # Without a point nothing lies between north and south of it.
    box = (north - high, north + high, east - wide, east + wide) if latitude is not None else (1, 0, 1, 0)
    rows = await Message.raw(OTHERS, *box, message.address, message.author, message.id, message.sent_at - SINCE)
    said = words(message.text)
    found = [of(message, row, said) for row in rows]
    return sorted((each for each in found if each), key=lambda each: -each.score)[:AT_MOST]


def of(message: Message, other: dict[str, Any], said: Collection[str]) -> Alike | None:
    away, own = metres(message, other), other["author"] == message.author
    near = (away is not None and away <= NEAR_METRES) or same_address(message.address, other["address"])
    score = likeness(said, words(other["text"]))
    if not (near and (score >= LIKE_NEAR or other["topic"] == message.topic)) and not (own and score >= LIKE_OWN):
        return None
    return Alike(other["id"], round(score, 2), away, own)


def same_address(one: str, other: str) -> bool:
    return bool(one) and one.casefold() == other.casefold()


def words(text: str) -> frozenset[str]:
    return frozenset(word for word, _ in lemmas(text))


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """Twice the common words among all words of both."""
    both = len(one) + len(other)
    return 2 * len(set(one) & set(other)) / both if both else 0.0


def metres(message: Message, other: dict[str, Any]) -> int | None:
    """Within a town the earth is flat."""
    latitude: Any = message.latitude
    if latitude is None or other["latitude"] is None:
        return None
    north = (other["latitude"] - latitude) * METRES_OF_A_DEGREE
    east = (other["longitude"] - message.longitude) * METRES_OF_A_DEGREE * cos(radians(latitude))
    return round(sqrt(north**2 + east**2))
