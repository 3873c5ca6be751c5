"""Whoever sends files gives way to whoever reads: the pages go first, and the files go on all the same."""

import asyncio
from time import monotonic, sleep
from typing import Any

import pytest
from tests.people import Town
from tests.portal.conftest import Browser
from tests.portal.errands import at_home, photo

from portal import giving_way
from portal.door import Door
from portal.giving_way import TIMES, Turns

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


async def giving(turns: Turns, work: Work) -> None:
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


async def test_what_fails_in_it_fails_as_it_did() -> None:
    async def broken() -> None:
        await asyncio.sleep(0)
        raise KeyError("that")

    with pytest.raises(KeyError, match="that"):
        await Turns().give_way(broken())


async def test_a_form_with_files_waits_for_a_page_and_a_page_for_nothing(
    portal: Door, town: Town, patient: None
) -> None:
    browser = await at_home(portal, town.anna)
    page = portal.turns.page()

    sending = asyncio.create_task(send(browser))
    done, _ = await asyncio.wait({sending}, timeout=1)
    read = await browser.get("/messages")
    page.begins()

    assert not done
    assert read.status_code == 200
    assert (await sending).status_code == 422
    assert portal.turns.pages == 0


async def send(browser: Browser) -> Any:
    return await browser.post("/messages", data={"text": "?"}, files=[photo()])
