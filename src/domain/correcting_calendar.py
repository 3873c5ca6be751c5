"""The operator corrects the production calendar, and every clock that still runs is counted again (R34)."""

from datetime import date, datetime

from domain.database import atomic
from domain.errors import NotAllowed, Unfit, say
from domain.model import CalendarDay, Person
from domain.moves import Role
from domain.rulebook import rulebook
from domain.terms import recount


async def correct_day(day: date, *, working: bool, reason: str, by: Person, at: datetime) -> int:
    """Move one day on or off, with the reason. Returns how many running terms changed; each is journalled."""
    if by.role != Role.OPERATOR:
        raise NotAllowed("Only the operator corrects the calendar.")
    if not reason.strip():
        raise Unfit({"reason": say("Say why the day is moved.")})
    async with atomic():
        row = CalendarDay(day=day, working=working, reason=reason.strip())
        await CalendarDay.insert(row).on_conflict(
            CalendarDay.day, "DO UPDATE", [CalendarDay.working, CalendarDay.reason]
        )
        return await recount(await rulebook(), by=by, at=at)
