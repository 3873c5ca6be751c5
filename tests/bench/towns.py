"""The two towns of the bench, a young and an old one, and those who are signed in there."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from piccolo.table import Table
from tests.bench.filling import Filled, fill
from tests.bench.floor_sql import Replay
from tests.bench.load import KEY
from tests.bench.places import Page, Registering, Sending
from tests.bench.watching import Statement, watching

from domain.database import close_pool, open_pool
from domain.migrating import migrate
from domain.model import Message, Person, Session, Term, Topic
from domain.moves import Role
from portal.app import create_app
from portal.embedded.postgres import Postgres
from portal.security.csrf import Csrf
from portal.security.sessions import Sessions, hashed
from workers.settings import Settings

WRITERS = 1000
TURNS = 5000  # more than a round of repetitions can take


def again(table: type[Table], of: str, **own: str) -> str:
    """Rows of a table once more for each row of `of`, with some columns of their own."""
    copied = {column._meta.name for column in table._meta.columns} - {"id", *own}
    into, values = ", ".join([*own, *copied]), ", ".join([*own.values(), *copied])
    name = table._meta.tablename
    return f"INSERT INTO {name} ({into}) SELECT {values} FROM {name} CROSS JOIN {of}"


COPIES = again(Message, "generate_series(1, $2::int)", key="gen_random_uuid()") + " WHERE id = $1 RETURNING id"
CLOCKS = again(Term, "unnest($2::int[]) AS copy", message="copy") + " WHERE message = $1"
COOKIE = Sessions(secure=True).cookie


@dataclass(frozen=True)
class Town:
    database: str
    filled: Filled
    feed: Page
    own_feed: Page
    queue: Page
    registering: Registering
    sendings: list[Sending]
    others: list[int]


async def settle(postgres: Postgres, name: str, messages: int) -> Town:
    url = postgres.url_of(name)
    master = await asyncpg.connect(postgres.url_of("postgres"))
    await master.execute(f'CREATE DATABASE "{name}"')
    await master.close()
    os.environ["DATABASE_URL"] = url
    await migrate()
    await open_pool()
    connection = await asyncpg.connect(url)
    now = datetime.now(UTC)
    filled = await fill(connection, messages, at=now)
    # Production refuses the people of the demo town, and knows them by this mark.
    await connection.execute("UPDATE person SET esia_oid = 'b' || esia_oid WHERE esia_oid LIKE 'demo-%'")
    town = await people_of(url, filled, now)
    await close_pool()
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return town


async def people_of(url: str, filled: Filled, now: datetime) -> Town:
    """One moderator, one who reads, and as many who write as it takes: nobody may send more than twenty a day."""
    moderator = await signed_in(Role.MODERATOR, 1, now)
    citizens = await signed_in(Role.CITIZEN, 2 * WRITERS, now)
    without_needs = Topic.photo_required.eq(False) & Topic.season_from.is_null() & Topic.active.eq(True)
    topic = await Topic.objects().where(without_needs).order_by(Topic.id).first()
    assert topic is not None
    csrf = Csrf(secret=os.environ["SECRET_KEY"], public_url=os.environ["PUBLIC_URL"])
    cookies = {token: f"{COOKIE}={token}" for token in (*moderator, *citizens)}
    writers = list(citizens)[:WRITERS]
    (official,) = moderator
    return Town(
        database=url,
        filled=filled,
        feed=Page("/", url),
        own_feed=Page("/", url, {"Cookie": cookies[writers[0]]}),
        queue=Page("/moderation", url, {"Cookie": cookies[official]}),
        registering=Registering(cookies[official], csrf.token(official), topic.id),
        sendings=[Sending(cookies[token], csrf.token(token), topic.id) for token in writers],
        others=list(citizens.values())[WRITERS:],
    )


async def signed_in(role: Role, count: int, now: datetime) -> dict[str, int]:
    """Sessions as the portal itself begins them: the token of each and its person, the newest first."""
    people = await Person.select(Person.id).where(Person.role == role).order_by(Person.id, ascending=False).limit(count)
    tokens = {token_urlsafe(32): person["id"] for person in people}
    times: dict[str, Any] = {"created_at": now, "seen_at": now, "expires_at": now + timedelta(hours=12)}
    await Session.insert(*(Session(token_hash=hashed(token), person=id, **times) for token, id in tokens.items()))
    return tokens


async def statements_of(page: Page) -> list[Statement]:
    """What one visit asks of the database, when nothing of the page is remembered yet."""
    return await heard("GET", page.path, page.database, dict(page.headers), b"", 200)


@dataclass(frozen=True)
class Sent:
    """One real sending: its message, and what it asked of the database, to be repeated for other people."""

    message: int
    key: UUID
    author: int
    asked: list[Statement]

    def replay(self, town: Town) -> Replay:
        """As if many others sent the same, each once."""
        authors = [town.others[turn % len(town.others)] for turn in range(TURNS)]
        own: dict[Any, list[Any]] = {self.key: [uuid4() for _ in authors], self.author: authors}
        return Replay(town.database, self.asked, own, made=self.message)


async def sent(town: Town) -> Sent:
    sending, key = town.sendings[0], UUID(KEY)
    asked = await heard("POST", "/messages", town.database, sending.headers, sending.body, 303)
    connection = await asyncpg.connect(town.database)
    message, author = await connection.fetchrow("SELECT id, author FROM message WHERE key = $1", key)
    await connection.close()
    return Sent(message, key, author, asked)


async def waiting_like(town: Town, message: int, count: int) -> list[int]:
    """Copies of a message that nobody has registered, with its clocks."""
    connection = await asyncpg.connect(town.database)
    copies = [row["id"] for row in await connection.fetch(COPIES, message, count)]
    await connection.execute(CLOCKS, message, copies)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return copies


async def let_go(town: Town) -> None:
    connection = await asyncpg.connect(town.database)
    await connection.execute("DELETE FROM lease")
    await connection.close()


async def registered(town: Town, message: int, others: Sequence[int]) -> Replay:
    """One real registration as what it asked of the database, to be repeated for other messages."""
    form = town.registering
    asked = await heard("POST", form.path(message), town.database, form.headers, form.body, 303)
    connection = await asyncpg.connect(town.database)
    number = await connection.fetchval("SELECT number FROM message WHERE id = $1", message)
    await connection.close()
    return Replay(town.database, asked, {message: others, number: [f"again-{other}" for other in others]})


async def heard(
    method: str, path: str, database: str, headers: dict[str, str], body: bytes, status: int
) -> list[Statement]:
    os.environ["DATABASE_URL"] = database
    door: Any = create_app(Settings.from_env())
    async with door.app.lifespan(), httpx.AsyncClient(transport=httpx.ASGITransport(door)) as client:
        with watching() as statements:
            answer = await client.request(method, f"https://bench.example{path}", headers=headers, content=body)
    if answer.status_code != status:
        raise RuntimeError(f"{method} {path} answered {answer.status_code}, not {status}: {answer.text[:500]}")
    return statements
