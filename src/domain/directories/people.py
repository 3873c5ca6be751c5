"""The officials and their roles (§2); citizens come by themselves and stand in no directory."""

from domain.directories.describing import IN_USE, Change, Directory, Field
from domain.directories.kinds import Choice, Code, Flag, Mail, Reference, Text
from domain.errors import Sentence, say
from domain.leaving import standing
from domain.model import Absence, Person, Topic
from domain.moves import Role
from domain.wording import N_

ROLES = (
    (str(Role.MODERATOR), N_("moderator")),
    (str(Role.EXECUTOR), N_("executor")),
    (str(Role.COORDINATOR), N_("coordinator")),
    (str(Role.OPERATOR), N_("operator")),
    (str(Role.CONTROLLER), N_("controller")),
)
UNCOVERED = N_(
    "Open cases or parts are with this person: %(count)d. "
    "Enter an absence with a deputy that has begun by that day and ends after it (clause 4.1)."
)
STANDS_IN = N_("This person stands in for somebody: choose another deputy in that absence first (clause 4.1).")


async def check(change: Change) -> dict[str, Sentence]:
    if change.row is None:
        return await new_to_the_portal(change)
    if change.was["role"] == Role.EXECUTOR and (change.closes or change.now["role"] != Role.EXECUTOR):
        return await leaves_nothing_behind(change)
    return {}


async def new_to_the_portal(change: Change) -> dict[str, Sentence]:
    if await Person.exists().where((Person.esia_oid == change.now["esia_oid"]) & (Person.role == Role.CITIZEN)):
        return {"esia_oid": say(N_("With this number somebody is signed in as a citizen."))}
    return {}


async def leaves_nothing_behind(change: Change) -> dict[str, Sentence]:
    """Topics get another executor first; open work needs a deputy, who sees and does what the leaving one would.

    It is theirs from the first day on; and nobody goes who is such a deputy of somebody else.
    """
    field = "active" if change.closes else "role"
    if topics := await Topic.count().where((Topic.executor == change.row) & Topic.active.eq(True)):
        return {
            field: say(N_("Topics that are in use have this executor: %(count)d. Change them first."), count=topics)
        }
    ahead = (Absence.deputy == change.row) & Absence.active.eq(True) & (Absence.last_day >= change.holds_from)
    if await Absence.exists().where(ahead):
        return {field: say(STANDS_IN)}
    left = await standing(change.row, change.holds_from)
    if left.work and not left.covered:
        return {field: say(UNCOVERED, count=left.work)}
    return {}


PEOPLE = Directory(
    name="people",
    title=N_("Officials"),
    one=N_("Official"),
    icon="users",
    table=Person,
    key=("esia_oid",),
    order=("name",),
    scope=f"role <> '{Role.CITIZEN}'",
    note=N_("Who works in the portal and as what. They sign in through ESIA and are known by its number."),
    fields=(
        Field("name", N_("Full name"), Text(200)),
        Field(
            "given_name",
            N_("Given name"),
            Text(80),
            N_("By which the portal and its letters speak to them."),
            listed=False,
        ),
        Field("role", N_("Role"), Choice(options=ROLES)),
        Field("organisation", N_("Organisation"), Reference(to="organisations")),
        Field("position", N_("Position"), Text(200), required=False),
        Field(
            "heads",
            N_("Heads the department"),
            Flag(),
            N_("An executor sees its cases then and who has how many, and keeps its phrases."),
            required=False,
            listed=False,
        ),
        Field("email", N_("Address for letters"), Mail(), required=False),
        Field(
            "esia_oid",
            N_("Number in ESIA"),
            Code(),
            N_("It never changes, a name or an address may."),
            fixed=True,
            listed=False,
        ),
        IN_USE,
    ),
    check=check,
)
