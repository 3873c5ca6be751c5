"""Open pages hear of what happens, and nobody waits for a Redis that is away."""

import asyncio
import json
from datetime import timedelta

import pytest
import redis.asyncio
from tests.people import Town
from tests.stories import registered
from tests.workers.conftest import all_delivered, deliveries

from domain.model import Delivery, Event
from workers import live, moment

pytestmark = pytest.mark.usefixtures("database")


async def heard(url: str, town: Town) -> list[dict[str, object]]:
    """What a page hears that was open while a message was registered, just now."""
    async with redis.asyncio.from_url(url) as client, client.pubsub() as channel:
        await channel.subscribe(live.channel_of(url))
        await channel.get_message(timeout=2)
        await registered(town, at=moment.now())
        await all_delivered("live")
        news = [await channel.get_message(timeout=1) for _ in range(3)]
    return [json.loads(each["data"]) for each in news if each]


async def test_each_event_is_told_with_the_state_of_its_message(town: Town, redis_url: str) -> None:
    told = await heard(redis_url, town)

    assert [each["kind"] for each in told] == ["message:submitted", "message:registered"]
    assert told[1] == {
        "event": told[1]["event"],
        "kind": "message:registered",
        "message": 1,
        "status": "registered",
        "executor": town.pavel.id,
        "helpers": [],
        "authors": [town.anna.id],
    }


async def test_without_redis_the_news_is_lost_and_the_delivery_done(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    await registered(town, at=moment.now())

    await asyncio.wait_for(all_delivered("live"), 20)

    rows = await deliveries("live")
    assert [(row["done_at"] is not None, row["attempts"]) for row in rows] == [(True, 1), (True, 1)]


async def test_old_news_is_no_news(town: Town, redis_url: str) -> None:
    await registered(town, at=moment.now() - live.FRESH - timedelta(hours=3))
    async with redis.asyncio.from_url(redis_url) as client, client.pubsub() as channel:
        await channel.subscribe(live.channel_of(redis_url))
        await channel.get_message(timeout=2)

        await all_delivered("live")

        assert await channel.get_message(timeout=0.3) is None
    assert await Delivery.count().where(Delivery.reaction == "live") == await Event.count()
