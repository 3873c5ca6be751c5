"""The grounds of the moderation rules on which registration is refused, with what usually helps (§3, R08)."""

from domain.directories.describing import IN_USE, Directory, Field
from domain.directories.kinds import Code, LongText, Text
from domain.model import Ground
from domain.wording import N_

GROUNDS = Directory(
    name="grounds",
    title=N_("Grounds of refusal"),
    one=N_("Ground of refusal"),
    icon="circle-x",
    table=Ground,
    order=("code",),
    note=N_("The moderator names one or more of them when registration is refused; the author reads name and hint."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True),
        Field("name", N_("Name"), Text(200)),
        Field("hint", N_("Hint for the author"), LongText(1000), N_("What usually helps: how to mend the message.")),
        IN_USE,
    ),
)
