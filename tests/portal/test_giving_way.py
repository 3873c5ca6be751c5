"""Whoever sends files gives way to whoever reads: the pages go first, and the files go on all the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic, sleep

import pytest
from litestar import get, post
from litestar.response import Stream
from tests.people import Town
from tests.portal.conftest import Browser, mount
from tests.portal.errands import at_home, photo

from domain.database import DB, atomic
from domain.model import Message
from portal import giving_way
from portal.door import Door
from portal.giving_way import TIMES, WORDS_BYTES, Turns

A_WHILE = 0.03


class Work:
    """A few steps, each of which takes its time."""

    def __init__(self, steps: int = 5, seconds: float = 0.0) -> None:
        self.steps, self.seconds = steps, seconds
        self.done = 0
        self.ended = False

    async def __call__(self) -> None:
        try:
            while self.done < self.steps:
                await asyncio.sleep(0)
                sleep(self.seconds)  # noqa: ASYNC251
                self.done += 1
        finally:
            self.ended = True


async def giving(turns: Turns, work: Callable[[], Awaitable[None]]) -> None:
    await turns.give_way(work())


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a step waited without end for the pages: what it does not wait for shows."""
    monkeypatch.setattr(giving_way, "SECONDS", 60)


async def test_while_a_page_is_on_its_way_no_file_goes_on(patient: None) -> None:
    turns, work = Turns(), Work()
    page, other = turns.page(), turns.page()

    sending = asyncio.create_task(giving(turns, work))
    await asyncio.sleep(A_WHILE)
    at_first = work.done
    page.begins()
    page.begins()
    await asyncio.sleep(A_WHILE)
    with_the_other = work.done
    other.begins()
    await sending

    assert (at_first, with_the_other, work.done) == (0, 0, 5)


async def test_a_page_that_never_comes_holds_no_file_up() -> None:
    turns, work = Turns(), Work()
    turns.page()

    await asyncio.wait_for(giving(turns, work), 10)

    assert work.done == 5


async def test_while_somebody_reads_files_rest_longer_than_they_work() -> None:
    turns, works = Turns(), [Work(seconds=0.004) for _ in range(4)]
    turns.page().begins()
    began = monotonic()

    await asyncio.gather(*(giving(turns, work) for work in works))

    assert monotonic() - began >= 0.004 * 5 * 4 * TIMES


@pytest.mark.parametrize("reading", [False, True])
async def test_an_upload_that_is_broken_off_ends_at_once(patient: None, reading: bool) -> None:
    turns, work = Turns(), Work(steps=10**9)
    if reading:
        turns.page()
    sending = asyncio.create_task(giving(turns, work))
    await asyncio.sleep(A_WHILE)

    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending

    assert work.ended


async def test_of_its_end_the_work_hears_where_it_waits_next_and_keeps_what_had_come(patient: None) -> None:
    """In Python 3.11 `wait_for` swallows a cancellation that is thrown at it when what it waited for has come."""
    turns, heard, came = Turns(), list[str](), asyncio.Event()

    async def work() -> None:
        await asyncio.wait_for(came.wait(), 60)
        heard.append("it came")
        await asyncio.sleep(60)
        heard.append("and went on")

    sending = asyncio.create_task(giving(turns, work))
    await asyncio.sleep(A_WHILE)
    turns.page()
    came.set()
    await asyncio.sleep(A_WHILE)

    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(sending, 10)

    assert heard == ["it came"]


async def test_a_limit_of_time_ends_it_as_ever(patient: None) -> None:
    turns = Turns()
    turns.page()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(A_WHILE):
            await turns.give_way(Work(steps=10**9)())


@pytest.mark.parametrize("in_a_transaction", [False, True])
async def test_nobody_waits_with_a_connection_in_their_hands(town: Town, patient: None, in_a_transaction: bool) -> None:
    turns, asked, begun = Turns(), list[str](), asyncio.Event()

    async def work() -> None:
        begun.set()
        if in_a_transaction:
            async with atomic():
                await Message.count()
                asked.append("holds it")
                await Message.count()
        else:
            await Message.count()
        asked.append("gave it back")

    assert DB.pool is not None
    sending = asyncio.create_task(giving(turns, work))
    await begun.wait()
    page = turns.page()
    await asyncio.sleep(A_WHILE * 5)
    idle, size = DB.pool.get_idle_size(), DB.pool.get_size()
    page.begins()
    await sending

    assert idle == size
    assert asked[-1] == "gave it back"


async def test_what_fails_in_it_fails_as_it_did() -> None:
    async def broken() -> None:
        await asyncio.sleep(0)
        raise KeyError("that")

    with pytest.raises(KeyError, match="that"):
        await Turns().give_way(broken())


SMALL, LARGE = b"1" * 100, b"1" * WORDS_BYTES
TUS = {"content-type": "application/offset+octet-stream"}


async def test_files_wait_for_a_page_and_words_and_pages_for_nothing(
    portal: Door, browser: Browser, town: Town, patient: None
) -> None:
    @post("/taken", status_code=200)
    async def taken() -> str:
        return "taken"

    mount(portal, taken)
    browser = await at_home(portal, town.anna)
    page = portal.turns.page()

    brought = [
        browser.post("/taken", data={"text": "?"}, files=[photo(content=LARGE)]),
        browser.post("/taken", content=SMALL, headers=TUS),
    ]
    waiting = [asyncio.create_task(each) for each in brought]
    done, _ = await asyncio.wait(waiting, timeout=0.5)
    words = await browser.post("/taken", data={"text": "?"}, files=[photo(content=SMALL)])
    read = await browser.get("/messages")
    page.begins()
    statuses = [(await each).status_code for each in waiting]

    assert not done
    assert (words.status_code, read.status_code) == (200, 200)
    assert statuses == [200, 200]
    assert portal.turns.pages == 0


async def test_a_page_is_on_its_way_until_its_answer_begins_whatever_becomes_of_it(
    portal: Door, browser: Browser
) -> None:
    asked, sent, may_go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def pieces() -> AsyncIterator[str]:
        yield "the first"
        sent.set()
        await may_go_on.wait()

    @get("/long")
    async def long() -> Stream:
        return Stream(pieces())

    @get("/slow")
    async def slow() -> None:
        asked.set()
        await may_go_on.wait()

    mount(portal, long, slow)

    reading = asyncio.create_task(browser.get("/long"))
    await sent.wait()
    while_it_comes = portal.turns.pages
    waiting = asyncio.create_task(browser.get("/slow"))
    await asked.wait()
    before_it_comes = portal.turns.pages
    waiting.cancel()
    await asyncio.wait({waiting})
    after_it_was_left = portal.turns.pages
    may_go_on.set()
    await reading

    assert (while_it_comes, before_it_comes, after_it_was_left) == (0, 1, 0)
