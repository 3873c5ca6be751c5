"""The referee: counts in the database, in the store and in the mailbox, and believes nothing that the portal says.

What has to follow from what is written here by hand, on purpose not taken from the code that is judged.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from pathlib import Path

import asyncpg
from tests.bench.places import HOST
from tests.storms.chaos.faults import Fault
from tests.storms.chaos.sink import Letter
from tests.storms.chaos.working import Notes

# The journal of a case that stands there, in its order; a draft may be kept several times.
UP_TO_THE_ANSWER = (
    "message:submitted message:registered message:accepted answer:drafted answer:sent_for_review answer:approved"
)
JOURNALS = {
    "closed": f"{UP_TO_THE_ANSWER} answer:rated message:closed",
    "rework": f"{UP_TO_THE_ANSWER} answer:rated message:sent_to_rework",
}
# What each line owes to the outside, and to whom the letters of it go.
OWED = {
    "message:submitted": {"mail:taken_in", "pictures", "hints"},
    "message:registered": {"mail:registered", "mail:assigned"},
    "message:accepted": {"mail:followed"},
    "answer:drafted": {"pictures"},
    "answer:sent_for_review": set(),
    "answer:approved": {"mail:answered", "mail:followed"},
    "answer:rated": {"pictures"},
    "message:closed": {"mail:closed_unrated", "mail:followed"},
    "message:sent_to_rework": {"mail:sent_to_rework", "mail:rework_due", "mail:followed"},
}
AUTHORS = {"taken_in", "registered", "answered", "sent_to_rework"}
EXECUTORS = {"assigned", "rework_due"}
EVENTS = """
SELECT e.id, e.kind, e.message, e.at, e.handled_at, array_remove(array_agg(DISTINCT d.reaction), NULL) AS owed
FROM event e LEFT JOIN delivery d ON d.event = e.id AND d.recipient = '' GROUP BY e.id ORDER BY e.id
"""
MESSAGES = """
SELECT m.id, m.key, m.status, m.number, m.author, m.executor, a.email AS authors, x.email AS executors
FROM message m JOIN person a ON a.id = m.author LEFT JOIN person x ON x.id = m.executor
"""
SOON = 35  # seconds within which a killed worker's job is begun again
DUE = "done_at IS NULL AND gave_up_at IS NULL"
LEFT_OVER = f"SELECT count(*) FROM delivery WHERE {DUE} AND next_at < now()"
UNDONE = f"SELECT (SELECT count(*) FROM delivery WHERE {DUE}) + (SELECT count(*) FROM event WHERE handled_at IS NULL)"
# News of a page that somebody has open may be lost with its worker: the page asks anew by itself.
GIVEN_UP = "SELECT count(*) FROM delivery WHERE gave_up_at IS NOT NULL"
# Everything that was owed when the last fault had ended, until the last of it was done.
EMPTY_AT = """
SELECT max(d.done_at) FROM delivery d JOIN event e ON e.id = d.event WHERE e.at <= to_timestamp($1)
"""
ELSEWHERE = (
    "SELECT d.address FROM delivery d JOIN event e ON e.id = d.event WHERE d.message_id = $1 AND e.kind ~ '^term:'"
)
NUMBER = re.compile(r"(\d{4})-(\d{5})")
NEAR = 3.0  # seconds after a fault in which the portal may say that it cannot


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    figure: str
    goal: str
    reached: str
    holds: bool


@dataclass
class Evidence:
    notes: Notes
    faults: Sequence[Fault]
    letters: Sequence[Letter]
    store: Path
    cases: int
    emptied: bool


async def judged(connection: asyncpg.Connection, seen: Evidence) -> list[Row]:
    messages = {row["id"]: row for row in await connection.fetch(MESSAGES)}
    events = await connection.fetch(EVENTS)
    return [
        *of_clients(seen, messages),
        *of_numbers(messages),
        *of_journals(messages, events),
        *await of_letters(connection, seen, messages, events),
        *await of_files(connection, seen),
        *await of_queues(connection, seen),
        *of_answers(seen),
    ]


def none(figure: str, found: int | Sequence[object]) -> Row:
    count = found if isinstance(found, int) else len(found)
    examples = f" ({', '.join(map(str, found[:3]))})" if not isinstance(found, int) and found else ""
    return Row(figure, "0", f"{count}{examples}", count == 0)


def of_clients(seen: Evidence, messages: dict[int, asyncpg.Record]) -> Iterator[Row]:
    notes = seen.notes
    keys = Counter(row["key"] for row in messages.values())
    there = {(row["key"], id) for id, row in messages.items()}
    lost = [key for key, ids in notes.confirmed.items() if not all((key, id) in there for id in ids)]
    twice = [key for key, ids in notes.confirmed.items() if len(ids) > 1 or keys[key] > 1]
    finished = f"{notes.finished} of {seen.cases}"
    yield Row("cases taken through the main path", "all", finished, notes.finished == seen.cases)
    yield none("message confirmed to the client but not in the database", lost)
    yield none("two messages for one key", twice)


def of_numbers(messages: dict[int, asyncpg.Record]) -> Iterator[Row]:
    given = [row["number"] for row in messages.values() if row["number"]]
    by_year: dict[str, list[int]] = {}
    for number in given:
        found = NUMBER.fullmatch(number)
        by_year.setdefault(found[1] if found else "?", []).append(int(found[2]) if found else 0)
    missing = [n for known in by_year.values() for n in set(range(1, max(known) + 1)) - set(known)]
    yield none("duplicate registration numbers", len(given) - len(set(given)))
    yield none("missing registration numbers", missing)


def of_journals(messages: dict[int, asyncpg.Record], events: Sequence[asyncpg.Record]) -> Iterator[Row]:
    told: dict[int, list[str]] = {id: [] for id in messages}
    for event in events:
        own = told[event["message"]]
        if event["kind"] in OWED and own[-1:] != [event["kind"]]:
            own.append(event["kind"])
    wrong = [id for id, kinds in told.items() if " ".join(kinds) != JOURNALS.get(messages[id]["status"])]
    unowed = [each["id"] for each in events if each["kind"] in OWED and set(each["owed"]) != OWED[each["kind"]]]
    yield none("cases whose status and journal differ", wrong)
    yield none("journal lines without what they owe, or the reverse", unowed)


async def of_letters(
    connection: asyncpg.Connection,
    seen: Evidence,
    messages: dict[int, asyncpg.Record],
    events: Sequence[asyncpg.Record],
) -> list[Row]:
    expected: dict[str, tuple[str, float]] = {}
    for event in events:
        case = messages[event["message"]]
        names = {name.removeprefix("mail:") for name in OWED.get(event["kind"], ()) if name.startswith("mail:")}
        for role, column in ((names & AUTHORS, "author"), (names & EXECUTORS, "executor")):
            for name in role:
                id = f"<{event['id']}-{name}-{case[column]}@{HOST}>"
                expected[id] = (case[f"{column}s"], event["at"].timestamp())
    came: dict[str, list[Letter]] = {}
    for letter in seen.letters:
        came.setdefault(letter.id, []).append(letter)
    missing = [id for id in expected if id not in came]
    wrong = [letter.id for letter in seen.letters if letter.id in expected and not right(letter, *expected[letter.id])]
    for id in came.keys() - expected.keys():
        address = await connection.fetchval(ELSEWHERE, id)
        wrong += [letter.id for letter in came[id] if letter.to != address]
    extra = sum(len(copies) - 1 for copies in came.values())
    changed = [id for id, copies in came.items() if len({copy.sha for copy in copies}) > 1]
    kinds = Counter(fault.kind for fault in seen.faults)
    bound = kinds["worker killed"] + kinds["mail server away"]
    share = extra / max(1, len(expected))
    return [
        none("letters due and not in the mailbox", missing),
        Row(
            "letters that came twice",
            f"<= 0.3 % and <= {bound}",
            f"{extra} of {len(expected)}, {share:.2%}",
            share <= 0.003 and extra <= bound,
        ),
        none("of those with another id or body", changed),
        none("letters to a wrong person, or before their event", wrong),
    ]


def right(letter: Letter, to: str, since: float) -> bool:
    return letter.to == to and letter.at >= since


async def of_files(connection: asyncpg.Connection, seen: Evidence) -> list[Row]:
    rows = await connection.fetch("SELECT message, content_hash, sizes, state FROM attachment")
    theirs = {(row["message"], row["content_hash"]) for row in rows if row["state"] == "ready"}
    lost = [message for message, shas in seen.notes.photos.items() for sha in shas if (message, sha) not in theirs]
    spoken = {row["content_hash"] for row in rows}
    for sizes in (row["sizes"] for row in rows):
        spoken |= set(re.findall(r"[0-9a-f]{64}", sizes))
    files = {path.name: path for path in seen.store.rglob("*") if path.is_file()}
    lying = {name: path for name, path in files.items() if "swept" not in path.parts}
    absent = [sha for sha in spoken if sha not in lying or sha256(lying[sha].read_bytes()).hexdigest() != sha]
    return [
        none("photos lost or not prepared", lost),
        none("rows without their file", absent),
        none("files without a row after one sweep", [name for name in lying if name not in spoken]),
    ]


async def of_queues(connection: asyncpg.Connection, seen: Evidence) -> list[Row]:
    last = max((fault.ended for fault in seen.faults), default=0.0)
    empty_at = await connection.fetchval(EMPTY_AT, last)
    took = empty_at.timestamp() - last if empty_at else 0.0
    again = [each for fault in seen.faults for each in fault.again.values()]
    slow = share_of(again, 0.95)
    return [
        none("given up", await connection.fetchval(GIVEN_UP)),
        none("items with an expired lease at the end", await connection.fetchval(LEFT_OVER)),
        Row("from the last fault to empty queues", "<= 60 s", f"{took:.0f} s", seen.emptied and took <= 60),
        Row(
            "a killed worker's job begun again, p95",
            f"<= {SOON} s",
            f"{slow:.0f} s of {len(again)}, half in {share_of(again, 0.5):.0f} s",
            bool(again) and slow <= SOON,
        ),
    ]


def of_answers(seen: Evidence) -> Iterator[Row]:
    notes = seen.notes
    far = [f"{status} {path}" for at, status, path in notes.failures if not near(at, seen.faults)]
    yield none(f"answers of 5xx not within {NEAR:.0f} s of a fault (of {notes.requests} requests)", far)
    share = notes.sent_at_once / max(1, notes.sent)
    yield Row("sent at the first try", ">= 97 %", f"{share:.1%} of {notes.sent}", share >= 0.97)


def near(at: float, faults: Sequence[Fault]) -> bool:
    """An outage of what pages do not need excuses nobody after its beginning."""
    return any(
        fault.began <= at <= (fault.ended if fault.kind == "postgresql restarted" else fault.began) + NEAR
        for fault in faults
    )


def share_of(figures: Sequence[float], share: float) -> float:
    """The figure that this share of them does not pass."""
    return sorted(figures)[ceil(len(figures) * share) - 1] if figures else 0.0


async def emptied(connection: asyncpg.Connection, seconds: float) -> bool:
    """Whether everything owed was done in time."""
    until = time.monotonic() + seconds
    while await connection.fetchval(UNDONE):
        if time.monotonic() > until:
            return False
        await asyncio.sleep(1)
    return True
