"""News for open pages: each event is told in a short stream of Redis, as a hint to ask again; nobody waits for it."""

import asyncio
import json
import logging
import os
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import redis.asyncio

from domain.model import Event
from workers import moment

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2
# What the relay comes to later than this is not told piece by piece: pages are told once to ask for all that they show.
FRESH = timedelta(minutes=2)
ASK_AGAIN = {"again": True}
# Streams lie in a database of Redis, so portals that share a server share no news. So many of the last are kept for
# pages whose connection was broken: their ids grow, each page says which it heard last.
STREAM = "news"
KEPT = 1000
# Whether news of this process could not be told: then the next that is told says so as well.
lost = False
# Among those who help are both sides of an offer that waits, or that was answered by this very deed.
TOLD = """
SELECT e.at, e.id AS event, e.kind, e.message, m.status, m.executor,
       ARRAY(SELECT m.author UNION SELECT j.author FROM message j WHERE j.joined_to = m.id) AS authors,
       ARRAY(SELECT p.executor FROM part p WHERE p.message = m.id AND p.removed_at IS NULL
             UNION SELECT unnest(ARRAY[h.giver, h.taker]) FROM hand_over h
             WHERE h.message = m.id AND (h.settled_at IS NULL OR h.settled_at = e.at)) AS helpers
FROM event e JOIN message m ON m.id = e.message WHERE e.id = ANY({}::bigint[]) ORDER BY e.id
"""


async def news_of(events: list[int]) -> list[tuple[datetime, dict[str, Any]]]:
    """When what happened to which message, and how it stands now."""
    rows = await Event.raw(TOLD, events) if events else []
    return [(row.pop("at"), row) for row in rows]


async def tell_open_pages(events: list[int]) -> None:
    """Tell what has just happened; of what is older, only that pages have missed something."""
    since = moment.now() - FRESH
    happened = await news_of(events)
    fresh = [news for at, news in happened if at > since]
    await publish(fresh if len(fresh) == len(happened) else [*fresh, ASK_AGAIN])


async def tell_of_hints(event: int) -> None:
    """The hints on its message are ready: that is new now, however long ago it was sent."""
    await publish([news for _, news in await news_of([event])])


async def tell_of_leases(*messages: int) -> None:
    """Somebody has them open now, or no longer has: told to the pages of moderators, and to nobody else."""
    await publish([{"lease": message} for message in messages])


@lru_cache(1)
def connected(url: str, _: asyncio.AbstractEventLoop) -> redis.asyncio.Redis:
    """Keeps its connections for the next news: to make one takes longer than to tell a hundred."""
    return redis.asyncio.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS)


async def publish(all_news: list[dict[str, Any]]) -> None:
    """Nobody waits for Redis to come back: what it did not take is made up for by whatever is told next."""
    global lost
    if not all_news:
        return
    makes_up = lost
    try:
        client = connected(os.environ["REDIS_URL"], asyncio.get_running_loop())
        async with client.pipeline(transaction=False) as together:
            for news in [ASK_AGAIN, *all_news] if makes_up else all_news:
                together.xadd(STREAM, {"news": json.dumps(news)}, maxlen=KEPT, approximate=False)
            await together.execute()
        lost = lost and not makes_up
    except (redis.RedisError, OSError) as trouble:
        lost = True
        log.warning("open pages were not told of %s: %s", all_news, trouble)
