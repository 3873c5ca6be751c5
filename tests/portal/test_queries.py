"""What pages and sweeps may ask of the database: a page twelve statements, neither reads a whole table of size."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from tests.bench.filling import fill
from tests.bench.watching import Statement, watching
from tests.cleaning import clean
from tests.people import MONDAY
from tests.portal.conftest import Browser
from tests.storms.sweeping import left, run_out
from tests.workers.conftest import nobody_listens, offer_all

from domain.database import DB, database_url
from domain.model import Person
from domain.moves import Role
from portal.door import Door
from workers import relay
from workers.sweeping import sweep, tidy

DUE = 200
MESSAGES, A_YEAR = 5000, 2000  # so many that what a quarter of a year has brought is far from all
QUERIES_AT_MOST = 12
# Directories, settings and whoever is signed in fit on a page or two: reading them whole is the quickest way.
OF_SIZE = {"message", "event", "term", "answer", "attachment", "delivery", "rating", "person", "block"} | {
    "case_file", "agenda_item", "proposal", "message_words",
}  # fmt: skip
PAGES = [
    (None, "/"),
    (None, "/?q=фонарь"),
    (None, "/?category={category}"),
    (None, "/?state=in_work"),
    (None, "/?state=answered"),
    (None, "/?state=promised"),
    (None, "/?state=late"),
    (None, "/?after={published}"),
    (None, "/publications/{published}"),
    (None, "/subscriptions/new"),
    (None, "/subscriptions/new?number={published}"),
    (Role.CITIZEN, "/"),
    (Role.CITIZEN, "/publications/{published}"),
    (Role.CITIZEN, "/settings/subscriptions"),
    (Role.CITIZEN, "/messages"),
    (Role.CITIZEN, "/messages/new"),
    (Role.CITIZEN, "/messages/{closed}"),
    (Role.CITIZEN, "/messages/{refused}"),
    (Role.CITIZEN, "/messages/{refused}/correction"),
    (Role.MODERATOR, "/moderation"),
    (Role.MODERATOR, "/moderation?queue=questioned"),
    (Role.MODERATOR, "/moderation?queue=handed_back"),
    (Role.MODERATOR, "/moderation?queue=review"),
    (Role.MODERATOR, "/moderation?queue=sent_back"),
    (Role.MODERATOR, "/moderation?queue=reworked"),
    (Role.MODERATOR, "/moderation?queue=commission"),
    (Role.MODERATOR, "/moderation?queue=at_work"),
    (Role.MODERATOR, "/moderation?queue=refused"),
    (Role.MODERATOR, "/moderation?queue=new&done={closed}"),
    (Role.MODERATOR, "/moderation/rows?queue=review"),
    (Role.MODERATOR, "/moderation/{submitted}"),
    (Role.MODERATOR, "/moderation/{in_review}"),
    (Role.MODERATOR, "/moderation/{closed}/news"),
    (Role.MODERATOR, "/moderation?queue=unpublished"),
    (Role.MODERATOR, "/moderation/{closed}/publication"),
    (Role.MODERATOR, "/moderation/{closed}/withdrawal"),
    (Role.MODERATOR, "/search"),
    (Role.MODERATOR, "/search?q=фонарь"),
    (Role.MODERATOR, "/search?q=-школа"),
    (Role.MODERATOR, "/search?q=фонарь&address=Мира+41&status=closed&topic=1&since=2026-01-01&until=2026-02-28"),
    (Role.MODERATOR, "/search?q=2026-00"),
    (Role.MODERATOR, "/search?author=Житель+Посёлков&q=школа"),
    (Role.MODERATOR, "/search?status=submitted&status=in_review"),
    (Role.MODERATOR, "/search?organisation={organisation}"),
    (Role.MODERATOR, "/search?topic=1"),
    (Role.MODERATOR, "/batches/new?tick={submitted}.5&tick={in_review}.5"),
    (Role.EXECUTOR, "/search"),
    (Role.EXECUTOR, "/search?q=фонарь&term=running"),
    (Role.CONTROLLER, "/search?term=late&q=яма"),
    (Role.EXECUTOR, "/execution"),
    (Role.EXECUTOR, "/execution?queue=answered"),
    (Role.EXECUTOR, "/execution?queue=parts"),
    (Role.EXECUTOR, "/execution?queue=offered"),
    (Role.EXECUTOR, "/execution/rows?queue=todo"),
    (Role.EXECUTOR, "/execution/workload"),
    (Role.EXECUTOR, "/execution/workload/{executor}"),
    (Role.EXECUTOR, "/execution/phrases"),
    (Role.EXECUTOR, "/execution/{in_work}/phrases"),
    (Role.EXECUTOR, "/execution/{in_work}"),
    (Role.EXECUTOR, "/execution/{closed}"),
    (Role.OPERATOR, "/directories"),
    (Role.OPERATOR, "/directories/categories"),
    (Role.OPERATOR, "/directories/categories/1"),
    (Role.OPERATOR, "/directories/topics"),
    (Role.OPERATOR, "/directories/topics/1"),
    (Role.OPERATOR, "/directories/people"),
    (Role.OPERATOR, "/directories/people/1"),
    (Role.OPERATOR, "/directories/absences/new"),
    (Role.OPERATOR, "/directories/responsibilities"),
    (Role.OPERATOR, "/directories/grounds"),
    (Role.OPERATOR, "/wording"),
    (Role.OPERATOR, "/wording/answered/ru"),
    (Role.COORDINATOR, "/commission"),
    (Role.COORDINATOR, "/commission/sittings/{sitting}"),
    (Role.COORDINATOR, "/commission/cases/{file}"),
    (Role.COORDINATOR, "/objections"),
    (Role.COORDINATOR, "/objections/{block}"),
    (Role.CITIZEN, "/block"),
    (Role.CONTROLLER, "/control"),
    (Role.CONTROLLER, "/control?organisation={organisation}"),
    (Role.CONTROLLER, "/control?when=asked&by=kind"),
    (Role.CONTROLLER, "/control/report"),
    (Role.EXECUTOR, "/execution?queue=reasons"),
    (Role.CONTROLLER, "/control/{closed}"),
    (Role.CONTROLLER, "/control/{closed}/news"),
    (Role.CONTROLLER, "/control/promises"),
    (Role.CONTROLLER, "/control/promises?fate=missed&organisation={organisation}"),
]


@dataclass(frozen=True)
class Crowd:
    """A town with thousands of messages: one of each role, and the messages that its pages are asked for."""

    people: dict[Role, Person]
    named: dict[str, Any]


@pytest.fixture(scope="module")
async def crowd(pool: None) -> AsyncIterator[Crowd]:
    await clean()
    connection = await asyncpg.connect(database_url())
    await fill(connection, MESSAGES, at=MONDAY, a_year=A_YEAR)
    yield await settled(connection)
    await connection.close()
    await clean()


async def settled(connection: asyncpg.Connection) -> Crowd:
    """The people are of the demo town, where one click signs in; a citizen of theirs takes over some messages."""
    people: Any = {
        role: await Person.objects().where(Person.role == role).order_by(Person.id).first()
        for role in (Role.CITIZEN, Role.MODERATOR, Role.EXECUTOR, Role.OPERATOR, Role.CONTROLLER, Role.COORDINATOR)
    }
    author, executor = people[Role.CITIZEN].id, people[Role.EXECUTOR].id
    await connection.execute("UPDATE message SET author = $1 WHERE id % 100 = 0", author)
    named = {
        status: await connection.fetchval(
            "UPDATE message SET author = $2, executor = CASE WHEN number IS NULL THEN NULL ELSE $3::bigint END "
            "WHERE id = (SELECT max(id) FROM message WHERE status = $1) RETURNING id",
            *(status, author, executor),
        )
        for status in ("submitted", "refused", "in_work", "in_review", "closed")
    }
    named["published"] = await connection.fetchval("SELECT max(number) FROM message WHERE published_at IS NOT NULL")
    named["category"] = await connection.fetchval("SELECT min(code) FROM category")
    named["organisation"] = people[Role.EXECUTOR].organisation
    named["executor"] = executor
    named |= await years_of_sittings(connection)
    await connection.execute("VACUUM ANALYZE")
    return Crowd(people, named)


# As if the commission had sat for years, and every second citizen had once been blocked and had objected.
SAT = """
INSERT INTO case_file (message, frozen_at, content, hash)
SELECT id, sent_at, content, encode(sha256(convert_to(content, 'UTF8')), 'hex') FROM message, (VALUES (
    '{"message": {"text": "?", "number": 1, "address": "", "category": "", "topic": "", "is_organisation": false,'
    ' "author": "", "executor": "", "organisation": ""},'
    ' "answers": [], "clocks": [], "files": [], "journal": []}')) frozen (content);
