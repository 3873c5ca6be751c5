"""Open pages hear of what happens, and nobody waits for a Redis that is away."""

import asyncio
import json
from datetime import timedelta

import pytest
import redis.asyncio
from tests.people import MONDAY, Town
from tests.stories import HOUR, case_of_two, registered
from tests.stories import told as the_event

from domain import joining
from domain.model import Delivery, Event
from portal.live import Page, read
from workers import live, moment, relay

pytestmark = pytest.mark.usefixtures("database")


async def told(url: str) -> list[dict[str, object]]:
    """What lies in the stream for the pages that are open."""
    async with redis.asyncio.from_url(url, protocol=2) as client:
        return [json.loads(fields[b"news"]) for _, fields in await client.xrange(live.STREAM)]


async def close_the_others(url: str) -> int:
    """Every connection to this database but the one that says so."""
    async with redis.asyncio.from_url(url) as client:
        me = await client.client_info()
        of_tests = [each for each in await client.client_list() if int(each["db"]) == me["db"]]
        ids = [each["id"] for each in of_tests if int(each["id"]) != me["id"]]
        return sum([await client.client_kill_filter(_id=id) for id in ids])


async def test_each_event_is_told_with_the_state_of_its_message(town: Town, redis_url: str) -> None:
    await registered(town, at=moment.now())

    await relay.expand(at=moment.now())

    first, second = await told(redis_url)
    assert first["kind"] == "message:submitted"
    assert second == {
        "event": second["event"],
        "kind": "message:registered",
        "message": 1,
        "status": "registered",
        "executor": town.pavel.id,
        "helpers": [],
        "authors": [town.anna.id],
    }


async def test_without_redis_the_news_is_lost_and_the_next_says_so_once(
    town: Town, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    await registered(town, at=moment.now())

    handled = await asyncio.wait_for(relay.expand(at=moment.now()), 20)
    monkeypatch.setenv("REDIS_URL", redis_url)
    await live.tell_of_leases(7)
    await live.tell_of_leases(8)

    assert handled == 2
    assert await Event.count().where(Event.handled_at.is_null()) == 0
    assert "live" not in {row["reaction"] for row in await Delivery.select(Delivery.reaction)}
    assert await told(redis_url) == [live.ASK_AGAIN, {"lease": 7}, {"lease": 8}]


async def test_a_connection_that_redis_has_closed_is_made_anew(town: Town, redis_url: str) -> None:
    """As after a restart of Redis: the connection that was kept is of no use, and nobody has told it so."""
    await live.tell_of_leases(7)

    closed = await close_the_others(redis_url)
    await live.tell_of_leases(8)

    assert closed
    assert await told(redis_url) == [{"lease": 7}, {"lease": 8}]


async def test_of_old_news_pages_are_told_once_that_they_have_missed_some(town: Town, redis_url: str) -> None:
    long_ago = await registered(town, at=moment.now() - live.FRESH - timedelta(hours=3))

    await relay.expand(at=moment.now())
    await live.tell_of_hints((await Event.objects().where(Event.message == long_ago.id).first()).id)

    missed, hints = await told(redis_url)
    assert missed == live.ASK_AGAIN
    assert hints["message"] == long_ago.id
    assert read((b"1-0", {b"news": json.dumps(missed).encode()}))[1] is live.ASK_AGAIN


@pytest.mark.rule("R10")
async def test_a_joined_author_hears_of_the_case_until_their_message_is_taken_out(town: Town) -> None:
    case, message = await case_of_two(town)
    accepted = await the_event(case, "message:accepted")

    ((_, together),) = await live.news_of([accepted.id])
    await joining.detach(message, by=town.marina, at=MONDAY + 6 * HOUR, reason="Another hole.")
    ((_, alone),) = await live.news_of([accepted.id])

    assert [Page(town.boris).may_know(news) for news in (together, alone)] == [True, False]
    assert Page(town.anna).may_know(alone)


async def test_only_the_last_news_are_kept(town: Town, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEPT", 1)
    await registered(town, at=moment.now())

    await relay.expand(at=moment.now())

    assert [each["kind"] for each in await told(redis_url)] == ["message:registered"]
