"""`python -m tests.storms.followers [--guests 10000]`: a message is published in a street that so many follow (§2).

How long it takes to owe them their letters, and how many of them stand before a letter that somebody waits for; 1 when
it takes longer than the goal, or any does.
"""

import argparse
import asyncio
import os
import sys
import time

from tests.bench.servers import house, postgres
from tests.domain.test_following import published
from tests.people import MONDAY, settle_people
from tests.stories import HOUR
from tests.workers.test_followers import FOLLOWERS

from domain.database import close_pool, open_pool
from domain.migrating import migrate
from domain.model import Delivery, Event, Subscriber
from workers import moment, relay
from workers.mail import followers

GOAL_SECONDS = 5
READERS = (Delivery.recipient != "") & (Delivery.reaction == followers.NAME)


async def owed(guests: int) -> tuple[float, int, float, int]:
    """How long owing took, how many are owed, how long gathering takes beside them, and how many go before another."""
    await migrate()
    await open_pool()
    town = await settle_people()
    await Subscriber.raw(FOLLOWERS, guests, MONDAY, MONDAY)
    await Subscriber.raw("ANALYZE")
    await published(town)
    event = await Event.objects().get(Event.kind == "message:published")
    assert event is not None
    began = time.monotonic()
    await followers.owe(event)
    took = time.monotonic() - began
    before: list[int] = []

    async def listen(queue: str, delivery: int, ticket: int) -> None:
        before.append(delivery)

    await relay.offer("mail", at=moment.now() + HOUR, enqueue=listen)  # the mail was away, so all of them are due
    began = time.monotonic()
    await relay.gather(at=moment.now())
    gathering = time.monotonic() - began
    count = await Delivery.count().where(READERS)
    await close_pool()
    return took, count, gathering, len(before)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--guests", type=int, default=10_000)
    chosen = words.parse_args()
    os.environ.setdefault("PUBLIC_URL", "http://testserver.local")
    with house() as place, postgres(place, durable=True) as server:
        os.environ["DATABASE_URL"] = server.url
        took, count, gathering, before = asyncio.run(owed(chosen.guests))
    print(f"{count} letters owed in {took:.2f} s (goal: {GOAL_SECONDS} s)")  # noqa: T201
    print(f"a relay looks past them in {gathering * 1000:.0f} ms; {before} of them stand before the next letter")  # noqa: T201
    sys.exit(took > GOAL_SECONDS or count != chosen.guests or before > 0)


if __name__ == "__main__":
    main()
