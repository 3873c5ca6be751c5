"""`make bench`: fill, start, measure, print, and fail when a goal is missed."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict, replace

import click
from tests.bench import floor_sql, servers, towns
from tests.bench.floor_sql import Replay
from tests.bench.measuring import ROUNDS, Contender, asking_again, measure, replaying, visiting
from tests.bench.pictures import photographs
from tests.bench.places import Page
from tests.bench.reporting import Figures, report, spaced
from tests.bench.towns import Town
from tests.bench.watching import Statement

from portal.embedded.place import Place
from portal.embedded.postgres import Postgres
from portal.embedded.process import Child

SMALL, LARGE = 10_000, 100_000
# So many messages can be registered in one round; the first visit warms up.
A_ROUND, VISITS = 1500, 1 + ROUNDS
BARE = "its SQL by bare asyncpg"


@click.command()
@click.option("--messages", default=LARGE, help="how many the old town has written")
def main(messages: int) -> None:
    load_before = os.getloadavg()[0]
    with servers.house() as place:
        with servers.postgres(place, durable=False) as postgres:
            small, large = asyncio.run(settle(postgres, messages))
        with servers.postgres(place, durable=True) as postgres:
            figures = measured(place, postgres, small, large, load_before)
    click.echo(report(figures))
    if missed := [goal.sentence for goal in figures.goals() if not goal.reached]:
        click.echo("Missed: " + "; ".join(missed))
        sys.exit(1)


async def settle(postgres: Postgres, many: int) -> list[Town]:
    filled = []
    for name, messages in (("small", SMALL), ("large", many)):
        click.echo(f"Filling a town with {messages} messages …", err=True)
        filled.append(await towns.settle(postgres, name, messages))
    return filled


def measured(place: Place, postgres: Postgres, small: Town, large: Town, load_before: float) -> Figures:
    queries = asyncio.run(counted(small, large))
    with ExitStack() as stack:
        click.echo("Starting the portal and its floor …", err=True)
        young = servers.portal(stack, "small", place, small.database)
        old = servers.portal(stack, "large", place, large.database)
        pages = json.dumps({"feed": asdict(large.feed), "queue": asdict(large.queue)})
        floor = servers.floor(stack, place, large.database, pages)
        contenders = {
            "feed_same": Contender("feed, unchanged (304)", "304", visiting(old, asking_again(old, large.feed)), old),
            "feed": Contender("feed", "200", visiting(old, lambda: [large.feed.request()]), old),
            "feed_own": Contender("feed, rendered anew", "200", visiting(old, lambda: [large.own_feed.request()]), old),
            "feed_floor": Contender("floor of the feed", "200", visiting(floor, bare("/feed")), floor),
            "queue_small": Contender("queue at 10 000", "200", visiting(young, lambda: [small.queue.request()]), young),
            "queue": Contender(
                f"queue at {spaced(large.filled.messages)}", "200", visiting(old, lambda: [large.queue.request()]), old
            ),
            "queue_floor": Contender("floor of the queue", "200", visiting(floor, bare("/queue")), floor),
        }
        click.echo("Measuring the pages …", err=True)
        measure(list(contenders.values()), postgres.child)
        click.echo("Measuring the acts …", err=True)
        acts = measured_acts(small, young, postgres, queries)
        click.echo("Measuring the photos …", err=True)
        photos = photographs()
    return Figures({**contenders, **acts}, queries, [small.filled, large.filled], photos, load_before)


def measured_acts(town: Town, web: Child, postgres: Postgres, queries: dict[str, int]) -> dict[str, Contender]:
    """A message sent and then messages registered, each beside its own statements."""
    sent = asyncio.run(towns.sent(town))
    requests = [sending.request() for sending in town.sendings[1:]]
    acts = {
        "sending": Contender("sending a message", "303", visiting(web, lambda: requests), web),
        "sending_floor": Contender(BARE, floor_sql.DONE, replaying(lambda: sent.replay(town)), None),
    }
    measure(list(acts.values()), postgres.child)
    queries["sending"] = questions(sent.asked)
    return acts | measured_registering(town, sent.message, web, postgres, queries)


def measured_registering(
    town: Town, message: int, web: Child, postgres: Postgres, queries: dict[str, int]
) -> dict[str, Contender]:
    """Each round takes messages of its own: copies of the one that was sent.

    After each the moderator is given the next that is free, and goes on with another: what is held ends with a round.
    """
    first, *waiting = asyncio.run(towns.waiting_like(town, message, 1 + 2 * VISITS * A_ROUND))
    registered = asyncio.run(towns.registered(town, first, waiting))
    queries["registering"] = questions(registered.statements)
    left = iter(range(0, len(waiting), A_ROUND))

    def some() -> slice:
        asyncio.run(towns.let_go(town))
        begin = next(left)
        return slice(begin, begin + A_ROUND)

    def forms() -> list[str]:
        return [town.registering.request(message) for message in waiting[some()]]

    def replay() -> Replay:
        chosen = some()
        return replace(registered, own={value: others[chosen] for value, others in registered.own.items()})

    acts = {
        "registering": Contender("registering a message", "303", visiting(web, forms), web),
        "registering_floor": Contender(BARE, floor_sql.DONE, replaying(replay), None),
    }
    measure(list(acts.values()), postgres.child)
    return acts


def bare(path: str) -> Callable[[], list[str]]:
    page = Page(path, "")
    return lambda: [page.request()]


async def counted(small: Town, large: Town) -> dict[str, int]:
    """How many statements a page takes, in a portal that remembers nothing yet."""
    pages = {"feed": large.feed, "feed_own": large.own_feed, "queue_small": small.queue, "queue": large.queue}
    return {name: questions(await towns.statements_of(page)) for name, page in pages.items()}


def questions(statements: Iterable[Statement]) -> int:
    return sum(statement.is_query for statement in statements)


if __name__ == "__main__":
    main()
