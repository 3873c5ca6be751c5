"""A delivery is carried out once, tried again when it failed, and given up where somebody sees it (§3, §5.1)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tests.people import MONDAY, Town
from tests.stories import in_commission, registered, submitted
from tests.workers.conftest import Mailbox, all_delivered, deliveries

from domain.database import DB, database_url
from domain.escalating import escalate
from domain.model import Delivery, Person
from domain.outages import DatabaseAway
from domain.workdays import TOWN
from workers import delivering, moment, relay
from workers.delivering import attempted, deliver, deliver_letter
from workers.mail import post
from workers.noting import BACK_OFF

pytestmark = [pytest.mark.rule("R33"), pytest.mark.usefixtures("database")]

LETTER = "mail:taken_in"
# Acceptance of what was sent on Monday is due on Tuesday, and the ladder tells of it as that day's office opens.
DUE_TODAY = datetime(2026, 3, 3, 9, tzinfo=TOWN)


async def owed_letter(town: Town) -> int:
    """The letter to Anna that her message has come; the id of its delivery."""
    await attempted(await addressing(town), 0)  # and here the actor dies: it has owed the letter, and not sent it
    return (await letter())["id"]


async def addressing(town: Town) -> int:
    """What owes Anna the letter that her message has come."""
    await submitted(town)
    await relay.expand(at=MONDAY)
    return (await Delivery.select().where(Delivery.reaction == LETTER))[0]["id"]


async def offered(*, at: datetime) -> dict[int, int]:
    """What the relay offers to the workers of letters now, with its tickets."""
    those = dict[int, int]()

    async def enqueue(queue: str, delivery: int, ticket: int) -> None:
        those[delivery] = ticket

    await relay.offer("mail", at=at, enqueue=enqueue)
    return those


async def letter() -> dict[str, Any]:
    return (await deliveries(LETTER))[0]


async def try_again() -> None:
    row = await letter()
    await deliver(row["id"], row["failures"])


@asynccontextmanager
async def somebody_locks(table: str) -> AsyncIterator[asyncpg.Connection]:
    """Nobody else reads or writes the table meanwhile; to ask of who waits for it there is a connection."""
    connection = await asyncpg.connect(database_url())
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table}")
            yield connection
    finally:
        await connection.close()


async def hung_up(connection: asyncpg.Connection) -> None:
    """Whoever waits for a lock loses their connection, as when PostgreSQL restarts."""
    waiting = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(3):  # as long as anybody waits for a lock
        while not await connection.fetchval(f"SELECT count(*) {waiting}"):
            await asyncio.sleep(0.02)
            await connection.execute("SELECT pg_stat_clear_snapshot()")
    await connection.execute(f"SELECT pg_terminate_backend(pid) {waiting}")


async def begun(mailbox: Mailbox, letters: int) -> None:
    """Until the mail server has so many in its hands, and is slow to take them."""
    async with asyncio.timeout(20):
        while mailbox.begun < letters:  # noqa: ASYNC110 - the server has a thread of its own
            await asyncio.sleep(0.02)


async def test_an_actor_that_runs_twice_sends_one_letter(town: Town, mailbox: Mailbox) -> None:
    delivery = await owed_letter(town)

    await deliver(delivery, 0)
    await deliver(delivery, 0)

    assert len(mailbox.letters) == 1
    row = await letter()
    assert (row["done_at"] is not None, row["attempts"], row["error"]) == (True, 1, None)


async def test_two_actors_at_once_send_one_letter(town: Town, mailbox: Mailbox) -> None:
    mailbox.slowness = 0.3
    delivery = await owed_letter(town)

    await asyncio.gather(*(deliver(delivery, 0) for _ in range(4)))

    assert (len(mailbox.letters), (await letter())["attempts"]) == (1, 1)


async def test_no_transaction_is_open_while_the_mail_server_talks(town: Town, mailbox: Mailbox) -> None:
    mailbox.slowness = 0.5
    delivery = await owed_letter(town)

    sending = asyncio.create_task(deliver(delivery, 0))
    await asyncio.sleep(0.3)
    assert DB.pool is not None
    open_transactions = await DB.pool.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    )
    await sending

    assert (open_transactions, len(mailbox.letters)) == (0, 1)


async def test_a_mail_server_that_refuses_is_asked_again_later_each_time(town: Town, mailbox: Mailbox) -> None:
    mailbox.of_letter = "451 later"
    await owed_letter(town)

    waits = []
    for _ in range(11):
        await try_again()
        row = await letter()
        waits.append(row["next_at"] - moment.now())

    planned = [*BACK_OFF, BACK_OFF[-1], BACK_OFF[-1]]
    assert [round(wait / timedelta(seconds=10)) for wait in waits] == [each / timedelta(seconds=10) for each in planned]
    assert "451" in row["error"]
    assert (row["gave_up_at"], row["done_at"], row["attempts"]) == (None, None, 11)


async def test_workers_that_were_killed_make_nobody_wait_longer(town: Town, mailbox: Mailbox) -> None:
    delivery = await owed_letter(town)
    for _ in range(3):
        await delivering.begin(delivery, 0, at=moment.now())
    mailbox.of_letter = "451 later"

    await try_again()

    row = await letter()
    assert timedelta() < row["next_at"] - moment.now() <= BACK_OFF[0]
    assert (row["attempts"], row["failures"]) == (4, 1)


async def test_after_the_last_attempt_it_is_given_up_and_says_why(town: Town, mailbox: Mailbox) -> None:
    mailbox.of_letter = "451 later"
    delivery = await owed_letter(town)
    await Delivery.update({Delivery.attempts: 11}).where(Delivery.id == delivery)

    await try_again()

    row = await letter()
    assert (isinstance(row["gave_up_at"], datetime), row["attempts"]) == (True, 12)
    assert "451" in row["error"]
    mailbox.of_letter = "250 OK"
    await try_again()
    assert mailbox.letters == []


async def test_an_address_that_does_not_exist_is_not_asked_again(town: Town, mailbox: Mailbox) -> None:
    mailbox.of_address["anna@mail.example"] = "550 no such user"
    await owed_letter(town)

    await try_again()

    row = await letter()
    assert (isinstance(row["gave_up_at"], datetime), row["attempts"]) == (True, 1)
    assert "550" in row["error"]


async def test_a_hint_from_before_a_failure_does_not_shorten_the_wait(town: Town, mailbox: Mailbox) -> None:
    mailbox.of_letter = "451 later"
    delivery = await owed_letter(town)
    await deliver(delivery, 0)
    mailbox.of_letter = "250 OK"

    await deliver(delivery, 0)

    assert (mailbox.letters, (await letter())["attempts"]) == ([], 1)


async def test_nor_does_a_hint_from_while_it_was_in_hands(town: Town, mailbox: Mailbox) -> None:
    mailbox.of_letter, mailbox.slowness = "451 later", 0.5
    delivery = await owed_letter(town)
    sending = asyncio.create_task(deliver(delivery, 0))
    await asyncio.sleep(0.25)
    tickets = await offered(at=moment.now() + moment.LEASE)
    await sending
    mailbox.of_letter = "250 OK"

    await deliver(delivery, tickets[delivery])

    assert (mailbox.letters, (await letter())["attempts"]) == ([], 1)


async def test_a_hint_whose_actor_was_killed_is_taken_up_again(town: Town, mailbox: Mailbox) -> None:
    delivery = await owed_letter(town)
    begun = await delivering.begin(delivery, 0, at=MONDAY)  # and here the actor dies

    await deliver(delivery, 0)

    assert begun is not None
    assert (len(mailbox.letters), (await letter())["attempts"]) == (1, 2)


async def test_what_was_in_the_hands_of_a_killed_actor_is_offered_when_the_lease_ends(
    town: Town, mailbox: Mailbox
) -> None:
    delivery = await owed_letter(town)
    begun_at = moment.now() + moment.LEASE
    await delivering.begin(delivery, 0, at=begun_at)  # and here the actor dies

    assert delivery not in await offered(at=begun_at + moment.LEASE / 2)
    assert delivery in await offered(at=begun_at + moment.LEASE)


async def test_a_delivery_that_kills_its_actors_is_given_up(town: Town, mailbox: Mailbox) -> None:
    delivery = await owed_letter(town)
    for _ in range(12):
        assert await delivering.begin(delivery, 0, at=MONDAY) is not None

    await deliver(delivery, 0)

    row = await letter()
    assert isinstance(row["gave_up_at"], datetime)
    assert "killed" in row["error"]
    assert mailbox.letters == []


async def test_a_reaction_of_an_older_version_is_given_up_visibly(town: Town) -> None:
    delivery = await owed_letter(town)
    await Delivery.update({Delivery.reaction: "mail:by_pigeon"}).where(Delivery.id == delivery)

    await deliver(delivery, 0)

    (row,) = await deliveries("mail:by_pigeon")
    assert (isinstance(row["gave_up_at"], datetime), row["attempts"]) == (True, 1)


async def test_one_failing_delivery_keeps_no_other_back(town: Town, mailbox: Mailbox) -> None:
    mailbox.of_letter = "451 later"
    await submitted(town)

    await all_delivered()

    done = [row["reaction"] for row in await Delivery.select().where(Delivery.done_at.is_not_null())]
    assert sorted(done) == ["hints", LETTER, "pictures"]  # the letter is owed to its reader, and has not gone
    assert (await letter())["done_at"] is None


async def test_a_lost_connection_of_the_lock_gives_nothing_back_to_the_pool_that_is_broken(
    town: Town, mailbox: Mailbox
) -> None:
    mailbox.slowness = 0.5
    delivery = await owed_letter(town)

    sending = asyncio.create_task(deliver(delivery, 0))
    await asyncio.sleep(0.2)
    assert DB.pool is not None
    await DB.pool.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    )
    (fault,) = await asyncio.gather(sending, return_exceptions=True)

    assert fault is None
    assert await DB.pool.fetchval("SELECT 1") == 1
    assert (await letter())["done_at"] is not None


async def test_one_full_mailbox_keeps_no_other_reader_waiting_and_gets_nobody_a_second_letter(
    town: Town, mailbox: Mailbox
) -> None:
    await in_commission(town)
    mailbox.of_address[str(town.marina.email)] = "452 mailbox full"
    await all_delivered("mail:commission_waits")
    mailbox.of_address.clear()

    await all_delivered("mail:commission_waits")

    readers = Counter(letter["To"].addresses[0].username for letter in mailbox.letters)
    assert set(readers.values()) == {1}
    assert len(readers) > 2
    assert {row["attempts"] for row in await deliveries("mail:commission_waits")} == {1, 2}


async def test_a_letter_is_owed_once_to_each_however_often_it_is_addressed(town: Town, mailbox: Mailbox) -> None:
    await owed_letter(town)
    await Delivery.update({Delivery.done_at: None}).where(Delivery.recipient == "")

    await all_delivered("mail:")

    assert (len(await deliveries(LETTER)), len(mailbox.letters)) == (1, 1)


async def test_a_reader_who_has_gone_meanwhile_is_given_up_with_the_reason(town: Town, mailbox: Mailbox) -> None:
    delivery = await owed_letter(town)
    await Person.update({Person.email: None}).where(Person.id == town.anna.id)

    await deliver(delivery, 0)

    row = await letter()
    assert isinstance(row["gave_up_at"], datetime)
    assert "nobody any more" in row["error"]
    assert mailbox.letters == []


async def test_a_sole_letter_goes_at_once_and_the_relay_has_nothing_to_offer(town: Town, mailbox: Mailbox) -> None:
    await deliver(await addressing(town), 0)

    row = await letter()
    assert (len(mailbox.letters), row["attempts"], row["done_at"] is not None) == (1, 1, True)
    assert row["address"] == "anna@mail.example"
    assert row["id"] not in await offered(at=moment.now() + moment.LEASE)


async def test_a_sole_letter_that_could_not_go_at_once_is_tried_again_like_any_other(
    town: Town, mailbox: Mailbox
) -> None:
    mailbox.of_letter = "451 later"
    await deliver(await addressing(town), 0)
    row = await letter()
    assert (row["attempts"], row["failures"], "451" in row["error"]) == (1, 1, True)
    assert timedelta() < row["next_at"] - moment.now() <= BACK_OFF[0]
    mailbox.of_letter = "250 OK"

    await try_again()

    assert len(mailbox.letters) == 1


async def test_a_letter_whose_worker_died_before_it_went_is_offered_after_the_lease(
    town: Town, mailbox: Mailbox
) -> None:
    delivery = await owed_letter(town)

    early, late = await offered(at=moment.now()), await offered(at=moment.now() + moment.LEASE)

    assert (delivery in early, delivery in late, mailbox.letters) == (False, True, [])


async def test_of_several_readers_none_waits_for_another(town: Town, mailbox: Mailbox) -> None:
    await in_commission(town)
    await relay.expand(at=MONDAY)
    (row,) = await Delivery.select().where(Delivery.reaction == "mail:commission_waits")

    await deliver(row["id"], 0)

    owed = await deliveries("mail:commission_waits")
    assert (mailbox.letters, {each["attempts"] for each in owed}) == ([], {0})
    assert max(each["next_at"] for each in owed) <= moment.now()


async def test_a_repeated_hint_sends_the_letter_of_whoever_was_killed_and_no_letter_twice(
    town: Town, mailbox: Mailbox
) -> None:
    owing = await addressing(town)
    await attempted(owing, 0)  # and here the actor dies

    await deliver(owing, 0)
    await deliver(owing, 0)

    assert (len(mailbox.letters), (await letter())["attempts"]) == (1, 1)


async def test_a_repeated_hint_shortens_no_wait_of_a_letter_that_failed(town: Town, mailbox: Mailbox) -> None:
    owing = await addressing(town)
    mailbox.of_letter = "451 later"
    await deliver(owing, 0)
    mailbox.of_letter = "250 OK"

    await deliver(owing, 0)

    assert mailbox.letters == []


async def test_a_repeated_hint_leaves_alone_what_waits_for_others(town: Town, mailbox: Mailbox) -> None:
    await registered(town)
    await escalate(at=DUE_TODAY)
    await relay.expand(at=DUE_TODAY)
    (owing,) = [each["id"] for each in await Delivery.select().where(Delivery.reaction == "mail:term_near")]
    await attempted(owing, 0)

    await deliver(owing, 0)

    assert (mailbox.letters, [each["attempts"] for each in await deliveries("mail:term_near")]) == ([], [0])


async def test_two_hints_at_once_send_the_letter_that_was_left_once(town: Town, mailbox: Mailbox) -> None:
    mailbox.slowness = 0.3
    owing = await addressing(town)

    await asyncio.gather(*(deliver(owing, 0) for _ in range(3)))
    await asyncio.gather(*(deliver(owing, 0) for _ in range(3)))

    assert (len(mailbox.letters), (await letter())["attempts"]) == (1, 1)


async def test_no_more_letters_are_on_their_way_than_a_killed_worker_may_send_twice(
    town: Town, mailbox: Mailbox
) -> None:
    mailbox.slowness = 0.5
    for _ in range(6):
        await submitted(town)
    await relay.expand(at=MONDAY)
    owing = await Delivery.select().where(Delivery.reaction == LETTER)

    sending = [asyncio.create_task(deliver_letter(row["id"], 0)) for row in owing]
    await begun(mailbox, post.ON_THEIR_WAY)
    await asyncio.sleep(0.2)
    on_their_way = mailbox.begun
    await asyncio.gather(*sending)

    assert (on_their_way, len(mailbox.letters)) == (post.ON_THEIR_WAY, 6)


@asynccontextmanager
async def taken_while_postgresql_is_away(town: Town, mailbox: Mailbox) -> AsyncIterator[asyncio.Task[None]]:
    """Whoever sends a letter that the mail server takes, and cannot note it meanwhile."""
    mailbox.slowness = 0.5
    sending = asyncio.create_task(deliver(await owed_letter(town), 0))
    await begun(mailbox, 1)
    async with somebody_locks("delivery") as connection:
        await hung_up(connection)
        yield sending


async def test_a_letter_that_was_taken_while_postgresql_went_away_is_noted_when_it_is_back(
    town: Town, mailbox: Mailbox
) -> None:
    async with taken_while_postgresql_is_away(town, mailbox) as sending:
        pass
    await sending
    await try_again()

    row = await letter()
    assert (len(mailbox.letters), row["attempts"], row["done_at"] is not None) == (1, 1, True)


async def test_a_letter_that_was_taken_is_not_noted_as_failed_even_if_that_cannot_be_noted(
    town: Town, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.noting.NOTING_SECONDS", 0)
    async with taken_while_postgresql_is_away(town, mailbox) as sending:
        with pytest.raises(DatabaseAway):
            await sending

    row = await letter()
    assert (len(mailbox.letters), row["done_at"], row["error"], row["failures"]) == (1, None, None, 0)


async def test_a_line_is_free_for_another_letter_when_its_own_is_noted(town: Town, mailbox: Mailbox) -> None:
    mailbox.slowness = 0.5
    for _ in range(6):
        await submitted(town)
    await relay.expand(at=MONDAY)
    owing = await Delivery.select().where(Delivery.reaction == LETTER)

    sending = [asyncio.create_task(deliver_letter(row["id"], 0)) for row in owing]
    await begun(mailbox, post.ON_THEIR_WAY)
    async with somebody_locks("delivery"):
        await asyncio.sleep(1)
        taken = mailbox.begun
    await asyncio.gather(*sending)

    assert (taken, len(mailbox.letters)) == (post.ON_THEIR_WAY, 6)


async def test_that_postgresql_went_away_is_no_failure_of_the_letter(town: Town, mailbox: Mailbox) -> None:
    await owed_letter(town)
    await Delivery.update({Delivery.failures: 3, Delivery.error: "451 later"}).where(Delivery.recipient != "")

    async with somebody_locks("person") as connection:
        trying = asyncio.create_task(try_again())
        await hung_up(connection)
    await trying

    row = await letter()
    assert "DatabaseAway" in row["error"]
    assert (row["attempts"], row["failures"]) == (1, 3)
    assert timedelta() < row["next_at"] - moment.now() <= BACK_OFF[0]
