"""The ladder of escalation (§5.1, R31): how many working days before or after the last day of a term who is told."""

from datetime import datetime

from domain.directories.describing import IN_USE, Change, Directory, Field
from domain.directories.kinds import Choice, Code, Number
from domain.escalating import Whom, look_again
from domain.model import Escalation, Person
from domain.terms import Owed
from domain.wording import N_

WHOM = (
    (str(Whom.EXECUTOR), N_("whoever has to act")),
    (str(Whom.HEAD), N_("the head of their organisation")),
    (str(Whom.CONTROLLER), N_("the controller")),
    (str(Whom.COORDINATOR), N_("the coordinator")),
)
KINDS = (
    ("", N_("every duty")),
    (str(Owed.REGISTRATION), N_("Registration")),
    (str(Owed.DECISION), N_("Registration or refusal")),
    (str(Owed.ACCEPTANCE), N_("Acceptance")),
    (str(Owed.ANSWER), N_("Answer")),
    (str(Owed.REWORK), N_("Answer after rework")),
    (str(Owed.FOLLOW_UP), N_("Additional answer")),
    (str(Owed.INSTRUCTION), N_("Instruction of the commission")),
    (str(Owed.PART), N_("Part of the case")),
)


async def replan(change: Change, *, by: Person, at: datetime) -> None:
    await look_again(at=at)


ESCALATION = Directory(
    name="escalation",
    title=N_("Ladder of escalation"),
    one=N_("Step of the ladder"),
    icon="bell",
    table=Escalation,
    named="code",
    order=("workdays", "id"),
    note=N_("Who is told of a term and when. Letters go in the working hours of working days; each step once."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True),
        Field(
            "workdays",
            N_("Working days from the last day"),
            Number(least=-10, most=30),
            N_("Below zero: before the last day; 0: on that day; above zero: after it."),
        ),
        Field("whom", N_("Who is told"), Choice(options=WHOM)),
        Field("kind", N_("Of which terms"), Choice(options=KINDS), required=False),
        IN_USE,
    ),
    after=replan,
)
