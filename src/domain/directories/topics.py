"""The topics of messages: who answers, how fast, in which season, and what belongs there (§2, §5.2)."""

from datetime import datetime

from domain.directories.absences import EXECUTORS
from domain.directories.describing import IN_USE, Change, Directory, Field
from domain.directories.kinds import Choice, Code, Flag, Lines, MonthDay, Number, Reference, Text
from domain.errors import Sentence, say
from domain.model import Person, Topic
from domain.recounting import change_level
from domain.rulebook import rulebook
from domain.terms import TRACK_WORKDAYS
from domain.wording import N_

TRACKS = ((1, N_("fast track 1: 8 working days")), (2, N_("fast track 2: 14 working days")))


async def check(change: Change) -> dict[str, Sentence]:
    if bool(change.now["season_from"]) != bool(change.now["season_to"]):
        field = "season_to" if change.now["season_from"] else "season_from"
        return {field: say(N_("A season has a first and a last day."))}
    return {}


async def count_terms_again(change: Change, *, by: Person, at: datetime) -> None:
    """Another level holds for the answers that are still owed as well, and each journal says so (R30, R34)."""
    if change.row is not None and change.was and "track" in change.changed:
        days = TRACK_WORKDAYS[change.now["track"]]
        await change_level(change.row, days, await rulebook(), by=by, at=at)


TOPICS = Directory(
    name="topics",
    title=N_("Topics"),
    one=N_("Topic"),
    icon="list",
    table=Topic,
    order=("category", "position"),
    grouped="category",
    note=N_("Another level of a topic counts its running answer terms again; registered messages keep its old name."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True, listed=False),
        Field("name", N_("Name"), Text(160)),
        Field("category", N_("Category"), Reference(to="categories")),
        Field("track", N_("Level"), Choice(options=TRACKS)),
        Field("executor", N_("Executor"), EXECUTORS, N_("Wherever no territory names another.")),
        Field("photo_required", N_("A photo is needed"), Flag(), required=False),
        Field("closed", N_("Never published"), Flag(), required=False),
        Field("emergency", N_("Call 112 first"), Flag(), required=False),
        Field(
            "emergency_hint",
            N_("What to do in danger"),
            Text(300),
            N_("Shown instead of the ordinary words when the topic is chosen."),
            required=False,
            listed=False,
        ),
        Field(
            "season_from",
            N_("Season from"),
            MonthDay(),
            N_("For instance 15.04; empty for the whole year."),
            required=False,
        ),
        Field("season_to", N_("Season to"), MonthDay(), required=False),
        Field("covered", N_("What belongs here"), Lines(), N_("Examples, one a line."), required=False, listed=False),
        Field(
            "not_covered",
            N_("What does not belong here"),
            Lines(),
            N_("Examples, one a line, each with where it belongs."),
            required=False,
            listed=False,
        ),
        Field("position", N_("Place in the list"), Number(), listed=False, begins="100"),
        IN_USE,
    ),
    check=check,
    after=count_terms_again,
)
