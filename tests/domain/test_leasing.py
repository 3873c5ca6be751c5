"""Leases: nobody does the same work twice (§3). Who has a message open is told to the others and locks no act."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.people import MONDAY, Town
from tests.stories import HOUR, fresh, journal, registered, submitted

from domain import leasing, moderating
from domain.database import DB
from domain.errors import NotAllowed
from domain.leasing import BY_A_PAGE, BY_HAND, holders, leave, take_next, take_up
from domain.model import Lease, Message, Person
from portal.desk.leases import first_free
from portal.desk.moderation import QUEUES
from portal.desk.queues import Queue

pytestmark = pytest.mark.usefixtures("database")
SECOND = timedelta(seconds=1)
NEW, UNPUBLISHED = QUEUES[0], QUEUES[-1]


async def name_of_holder(message: Message, at: timedelta = timedelta()) -> str | None:
    holder = (await holders([message.id], at=MONDAY + at)).get(message.id)
    return holder.name if holder else None


async def next_of(queue: Queue, by: Person, at: timedelta = timedelta()) -> int | None:
    return await take_next(lambda: first_free(queue, at=MONDAY + at), by=by, at=MONDAY + at)


@pytest.mark.rule("R33")
async def test_a_lease_is_shown_with_its_beginning_and_leaves_no_trace_in_the_case(town: Town) -> None:
    message = await submitted(town)
    version, told = message.version, await journal(message)

    for seconds in (0, 20, 40):
        await take_up(message.id, by=town.marina, at=MONDAY + seconds * SECOND)

    (holder,) = (await holders([message.id], at=MONDAY + 60 * SECOND)).values()
    assert (holder.name, holder.since) == (town.marina.name, MONDAY)
    assert ((await fresh(message)).version, await journal(message)) == (version, told)


async def test_a_lease_ends_by_leaving_by_another_page_of_the_same_person_not(town: Town) -> None:
    message = await submitted(town)
    first, second = uuid4(), uuid4()
    await take_up(message.id, by=town.marina, at=MONDAY, opening=first)
    await take_up(message.id, by=town.marina, at=MONDAY, opening=second)

    closed_first, others = await leave(message.id, by=town.marina, opening=first), await leave(message.id, by=town.vera)
    assert (closed_first, others) == (False, False)
    assert await name_of_holder(message) == town.marina.name
    assert await leave(message.id, by=town.marina, opening=second)
    assert await name_of_holder(message) is None


async def test_a_silent_lease_ends_and_the_next_who_asks_gets_it(town: Town) -> None:
    message = await submitted(town)
    await take_up(message.id, by=town.marina, at=MONDAY)
    silent = BY_A_PAGE - SECOND

    assert await take_up(message.id, by=town.vera, at=MONDAY + silent) is None
    assert await take_up(message.id, by=town.vera, at=MONDAY + BY_A_PAGE) == MONDAY + BY_A_PAGE
    assert await name_of_holder(message, BY_A_PAGE) == town.vera.name


async def test_what_is_taken_without_scripts_is_held_longer(town: Town) -> None:
    message = await submitted(town)
    await take_up(message.id, by=town.marina, at=MONDAY, lasting=BY_HAND)

    assert await name_of_holder(message, BY_HAND - SECOND) == town.marina.name
    assert await leasing.forget_silent(at=MONDAY + BY_HAND - SECOND) == []
    assert await leasing.forget_silent(at=MONDAY + BY_HAND) == [message.id]


@pytest.mark.rule("R07")
async def test_a_lease_of_another_locks_no_act(town: Town) -> None:
    message = await submitted(town)
    await take_up(message.id, by=town.marina, at=MONDAY)

    await moderating.register(message, by=town.vera, at=MONDAY + SECOND)

    assert (await fresh(message)).status == "registered"


@pytest.mark.rule("R10")
@pytest.mark.parametrize("who", ["anna", "pavel", "elena", "konstantin", "yulia"])
async def test_only_moderators_take(town: Town, who: str) -> None:
    message = await submitted(town)

    with pytest.raises(NotAllowed):
        await take_up(message.id, by=getattr(town, who), at=MONDAY)
    with pytest.raises(NotAllowed):
        await next_of(NEW, getattr(town, who))

    assert await Lease.count() == 0


async def test_of_twenty_who_take_the_next_of_ten_ten_get_ten_different_ones_and_ten_are_told(town: Town) -> None:
    messages = [await submitted(town, at=MONDAY + nth * SECOND) for nth in range(10)]
    both = [town.marina, town.vera] * 10

    taken = await asyncio.gather(*(next_of(NEW, by, HOUR) for by in both))

    assert sorted(filter(None, taken)) == sorted(each.id for each in messages)
    assert taken.count(None) == 10


async def test_twenty_who_open_one_message_leave_one_holder_with_one_beginning(town: Town) -> None:
    message = await submitted(town)
    both = [town.marina, town.vera] * 10

    taken = await asyncio.gather(*(take_up(message.id, by=by, at=MONDAY, opening=uuid4()) for by in both))

    assert taken.count(None) == 10
    assert await Lease.count() == 1


async def test_the_next_comes_by_the_clock_and_passes_over_what_is_held(town: Town) -> None:
    later, sooner = await submitted(town, at=MONDAY + 24 * HOUR), await submitted(town)
    await take_up(sooner.id, by=town.vera, at=MONDAY + 25 * HOUR, lasting=HOUR)
    at = 25 * HOUR + SECOND

    assert await next_of(NEW, town.marina, at) == later.id
    assert await next_of(NEW, town.marina, at) is None
    assert await leave(sooner.id, by=town.vera)
    assert await next_of(NEW, town.marina, at) == sooner.id


async def test_a_queue_without_a_clock_gives_its_newest(town: Town) -> None:
    older, newest = await registered(town), await registered(town)

    assert await next_of(UNPUBLISHED, town.marina) == newest.id
    assert await next_of(UNPUBLISHED, town.vera) == older.id


async def test_who_takes_the_next_waits_for_nobody_who_is_registering_it(town: Town) -> None:
    message = await submitted(town)
    assert DB.pool is not None

    async with DB.pool.acquire() as registering, registering.transaction():
        await registering.execute(
            "UPDATE message SET number = '2026-00001', registered_at = sent_at WHERE id = $1", message.id
        )
        taken = await asyncio.wait_for(next_of(NEW, town.vera), 2)

    assert taken == message.id
