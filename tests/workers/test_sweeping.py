"""Many cases in one sweep (R22, R23): who is busy is left for the next one, and who stays stands before nobody."""

import logging
from datetime import date, datetime

import asyncpg
import pytest
from tests.people import Town
from tests.stories import answered, answered_to_two, fresh

from domain import rating, terms
from domain.answering import Written
from domain.database import database_url
from domain.model import Answer, Event, Message
from domain.terms import Owed
from domain.workdays import TOWN
from workers.sweeping import sweep

pytestmark = [pytest.mark.rule("R23"), pytest.mark.usefixtures("database")]
UNRATED = datetime(2026, 4, 2, tzinfo=TOWN)
NEXT_MINUTE = datetime(2026, 4, 2, 0, 1, tzinfo=TOWN)


async def statuses() -> list[str]:
    return await Message.select(Message.status).order_by(Message.id).output(as_list=True)


async def test_a_case_that_somebody_is_moving_is_left_for_the_next_sweep(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    busy, _ = await answered(town), await answered(town)
    somebody = await asyncpg.connect(database_url())
    moving = somebody.transaction()
    await moving.start()
    await somebody.execute("SELECT FROM message WHERE id = $1 FOR NO KEY UPDATE", busy.id)

    await sweep(at=UNRATED)
    meanwhile = await statuses()
    await moving.rollback()
    await somebody.close()
    await sweep(at=NEXT_MINUTE)

    assert meanwhile == ["answered", "closed"]
    assert caplog.records == []  # nobody has waited for a lock
    assert await statuses() == ["closed", "closed"]
    assert await Event.count().where(Event.kind == "message:closed") == 2


async def test_a_case_that_cannot_be_moved_is_tried_once_and_the_others_go(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    cases = [await answered(town) for _ in range(4)]
    await Answer.update({Answer.state: "draft"}).where(Answer.message == cases[1].id)

    with caplog.at_level(logging.ERROR, "workers.sweeping"):
        await sweep(at=UNRATED)

    assert await statuses() == ["closed", "answered", "closed", "closed"]
    assert [record.getMessage().split()[1] for record in caplog.records] == [str(cases[1].id)]


async def test_those_that_stay_stand_before_nobody(town: Town) -> None:
    first, second = await answered(town), await answered(town)

    batch = await terms.run_out(Owed.RATING, at=UNRATED, limit=1)
    next_batch = await terms.run_out(Owed.RATING, at=UNRATED, after=batch[-1], limit=1)

    assert (batch, next_batch) == ([first.id], [second.id])
    assert await terms.run_out(Owed.RATING, at=UNRATED, after=second.id) == []


@pytest.mark.rule("R22", "R27")
async def test_who_accepts_a_promise_ends_the_row_of_reworks_though_another_author_is_silent(town: Town) -> None:
    written = Written(outcome="planned", text="New asphalt.", planned_on=date(2026, 3, 20))
    case, _ = await answered_to_two(town, written=written)
    await Message.update({Message.reworks: 2}).where(Message.id == case.id)
    await rating.rate(await fresh(case), by=town.anna, at=datetime(2026, 3, 5, tzinfo=TOWN), choice="accepted")

    await sweep(at=datetime(2026, 3, 20, tzinfo=TOWN))

    now = await fresh(case)
    assert (now.status, now.reworks) == ("follow_up", 0)
