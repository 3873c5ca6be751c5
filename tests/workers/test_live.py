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


async def told(url: str) -> list[dict[str, object]]:
    """What lies in the stream for the pages that are open."""
    async with redis.asyncio.from_url(url, protocol=2) as client:
        return [json.loads(fields[b"news"]) for _, fields in await client.xrange(live.STREAM)]


async def test_each_event_is_told_with_the_state_of_its_message(town: Town, redis_url: str) -> None:
    await registered(town, at=moment.now())

    await all_delivered("live")

    first, second = await told(redis_url)
    assert first["kind"] == "message:submitted"
    assert second == {
        "event": second["event"],
        "kind": "message:registered",
        "message": 1,
        "status": "registered",
        "executor": town.pavel.id,
        "helpers": [],
        "author": town.anna.id,
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

    await all_delivered("live")

    assert await told(redis_url) == []
    assert await Delivery.count().where(Delivery.reaction == "live") == await Event.count()


async def test_only_the_last_news_are_kept(town: Town, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEPT", 1)
    await registered(town, at=moment.now())

    await all_delivered("live")

    assert [each["kind"] for each in await told(redis_url)] == ["message:registered"]