INSERT INTO sitting (number, held_on, state, called_by, called_at, changed_by, changed_at, closed_at)
SELECT n, date '2026-01-01' + n % 300, 'closed', 1, now(), 1, now(), now() FROM generate_series(1, 400) n;
INSERT INTO agenda_item (sitting, case_file, message, position, state)
SELECT id % 400 + 1, id, message, 1, 'decided' FROM case_file;
INSERT INTO proposal (item, kind, kind_name, effect, text, proposed_by, proposed_at)
SELECT id, 1, 'Closed', 'close', 'Words.', 1, now() FROM agenda_item;
INSERT INTO block_ground (code, name) VALUES ('B1', 'Words');
INSERT INTO block (person, message, ground, ground_name, reason, days, began_at, last_day, ends_at, imposed_by)
SELECT author, id, 1, 'Words', 'Words.', 1, sent_at, sent_at::date, sent_at + interval '1 day', 1 FROM message;
INSERT INTO objection (block, text, at, decision, reason, decided_by, decided_at)
SELECT id, 'No.', began_at, 'kept', 'Yes.', 1, began_at FROM block WHERE id % 2 = 0;
"""


async def years_of_sittings(connection: asyncpg.Connection) -> dict[str, Any]:
    await connection.execute(SAT)
    return {
        "sitting": await connection.fetchval("SELECT max(id) FROM sitting"),
        "file": await connection.fetchval("SELECT max(id) FROM case_file"),
        "block": await connection.fetchval("SELECT max(block) FROM objection"),
    }


@pytest.mark.parametrize(("role", "address"), PAGES)
async def test_a_page_asks_little_and_by_an_index(crowd: Crowd, portal: Door, role: Role | None, address: str) -> None:
    browser = Browser(portal)
    if role:
        await browser.sign_in(crowd.people[role])

    with watching() as statements:
        answer = await browser.get(address.format(**crowd.named))

    assert answer.status_code == 200, answer.text
    asked = [each for each in statements if each.is_query]
    assert len(asked) <= QUERIES_AT_MOST, "\n".join(each.sql for each in asked)
    assert [table for each in asked for table in await read_whole(each)] == []


@pytest.mark.rule("R22", "R23", "R31")
async def test_two_sweeps_at_once_do_everything_once_and_by_an_index(crowd: Crowd) -> None:
    """Last here, because it moves the town: two hundred clocks run out, and two processes sweep."""
    connection = await asyncpg.connect(database_url())
    await run_out(connection, DUE, at=MONDAY)

    with watching() as statements:
        await asyncio.gather(sweep(at=MONDAY), sweep(at=MONDAY))
        await sweep(at=MONDAY)  # an additional answer may be late from its first moment, which the next minute finds
        await tidy(at=MONDAY)
        while await relay.expand(at=MONDAY):
            pass
        await relay.gather(at=MONDAY)
        await offer_all(at=MONDAY, enqueue=nobody_listens)

    # What the planner knows of the tables is not left to when autovacuum has last looked.
    await connection.execute("ANALYZE")
    undone = await left(connection, at=MONDAY)
    told = await connection.fetch("SELECT kind, count(*) FROM event WHERE at = $1 GROUP BY kind", MONDAY)
    await connection.close()
    asked = {each.sql: each for each in statements if each.is_query}
    assert set(undone.values()) == {0}, undone
    assert {row["kind"] for row in told} == {
        "message:closed", "message:promise_came", "term:missed", "term:escalated", "author:block_ended",
    }  # fmt: skip
    assert [table for each in asked.values() for table in await read_whole(each)] == []


async def read_whole(statement: Statement) -> list[str]:
    """The tables of size that PostgreSQL would read from end to end, each with the statement that makes it do so."""
    assert DB.pool is not None
    async with DB.pool.acquire() as connection, connection.transaction():
        # As on a disk that finds any page equally fast, which is what the portal runs on.
        await connection.execute("SET LOCAL random_page_cost = 1.1")
        plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement.sql}", *statement.values)
    tables = {node["Relation Name"] for node in nodes(json.loads(plan)[0]["Plan"]) if node["Node Type"] == "Seq Scan"}
    return [f"{table}: {statement.sql}" for table in sorted(tables & OF_SIZE)]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
