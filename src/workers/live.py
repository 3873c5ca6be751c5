"""News for open pages: each event is told on a channel of Redis, as a hint to ask again; nobody waits for it."""

import json
import logging
import os
from datetime import timedelta

import redis.asyncio
from redis.asyncio.connection import parse_url

from domain.model import Event, HandOver, Message, Part
from workers import moment

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2
# A page that was open longer ago than this has been asked anew, or is closed.
FRESH = timedelta(minutes=2)


def channel_of(redis_url: str) -> str:
    """Publishing knows no database numbers, so portals that share a Redis are told apart by the channel's name."""
    return f"news:{parse_url(redis_url).get('db', 0)}"


async def tell_open_pages(event: Event) -> None:
    """Reaction: publish what happened to which message, and how it stands now. A lost piece of news is not missed."""
    if moment.now() - event.at > FRESH:
        return
    news = await news_of(event)
    url = os.environ["REDIS_URL"]
    try:
        async with redis.asyncio.from_url(
            url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS
        ) as client:
            await client.publish(channel_of(url), json.dumps(news))
    except (redis.RedisError, OSError) as trouble:
        log.warning("open pages were not told of event %s: %s", event.id, trouble)


async def handing_over(event: Event) -> list[int]:
    """Both of an offer that waits, or that was answered by this very deed."""
    lively = HandOver.settled_at.is_null() | (HandOver.settled_at == event.at)
    rows = await HandOver.select(HandOver.giver, HandOver.taker).where((HandOver.message == event.message) & lively)
    return [person for row in rows for person in (row["giver"], row["taker"])]


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
        "helpers": await Part.select(Part.executor).where(helping).output(as_list=True) + await handing_over(event),
        "author": message["author"],
    }
