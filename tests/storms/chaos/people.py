"""Who is at work during the storm, with sessions as the portal itself begins them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from tests.bench.towns import COOKIE, signed_in

from domain.database import close_pool, open_pool
from domain.migrating import migrate
from domain.model import Topic
from domain.moves import Role
from portal.security.csrf import Csrf
from portal.town import directories, people

A_DAY = 15  # messages of one person; from the twenty-first on they would be refused
AUTHORS = """
INSERT INTO person (role, name, given_name, email, position, esia_oid, consented_at, language, active)
SELECT 'citizen', 'Житель ' || i, 'Житель ' || i, 'author-' || i || '@mail.example', '', 'storm-' || i, now(), 'ru',
       true
FROM generate_series(1, $1::int) i
"""
# Production refuses the people of the demo town, and knows them by this mark.
NO_DEMO = "UPDATE person SET esia_oid = 'storm-' || esia_oid WHERE esia_oid LIKE 'demo-%'"
NO_NEEDS = "UPDATE topic SET photo_required = false, season_from = NULL, season_to = NULL"


@dataclass(frozen=True)
class Hand:
    """Somebody at a keyboard."""

    person: int
    headers: dict[str, str]
    csrf: str


@dataclass(frozen=True)
class Staff:
    """`topics` are pairs of a topic and who answers on it."""

    authors: list[Hand]
    moderators: list[Hand]
    executors: dict[int, Hand]
    topics: list[tuple[int, int]]


async def settled(url: str, cases: int, *, secret: str, public_url: str) -> Staff:
    now = datetime.now(UTC)
    await migrate()
    await open_pool()
    await directories.fill(await people.fill(at=now))
    connection = await asyncpg.connect(url)
    count = cases // A_DAY + 1
    await connection.execute(AUTHORS, count)
    await connection.execute(NO_DEMO)
    await connection.execute(NO_NEEDS)
    csrf = Csrf(secret=secret, public_url=public_url)

    async def hands(role: Role, many: int) -> list[Hand]:
        known = await signed_in(role, many, now)
        return [
            Hand(person, {"Cookie": f"{COOKIE}={token}", "Origin": public_url}, csrf.token(token))
            for token, person in known.items()
        ]

    staff = Staff(
        authors=await hands(Role.CITIZEN, count),
        moderators=await hands(Role.MODERATOR, 5),
        executors={hand.person: hand for hand in await hands(Role.EXECUTOR, 100)},
        topics=[(row["id"], row["executor"]) for row in await Topic.select(Topic.id, Topic.executor)],
    )
    await connection.close()
    await close_pool()
    return staff
