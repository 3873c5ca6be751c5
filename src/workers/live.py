"""News for open pages: each event is told on a channel of Redis, as a hint to ask again; nobody waits for it."""

import json
import logging
import os
from datetime import timedelta

import redis.asyncio

from domain.model import Event, Message
from workers import moment

log = logging.getLogger(__name__)

CHANNEL = "news"
CONNECT_SECONDS = 2
# A page that was open longer ago than this has been asked anew, or is closed.
FRESH = timedelta(minutes=2)


async def tell_open_pages(event: Event) -> None:
    """Reaction: publish what happened to which message, and how it stands now. A lost piece of news is not missed."""
    if moment.now() - event.at > FRESH:
        return
    news = await news_of(event)
    try:
        async with redis.asyncio.from_url(
            os.environ["REDIS_URL"], socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS
        ) as client:
            await client.publish(CHANNEL, json.dumps(news))
    except (redis.RedisError, OSError) as trouble:
        log.warning("open pages were not told of event %s: %s", event.id, trouble)


async def news_of(event: Event) -> dict[str, object]:
    asked = Message.select(Message.status, Message.executor, Message.author).where(Message.id == event.message)
    (message,) = await asked
    return {
        "event": event.id,
        "kind": event.kind,
        "message": event.message,
        "status": message["status"],
        "executor": message["executor"],
        "author": message["author"],
    }
