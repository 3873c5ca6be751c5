"""Who is away from when to when, and who stands in: the deputy sees and does what the absent one would (§4.1)."""

from dataclasses import replace

from domain.chosen import able_executor
from domain.directories.describing import IN_USE, Change, Directory, Field
from domain.directories.kinds import CHOICE, Day, Reference
from domain.errors import Sentence, say
from domain.leaving import gone_with_work, standing
from domain.model import Absence
from domain.moves import Role
from domain.wording import N_

EXECUTORS = Reference(to="people", only=(("role", str(Role.EXECUTOR)),))
STAYS = N_(
    "This person has left, open cases or parts are with them: %(count)d. Choose another deputy instead (clause 4.1)."
)


async def check(change: Change) -> dict[str, Sentence]:
    """A deputy who is away as well would leave the cases with nobody, and so would the end of a cover."""
    now = change.now
    if ended := end_of_cover(change):
        left = await standing(now["person"], change.holds_from)
        if left.gone and left.work:
            return {ended: say(STAYS, count=left.work)}
    if not now["active"]:
        return {}
    if now["last_day"] < now["first_day"]:
        return {"last_day": say(N_("The last day comes before the first."))}
    if now["deputy"] == now["person"]:
        return {"deputy": say(N_("Nobody stands in for themselves."))}
    if await able_executor(now["deputy"]) is None:
        return {"deputy": say(CHOICE)}
    then = (Absence.first_day <= now["last_day"]) & (Absence.last_day >= now["first_day"]) & Absence.active.eq(True)
    others = then if change.row is None else then & (Absence.id != change.row)
    if await Absence.exists().where(others & (Absence.person == now["person"])):
        return {"first_day": say(N_("An absence of this person in these days is written down already."))}
    if await Absence.exists().where(others & (Absence.person == now["deputy"])):
        return {"deputy": say(N_("The deputy is away in these days as well."))}
    if await Absence.exists().where(others & (Absence.deputy == now["person"])):
        return {"person": say(N_("This person stands in for somebody in these days: change that first."))}
    return {}


def end_of_cover(change: Change) -> str | None:
    """The field by which an absence that is not over yet would end, or end sooner."""
    was = change.was
    if not was or not was["active"] or was["last_day"] < change.holds_from:
        return None
    if change.closes:
        return "active"
    return "last_day" if change.now["last_day"] < was["last_day"] else None


ABSENCES = Directory(
    name="absences",
    title=N_("Absences"),
    one=N_("Absence"),
    icon="calendar-days",
    table=Absence,
    key=("person", "first_day"),
    named="first_day",
    order=("first_day",),
    note=N_("While an executor is away the deputy sees their cases and acts on them, and gets their letters as well."),
    fields=(
        Field("person", N_("Who is away"), replace(EXECUTORS, also=gone_with_work), fixed=True, holds=False),
        Field("first_day", N_("First day"), Day(), fixed=True),
        Field("last_day", N_("Last day"), Day()),
        Field("deputy", N_("Deputy"), EXECUTORS, holds=False),
        IN_USE,
    ),
    check=check,
)
