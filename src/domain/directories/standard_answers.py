"""The moderator's directory (справочник модератора, §2): a message is typical when its topic stands here (R09)."""

from datetime import datetime

from domain.directories.describing import IN_USE, Change, Directory, Field
from domain.directories.kinds import Choice, Code, LongText, Reference, Text
from domain.errors import Sentence
from domain.model import Person, StandardAnswer
from domain.moves import Role
from domain.standard_answers import TEXT_AT_MOST, note_version, wrong_text
from domain.substance import OUTCOMES
from domain.wording import N_

HINT = N_(
    "In braces stands what is put in for each message: {обращение} addresses the author by name, stands first and is "
    "never published; {номер}, {тема}, {категория} of the message; {адрес} without the flat; {отправлено} and "
    "{зарегистрировано} are days; {отдел} is the department that is responsible; {срок} is the promised date."
)


async def check(change: Change) -> dict[str, Sentence]:
    wrong = wrong_text(change.now["text"])
    return {"text": wrong} if wrong else {}


async def after(change: Change, *, by: Person, at: datetime) -> None:
    """What was in force stays as a version of its own: answers that were sent name it."""
    if change.row is not None:
        await note_version(change.row, by=by, at=at, in_force_from=change.holds_from)


STANDARD_ANSWERS = Directory(
    name="standard_answers",
    title=N_("Standard answers"),
    one=N_("Standard answer"),
    icon="message-square-text",
    table=StandardAnswer,
    order=("topic", "name"),
    note=N_("What is answered at once to a typical message: the moderator fills it in, mends it and sends it."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True, listed=False),
        Field("topic", N_("Topic"), Reference(to="topics")),
        Field("name", N_("Name"), Text(120), N_("Only officials read it, when they choose.")),
        Field("outcome", N_("Outcome"), Choice(options=tuple(OUTCOMES.items()))),
        Field("text", N_("Text of the answer"), LongText(TEXT_AT_MOST), HINT, listed=False),
        IN_USE,
    ),
    check=check,
    after=after,
    keepers=(Role.MODERATOR, Role.OPERATOR),
)
