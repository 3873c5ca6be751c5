"""While the mail server is away no letter is spent on it, and all that waited go when it lets us in again (§3)."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.people import MONDAY, Town
from tests.stories import submitted
from tests.workers.conftest import Mailbox, OnAnyPort, deliveries

from domain import resending
from domain.database import DB
from domain.errors import Stale
from domain.model import Delivery, Event, Message
from workers import delivering, moment, relay
from workers.delivering import deliver, deliver_letter
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


async def offered() -> list[int]:
    """What the relay offers of letters when every lease is over."""
    those: list[int] = []

    async def enqueue(queue: str, delivery: int, ticket: int) -> None:
        those.append(delivery)

    await relay.offer("mail", at=moment.now() + 2 * moment.LEASE, enqueue=enqueue)
    return those


@contextmanager
def open_at(port: int) -> Iterator[Mailbox]:
    box = Mailbox()
    server = OnAnyPort(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


async def another(town: Town) -> int:
    """One more message; what owes its letter."""
    message = await submitted(town)
    await relay.expand(at=moment.now() + moment.LEASE)
    (row,) = await Delivery.select().where((Delivery.reaction == LETTER) & (Delivery.event.message == message.id))
    return int(row["id"])


async def test_meanwhile_one_letter_is_offered_to_try_the_door_and_no_other_is_spent_on_it(
    town: Town, closed: int
) -> None:
    first = await kept_back(town)
    await deliver_letter(await another(town), 0)
    _, put_back = await deliveries(LETTER)

    await deliver_letter(put_back["id"], 0)  # a hint of before

    assert await offered() == [first["id"]]
    _, other = await deliveries(LETTER)
    assert (other["error"], other["attempts"], other["next_at"] <= moment.now()) == (None, 0, True)


async def test_meanwhile_what_only_owes_letters_goes_on_so_that_they_do_not_come_as_a_rush(
    town: Town, closed: int
) -> None:
    first = await kept_back(town)
    owing = await another(town)

    assert set(await offered()) == {first["id"], owing}


async def test_what_a_killed_worker_had_in_its_hands_is_begun_again_meanwhile_and_then_waits_as_well(
    town: Town, closed: int
) -> None:
    first = await kept_back(town)
    await deliver_letter(await another(town), 0)
    _, second = await deliveries(LETTER)
    await delivering.begin(second["id"], 0, at=moment.now())  # and here the worker dies

    assert set(await offered()) == {first["id"], second["id"]}
    await deliver_letter(second["id"], 0)

    _, second = await deliveries(LETTER)
    assert ("ServerAway" in second["error"], second["attempts"], second["failures"]) == (True, 1, 0)
    assert len(await offered()) == 1


async def test_of_all_that_met_the_closed_door_one_tries_it(town: Town, closed: int) -> None:
    first = await kept_back(town)
    await Delivery.update({Delivery.error: None}).where(Delivery.id == first["id"])  # as if it were on its way
    await deliver_letter(await another(town), 0)
    await Delivery.update({Delivery.error: first["error"]}).where(Delivery.id == first["id"])

    assert await offered() == [first["id"]]


async def test_who_tries_the_door_leaves_the_mark_until_it_is_known(town: Town, closed: int) -> None:
    first = await kept_back(town)

    begun = await delivering.begin(first["id"], 0, at=moment.now())

    assert begun is not None
    assert begun.kept_back
    assert await outage.is_on()


async def test_when_one_gets_in_all_others_are_due_the_oldest_first(town: Town, closed: int) -> None:
    first = await kept_back(town)
    await Delivery.update({Delivery.error: None}).where(Delivery.id == first["id"])  # as if it were on its way
    await deliver_letter(await another(town), 0)  # so this one meets the closed door as well
    await Delivery.update({Delivery.error: first["error"]}).where(Delivery.id == first["id"])
    still = await outage.is_on()

    with open_at(closed) as box:
        await deliver_letter(first["id"], 0)

    one, other = await deliveries(LETTER)
    assert (still, await outage.is_on(), len(box.letters)) == (True, False, 1)
    assert (one["done_at"] is not None, other["error"], other["next_at"]) == (True, None, MONDAY)


@pytest.mark.parametrize("said", ["550 nobody of this name", "451 later"])
async def test_a_server_that_refuses_the_letter_has_let_it_in(town: Town, closed: int, said: str) -> None:
    first = await kept_back(town)

    with open_at(closed) as box:
        box.of_address["anna@mail.example"] = said
        await deliver_letter(first["id"], 0)

    assert said[:3] in (await letter())["error"]
    assert not await outage.is_on()


async def test_a_door_behind_which_nobody_speaks_is_closed(
    town: Town, closed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.mail.post.SECONDS", 0.3)

    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", closed):
        await kept_back(town)

    assert await outage.is_on()


async def test_a_letter_that_failed_by_itself_keeps_no_other_back(town: Town, mailbox: Mailbox) -> None:
    mailbox.of_letter = "451 later"
    failed = await kept_back(town)

    assert "451" in failed["error"]
    assert not await outage.is_on()


async def test_what_waits_for_the_door_is_not_to_be_sent_again(town: Town, closed: int) -> None:
    row = await kept_back(town)
    event = await Event.objects().get(Event.id == row["event"])
    message = await Message.objects().get(Message.id == event.message) if event else None
    assert message is not None

    with pytest.raises(Stale):
        await resending.resend(message, row["id"], by=town.marina, at=MONDAY, resent=0)


async def test_what_is_kept_back_is_found_by_its_index(database: None) -> None:
    assert DB.pool is not None
    async with DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")  # the table is too small to be worth an index
        plan = await connection.fetch(f"EXPLAIN {outage.ANY_KEPT_BACK}")

    assert "delivery_kept_back" in "\n".join(line[0] for line in plan)
