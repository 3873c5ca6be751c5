"""The commission (§4.4, R27): who sits in it from when to when, and what it can decide, with what effect."""

from domain.directories.describing import IN_USE, Change, Directory, Field
from domain.directories.kinds import Choice, Code, Day, Number, Reference, Text
from domain.errors import Sentence, say
from domain.model import DecisionKind, Member, Person
from domain.wording import N_

EFFECTS = (
    ("explain", N_("The case is closed with an explanation")),
    ("instruct", N_("The case goes to a named executor with a date")),
    ("close", N_("The case is closed")),
)

DECISION_KINDS = Directory(
    name="decisions",
    title=N_("Decisions of the commission"),
    one=N_("Decision of the commission"),
    icon="gavel",
    table=DecisionKind,
    order=("position",),
    note=N_("The commission chooses one of them for each case; decisions that were made keep the name of their day."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True),
        Field("name", N_("Name"), Text(120)),
        Field("effect", N_("What follows"), Choice(options=EFFECTS), fixed=True),
        Field("position", N_("Place in the list"), Number(), listed=False, begins="100"),
        IN_USE,
    ),
)

SIDES = (("operator", N_("the operator")), ("coordinator", N_("the coordinator")))


async def check(change: Change) -> dict[str, Sentence]:
    """A member represents the side whose official they are, and sits in the commission once at a time."""
    now = change.now
    if not now["active"]:
        return {}
    if now["until"] and now["until"] < now["since"]:
        return {"until": say(N_("The last day comes before the first."))}
    if not await Person.exists().where((Person.id == now["person"]) & (Person.role == now["side"])):
        return {"person": say(N_("Only an official of the operator or of the coordinator represents that side."))}
    theirs = (Member.person == now["person"]) & Member.active.eq(True)
    others = theirs if change.row is None else theirs & (Member.id != change.row)
    meets = Member.until.is_null() | (Member.until >= now["since"])
    if now["until"]:
        meets &= Member.since <= now["until"]
    if await Member.exists().where(others & meets):
        return {"since": say(N_("This person is a member in these days already."))}
    return {}


COMMISSION = Directory(
    name="commission",
    title=N_("Members of the commission"),
    one=N_("Member of the commission"),
    icon="users",
    table=Member,
    key=("person", "since"),
    named="since",
    order=("side", "since"),
    note=N_("Who is a member on the day of a sitting counts for its quorum; sittings that were held stay as they are."),
    fields=(
        Field("person", N_("Member"), Reference(to="people"), fixed=True, holds=False),
        Field("side", N_("Represents"), Choice(options=SIDES), fixed=True),
        Field("since", N_("Since"), Day(), fixed=True),
        Field("until", N_("Until"), Day(or_none=True), N_("Empty: for good."), required=False),
        IN_USE,
    ),
    check=check,
)
