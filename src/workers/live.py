"""News for open pages: each event is told in a short stream of Redis, as a hint to ask again; nobody waits for it."""

import json
import logging
import os
from datetime import datetime, timedelta
from typing import Any

import redis.asyncio

from domain.model import Event
from workers import moment

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2
# A page that was open longer ago than this has been asked anew, or is closed.
FRESH = timedelta(minutes=2)
# Streams lie in a database of Redis, so portals that share a server share no news. So many of the last are kept for
# pages whose connection was broken: their ids grow, each page says which it heard last.
STREAM = "news"
KEPT = 1000
# Among those who help are both sides of an offer that waits, or that was answered by this very deed.
TOLD = """
SELECT e.id AS event, e.kind, e.message, m.status, m.executor,
       ARRAY(SELECT m.author UNION SELECT j.author FROM message j WHERE j.joined_to = m.id) AS authors,
       ARRAY(SELECT p.executor FROM part p WHERE p.message = m.id AND p.removed_at IS NULL
             UNION SELECT unnest(ARRAY[h.giver, h.taker]) FROM hand_over h
             WHERE h.message = m.id AND (h.settled_at IS NULL OR h.settled_at = e.at)) AS helpers
FROM event e JOIN message m ON m.id = e.message WHERE e.id = ANY({}::bigint[]) AND e.at > {} ORDER BY e.id
"""


async def news_of(events: list[int], *, since: datetime) -> list[dict[str, Any]]:
    """What happened to which message, and how it stands now."""
    return await Event.raw(TOLD, events, since) if events else []


async def tell_open_pages(events: list[int]) -> None:
    """Tell what has just happened. A lost piece of news is not missed."""
    happened = await news_of(events, since=moment.now() - FRESH)
    if not happened:
        return
    await publish(happened)


async def tell_of_lease(message: int) -> None:
    """Somebody has a message open now, or no longer has: told to the pages of moderators, and to nobody else."""
    await publish([{"lease": message}])


async def publish(all_news: list[dict[str, Any]]) -> None:
    try:
        async with (
            redis.asyncio.from_url(
                os.environ["REDIS_URL"], socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS
            ) as client,
            client.pipeline(transaction=False) as together,
        ):
            for news in all_news:
                together.xadd(STREAM, {"news": json.dumps(news)}, maxlen=KEPT, approximate=False)
            await together.execute()
    except (redis.RedisError, OSError) as trouble:
        log.warning("open pages were not told of %s: %s", all_news, trouble)
