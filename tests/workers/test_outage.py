"""While the mail server is away no letter is spent on it, and all that waited go when it lets us in again (§3)."""

import asyncio
import socket
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.stories import submitted
from tests.workers.conftest import Mailbox, OnAnyPort, deliveries

from domain.database import DB
from domain.model import Delivery
from workers import moment, relay
from workers.delivering import deliver
from workers.mail import outage

pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]

LETTER = "mail:taken_in"


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> int:
    """The mail server is away; the port at which it will be again."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
    return int(port)


async def kept_back(town: Town) -> dict[str, Any]:
    """The letter to Anna that her message has come, after it met a closed door."""
    await submitted(town)
    await relay.expand(at=MONDAY)
    (owing,) = await Delivery.select().where(Delivery.reaction == LETTER)
    await deliver(owing["id"], 0)
    return await letter()


async def letter() -> dict[str, Any]:
    (row,) = await deliveries(LETTER)
    return row


async def test_a_letter_that_met_a_closed_door_has_not_been_tried_and_waits_no_longer_each_time(
    town: Town, closed: int
) -> None:
    first = await kept_back(town)

    await deliver(first["id"], 0)

    again = await letter()
    assert "ServerAway" in again["error"]
    assert (again["attempts"], again["failures"], again["done_at"], again["gave_up_at"]) == (0, 0, None, None)
    assert again["next_at"] - moment.now() <= moment.LEASE


async def test_meanwhile_no_letter_is_offered_and_everything_else_is(town: Town, closed: int) -> None:
    before = await relay.waiting(at=moment.now())
    await kept_back(town)
    await submitted(town)
    await relay.expand(at=MONDAY)

    meanwhile = await relay.waiting(at=moment.now() + moment.LEASE)

    assert (before, meanwhile) == (set(), {"pictures", "hints"})


async def test_what_waited_goes_as_soon_as_the_door_opens(town: Town, closed: int) -> None:
    await kept_back(town)
    await outage.knock(at=moment.now())
    still = await outage.is_on()
    box = Mailbox()
    server = OnAnyPort(box, hostname="127.0.0.1", port=closed)
    server.start()

    try:
        await outage.knock(at=moment.now())
        row = await letter()
        offered = await relay.waiting(at=MONDAY)
        await deliver(row["id"], row["attempts"])
    finally:
        server.stop()

    assert (still, row["error"], row["next_at"], "mail" in offered) == (True, None, MONDAY, True)
    assert len(box.letters) == 1
    assert not await outage.is_on()


async def test_a_door_behind_which_nobody_speaks_stays_closed(
    town: Town, closed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept_back(town)
    monkeypatch.setattr("workers.mail.post.SECONDS", 0.3)

    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", closed):
        await outage.knock(at=moment.now())

    assert await outage.is_on()


async def test_a_letter_that_failed_by_itself_keeps_no_other_back(town: Town, mailbox: Mailbox) -> None:
    mailbox.of_letter = "451 later"
    failed = await kept_back(town)

    assert "451" in failed["error"]
    assert not await outage.is_on()


async def test_nobody_knocks_at_an_open_door(town: Town, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    async def answers() -> bool:
        asked.append(True)
        return True

    monkeypatch.setattr("workers.mail.post.answers", answers)
    await outage.knock(at=moment.now())

    assert asked == []


async def test_what_is_kept_back_is_found_by_its_index(database: None) -> None:
    assert DB.pool is not None
    async with DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")  # the table is too small to be worth an index
        plan = await connection.fetch(f"EXPLAIN {outage.ANY_KEPT_BACK}")

    assert "delivery_kept_back" in "\n".join(line[0] for line in plan)
