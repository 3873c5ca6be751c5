"""The settings of terms and files (R05, R13, R22, R23, R25, R31): one row that is changed and never closed.

A change holds for what begins from then on: a term that runs was counted by the rules of its beginning.
"""

from datetime import datetime

from domain.directories.describing import Change, Directory, Field
from domain.directories.kinds import Choice, Code, Flag, Number, Reference
from domain.errors import Sentence, say
from domain.escalating import look_again
from domain.model import Message, Person, Setting
from domain.moves import Status
from domain.wording import N_

FAILED = N_("“Not solved” after the third rework")
THIRD = N_("The third sending to rework")
ONE_ROW = N_("There is one row of these, which is changed.")


async def check(change: Change) -> dict[str, Sentence]:
    if change.row is None:
        return {"code": say(ONE_ROW)}
    errors = {}
    # A question that still waits is refused on this ground as well, whether or not more may be asked.
    asks = change.now["clarifying"] or await Message.exists().where(Message.status == Status.QUESTIONED)
    if asks and not change.now["clarifying_ground"]:
        errors["clarifying_ground"] = say("Choose the ground on which silence is refused (clause 3).")
    if change.now["letters_from"] >= change.now["letters_until"]:
        errors["letters_until"] = say(N_("The last hour comes after the first."))
    return errors


async def replan(change: Change, *, by: Person, at: datetime) -> None:
    """Other hours of letters hold for the terms that run, too: only the telling moves, not the term."""
    if {"letters_from", "letters_until"} & set(change.changed):
        await look_again(at=at)


LIMITS = Directory(
    name="limits",
    title=N_("Terms and limits"),
    one=N_("Terms and limits"),
    icon="clock",
    table=Setting,
    single=True,
    note=N_("The lengths that the regulation leaves to the operator. What runs already keeps its term."),
    named="",
    check=check,
    after=replan,
    fields=(
        Field("code", N_("Code"), Code(), fixed=True, listed=False),
        Field(
            "registration_hour",
            N_("Hour of registration"),
            Number(least=1, most=23),
            N_("What arrives before this hour of a working day is registered on that day."),
        ),
        Field("rework_workdays", N_("Term of the rework"), Number(least=1, most=3), N_("Working days, at most three.")),
        Field("follow_up_workdays", N_("Term of the additional answer"), Number(least=1, most=30), N_("Working days.")),
        Field("rating_days", N_("Term of the rating"), Number(least=1, most=365), N_("Calendar days.")),
        Field(
            "letters_from",
            N_("Letters about terms from"),
            Number(least=0, most=22),
            N_("The hour of a working day from which officials are told of terms."),
            listed=False,
        ),
        Field("letters_until", N_("Letters about terms until"), Number(least=1, most=23), listed=False),
        Field(
            "files_bytes",
            N_("Files of an answer, bytes"),
            Number(least=1, most=50 * 2**20),
            N_("At most 52 428 800, which is 50 MB."),
        ),
        Field(
            "photo_metres",
            N_("Distance of a photo from the place, metres"),
            Number(least=50, most=5000),
            N_("A photo of an answer that was taken farther away is pointed out; phones err by tens of metres."),
            listed=False,
        ),
        Field(
            "commission_on",
            N_("What brings a case to the commission"),
            Choice(options=(("failed_rework", FAILED), ("third_rework", THIRD))),
            listed=False,
        ),
        Field(
            "quorum_percent",
            N_("Quorum, percent"),
            Number(least=1, most=99),
            N_("More than this share of the members has to be present."),
            listed=False,
        ),
        Field(
            "quorum_both_sides",
            N_("Operator and coordinator both present"),
            Flag(),
            N_("Without one of the sides the commission decides nothing."),
            required=False,
            listed=False,
        ),
        Field(
            "clarifying",
            N_("Clarifying question"),
            Flag(),
            N_("The moderator may ask the author one before deciding on registration."),
            required=False,
            listed=False,
        ),
        Field(
            "clarifying_workdays",
            N_("Term of the author's reply"),
            Number(least=1, most=2),
            N_("Working days; whoever stays silent is refused."),
            listed=False,
        ),
        Field(
            "clarifying_ground",
            N_("Ground of the refusal after silence"),
            Reference(to="grounds", or_none=True),
            N_("The author reads it, with the way to correct the message and send it again."),
            required=False,
            listed=False,
        ),
        Field("active", N_("In use"), Flag(), fixed=True, listed=False, required=False),
    ),
)
