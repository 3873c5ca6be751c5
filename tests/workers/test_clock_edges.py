"""The clock at its worst moments: killed on the edge of a day, two at once, away for a day and more (R31, R35)."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta

import pytest
from tests.people import Town
from tests.stories import HOUR, answered, in_work, registered, submitted
from tests.workers.conftest import Mailbox, all_delivered

from domain import rating
from domain.model import Event, Term
from domain.workdays import TOWN
from workers.sweeping import sweep

pytestmark = pytest.mark.usefixtures("database")
# What was registered on Monday is to be accepted by the end of Tuesday; people are told in the morning.
EDGE = datetime(2026, 3, 4, 0, 0, tzinfo=TOWN)
MORNING = datetime(2026, 3, 4, 9, 0, tzinfo=TOWN)
TOLD = ("term:reminder", "term:missed", "term:escalated")

# A clock that dies between its steps: what it had written is there, what it had not is not.
KILLED = """
import asyncio, os, signal
from datetime import datetime
from domain import escalating
from domain.database import open_pool
from workers.sweeping import sweep

async def dies(*, at):
    os.kill(os.getpid(), signal.SIGKILL)

escalating.escalate = dies

async def main():
    await open_pool()
    await sweep(at=datetime.fromisoformat({at!r}))
asyncio.run(main())
"""


async def told() -> Counter[tuple[str, int, str, str]]:
    """How often of each term each thing was told to whom."""
    rows = await Event.select(Event.kind, Event.data).where(Event.kind.is_in(list(TOLD))).output(load_json=True)
    return Counter((each["kind"], each["data"]["term"], *whom(each["data"])) for each in rows)


def whom(data: dict[str, object]) -> tuple[str, str]:
    return str(data["owed"]), str(data.get("whom", ""))


async def killed_at(at: datetime) -> int:
    code = KILLED.format(at=at.isoformat())
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", code], env=dict(os.environ), timeout=60)
    return done.returncode


@pytest.mark.rule("R31")
async def test_a_clock_killed_on_the_edge_and_two_that_take_over_tell_everything_once(town: Town) -> None:
    for _ in range(3):
        await registered(town)

    await sweep(at=EDGE - timedelta(seconds=1))
    ended = await killed_at(EDGE)
    for moment in (EDGE + timedelta(seconds=5), MORNING):
        await asyncio.gather(sweep(at=moment), sweep(at=moment))

    assert ended == -signal.SIGKILL
    once = await told()
    assert set(once.values()) == {1}
    assert Counter(kind for kind, *_ in once)["term:missed"] == 3
    assert Counter(kind for kind, *_ in once)["term:escalated"] == 3


@pytest.mark.rule("R31")
async def test_a_clock_that_stood_for_twenty_six_hours_makes_up_for_it_once(town: Town) -> None:
    await submitted(town)
    await registered(town)
    await in_work(town)
    stopped = datetime(2026, 3, 3, 8, 0, tzinfo=TOWN)
    await sweep(at=stopped)

    back = stopped + timedelta(hours=26)
    await asyncio.gather(sweep(at=back), sweep(at=back))
    first = await told()
    for minutes in range(1, 4):
        await sweep(at=back + timedelta(minutes=minutes))

    assert set(first.values()) == {1}
    assert await told() == first
    missed = {owed for kind, _, owed, _ in first if kind == "term:missed"}
    assert missed == {"registration", "acceptance"}


@pytest.mark.rule("R35")
async def test_in_a_year_without_a_calendar_cases_go_their_way_and_the_clock_does_too(
    town: Town, mailbox: Mailbox
) -> None:
    new_years_eve = datetime(2040, 12, 31, 10, 0, tzinfo=TOWN)
    await submitted(town, at=new_years_eve)
    await registered(town, at=new_years_eve)
    rated = await answered(town, at=new_years_eve)
    await rating.rate(rated, by=town.anna, at=new_years_eve + 9 * HOUR, choice="unsolved", remarks="Still there.")

    for day in (4, 15):
        await sweep(at=new_years_eve + timedelta(days=day))
    await all_delivered("mail:")

    assert set((await told()).values()) == {1}
    assert await Term.count().where(Term.provisional.eq(False) & Term.kind.not_in(["rating"])) == 0
    assert mailbox.letters
