"""What happened is handed over once, whoever hands it over and whenever they are killed (R33)."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from tests.people import MONDAY, Town
from tests.stories import registered, submitted
from tests.workers.conftest import QUEUES, nobody_listens, offer_all

from domain.events import Kind, record
from domain.model import Delivery, Event, Message
from portal.commands.worker import QUICK
from workers import actors, relay
from workers.broker import broker, enqueue, room
from workers.clock import hand_over
from workers.moment import LEASE
from workers.reactions import NEWS, REACTIONS

pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]


class Listener:
    """Takes every offer down, and fails from a given one on."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.offers: list[tuple[str, int, int]] = []
        self.fails_at = fails_at

    async def __call__(self, queue: str, delivery: int, ticket: int) -> None:
        if len(self.offers) == self.fails_at:
            raise ConnectionError("the queue is away")
        self.offers.append((queue, delivery, ticket))


async def happened(town: Town, times: int, kind: Kind = Kind.DRAFTED) -> Message:
    """Lines of the journal, many and quickly."""
    message = await submitted(town)
    for _ in range(times):
        await record(kind, message, by=town.pavel, at=MONDAY)
    return message


async def unhandled() -> int:
    return await Event.count().where(Event.handled_at.is_null())


async def owed() -> list[tuple[int, str]]:
    rows = await Delivery.select(Delivery.event, Delivery.reaction).order_by(Delivery.event, Delivery.reaction)
    return [(row["event"], row["reaction"]) for row in rows]


def test_every_kind_of_event_has_its_line() -> None:
    assert set(REACTIONS) == set(Kind)
    queued = {reaction.queue for reactions in REACTIONS.values() for reaction in reactions if reaction is not NEWS}
    assert queued == set(QUEUES)
    all_actors = (actors.mail, actors.followers, actors.push, actors.pictures, actors.hints)
    assert {actor.queue_name for actor in all_actors} == set(QUEUES)
    assert [*QUICK, "hints"] == sorted(QUEUES, key=[*QUICK, "hints"].index)


async def test_an_event_becomes_a_delivery_for_each_reaction_to_its_kind(town: Town) -> None:
    await submitted(town)

    handled = await relay.expand(at=MONDAY)

    (event,) = await Event.objects()
    assert handled == 1
    assert event.handled_at == MONDAY
    assert await owed() == [(event.id, name) for name in ("hints", "mail:taken_in", "pictures")]


async def test_two_relays_at_once_hand_over_once(town: Town) -> None:
    await happened(town, 300)

    handled = await asyncio.gather(*(relay.expand(at=MONDAY) for _ in range(4)))
    handled.append(await relay.expand(at=MONDAY))
    listener = Listener()
    offered = await asyncio.gather(*(offer_all(at=MONDAY, enqueue=listener) for _ in range(4)))
    offered.append(await offer_all(at=MONDAY, enqueue=listener))

    assert (sum(handled), await unhandled()) == (301, 0)
    assert sum(offered) == len(await owed()) == 303
    assert sorted(delivery for _, delivery, _ in listener.offers) == sorted({d for _, d, _ in listener.offers})


async def test_a_delivery_is_offered_again_when_its_lease_ends_and_not_before(town: Town) -> None:
    await registered(town)
    await relay.expand(at=MONDAY)
    listener = Listener()

    first = await offer_all(at=MONDAY, enqueue=listener)
    early = await offer_all(at=MONDAY + LEASE / 2, enqueue=listener)
    again = await offer_all(at=MONDAY + LEASE, enqueue=listener)

    assert (first, early, again) == (5, 0, 5)


async def test_what_is_done_or_given_up_is_not_offered(town: Town) -> None:
    await happened(town, 1, Kind.PHOTO_EDITED)
    await relay.expand(at=MONDAY)
    await Delivery.update({Delivery.done_at: MONDAY}).where(Delivery.reaction.is_in(["pictures", "hints"]))
    await Delivery.update({Delivery.gave_up_at: MONDAY}).where(Delivery.reaction == "edits")

    listener = Listener()
    await offer_all(at=MONDAY + timedelta(days=1), enqueue=listener)

    assert [queue for queue, _, _ in listener.offers] == ["mail"]


