"""News for open pages: each event is told in a short stream of Redis, as a hint to ask again; nobody waits for it."""

import json
import logging
import os
from datetime import timedelta

import redis.asyncio

from domain.model import Event, Message, Part
from workers import moment

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2
# A page that was open longer ago than this has been asked anew, or is closed.
FRESH = timedelta(minutes=2)
# Streams lie in a database of Redis, so portals that share a server share no news. So many of the last are kept for
# pages whose connection was broken: their ids grow, each page says which it heard last.
STREAM = "news"
KEPT = 1000


async def tell_open_pages(event: Event) -> None:
    """Reaction: publish what happened to which message, and how it stands now. A lost piece of news is not missed."""
    if moment.now() - event.at > FRESH:
        return
    news = {"news": json.dumps(await news_of(event))}
    try:
        async with redis.asyncio.from_url(
            os.environ["REDIS_URL"], socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS
        ) as client:
            await client.xadd(STREAM, news, maxlen=KEPT, approximate=False)
    except (redis.RedisError, OSError) as trouble:
        log.warning("open pages were not told of event %s: %s", event.id, trouble)


async def news_of(event: Event) -> dict[str, object]:
    asked = Message.select(Message.status, Message.executor, Message.author).where(Message.id == event.message)
    (message,) = await asked
    helping = (Part.message == event.message) & Part.removed_at.is_null()
    return {
        "event": event.id,
        "kind": event.kind,
        "message": event.message,
        "status": message["status"],
        "executor": message["executor"],
        "helpers": await Part.select(Part.executor).where(helping).output(as_list=True),
        "author": message["author"],
    }
