"""A file of directories between its coming and its confirmation: what was shown is what will be written (§2)."""

import asyncio
import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain import bringing
from domain.bringing import Plan
from domain.database import atomic
from domain.directories.sheets import Sheet
from domain.errors import OutOfTurn
from domain.model import Intake, Person
from portal import workbooks

LASTS = timedelta(days=1)


async def take_in(name: str, content: bytes, *, by: Person, at: datetime, holds_from: date | None) -> UUID:
    """Read the file and try it. Nothing of it is written but what it says; what nobody confirmed is forgotten."""
    sheets = await asyncio.to_thread(workbooks.read, name, content)  # unpacking takes its time
    tried = await bringing.plan(sheets, by=by, at=at, holds_from=holds_from)
    intake = Intake(
        id=uuid4(),
        person=by.id,
        name=name[:200],
        sheets=as_json([asdict(each) for each in sheets]),
        plan=shown(tried),
        holds_from=holds_from,
        at=at,
    )
    await Intake.insert(intake)
    await Intake.delete().where(Intake.at < at - LASTS)
    return intake.id


async def find(id: UUID, *, by: Person, at: datetime) -> Intake | None:
    """Nobody confirms what another has brought."""
    fresh = (Intake.id == id) & (Intake.person == by.id) & (Intake.at >= at - LASTS)
    return await Intake.objects().where(fresh).first()


async def confirm(intake: Intake, *, by: Person, at: datetime) -> Plan:
    """Write it down once: whoever presses twice, or in two windows, is told."""
    async with atomic():
        waits = (Intake.id == intake.id) & Intake.written_at.is_null()
        if not await Intake.update({Intake.written_at: at}).where(waits).returning(Intake.id):
            raise OutOfTurn("This file is written down already.")
        seen = json.loads(intake.plan)["mark"]
        return await bringing.bring(sheets_of(intake), seen=seen, by=by, at=at, holds_from=intake.holds_from)


async def try_again(intake: Intake, *, by: Person, at: datetime) -> None:
    """What would follow now: the directories are no longer as they were."""
    tried = await bringing.plan(sheets_of(intake), by=by, at=at, holds_from=intake.holds_from)
    intake.plan = shown(tried)
    await Intake.update({Intake.plan: intake.plan}).where(Intake.id == intake.id)


def sheets_of(intake: Intake) -> list[Sheet]:
    return [Sheet(**each) for each in json.loads(intake.sheets)]


def shown(plan: Plan) -> str:
    return as_json({**asdict(plan), "mark": plan.mark})


def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