async def test_a_queue_that_fails_half_way_loses_nothing(town: Town) -> None:
    await happened(town, 5)
    await relay.expand(at=MONDAY)

    with pytest.raises(ConnectionError):
        await relay.offer("pictures", at=MONDAY, enqueue=Listener(fails_at=3))
    listener = Listener()
    offered = await offer_all(at=MONDAY, enqueue=listener)

    assert offered == len(listener.offers) == 8


KILLED = """
import asyncio, os, signal
from datetime import datetime
from domain.database import open_pool, atomic
from portal.commands.worker import QUICK
from workers import actors, relay

async def die(queue, delivery, ticket):
    die.left -= 1
    if not die.left:
        os.kill(os.getpid(), signal.SIGKILL)
die.left = 4

async def main():
    await open_pool()
    at = datetime.fromisoformat({at!r})
    if {inside!r}:
        async with atomic():
            await relay.expand(at=at)
            os.kill(os.getpid(), signal.SIGKILL)
    await relay.expand(at=at)
    await relay.offer("pictures", at=at, enqueue=die)
asyncio.run(main())
"""


@pytest.mark.parametrize("inside", [True, False], ids=["while it expands", "while it offers"])
async def test_a_relay_killed_half_way_loses_nothing(town: Town, inside: bool) -> None:
    await happened(town, 9)
    code = KILLED.format(at=MONDAY.isoformat(), inside=inside)

    killed = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], env=dict(os.environ), timeout=60)
    # What the dead one held is free as soon as PostgreSQL notices.
    while await unhandled():
        await relay.expand(at=MONDAY)
    listener = Listener()
    await offer_all(at=MONDAY, enqueue=listener)

    assert killed.returncode == -signal.SIGKILL
    assert sorted(delivery for _, delivery, _ in listener.offers) == list(await every_delivery())
    assert len(listener.offers) == 12


async def every_delivery() -> list[int]:
    return [row["id"] for row in await Delivery.select(Delivery.id).order_by(Delivery.id)]


async def test_a_lost_queue_is_filled_again(town: Town, redis_url: str) -> None:
    await submitted(town)
    await relay.expand(at=MONDAY)
    await offer_all(at=MONDAY, enqueue=enqueue)
    before = {queue: broker.client.llen(f"otklik:{queue}") for queue in QUEUES}

    broker.client.flushdb()
    await offer_all(at=MONDAY + LEASE, enqueue=enqueue)

    assert before == {"mail": 1, "followers": 0, "push": 0, "pictures": 1, "hints": 1}
    assert {queue: broker.client.llen(f"otklik:{queue}") for queue in QUEUES} == before


async def test_a_queue_that_nobody_empties_is_not_filled_for_ever(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.broker.WAITING_AT_MOST", 2)

    empty = await room("mail")
    await enqueue("mail", 1, 0)
    await enqueue("mail", 2, 0)

    assert (empty, await room("mail"), await room("pictures")) == (2, 0, 2)


async def test_a_full_queue_keeps_the_others_waiting_for_nothing(
    town: Town, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.broker.WAITING_AT_MOST", 3)
    await happened(town, 5)

    await hand_over(at=MONDAY)
    await submitted(town)
    await hand_over(at=MONDAY)

    waiting = {queue: broker.client.llen(f"otklik:{queue}") for queue in QUEUES}
    assert waiting == {"mail": 2, "followers": 0, "push": 0, "pictures": 3, "hints": 2}


async def test_offering_to_nobody_still_leases(town: Town) -> None:
    await submitted(town)
    await relay.expand(at=MONDAY)

    await offer_all(at=MONDAY, enqueue=nobody_listens)

    rows = await Delivery.select(Delivery.next_at, Delivery.attempts)
    assert {(row["next_at"], row["attempts"]) for row in rows} == {(MONDAY + LEASE, 0)}
