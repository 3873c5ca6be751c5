"""The grounds of the moderation rules on which publication alone is rejected; the case goes on (§2, R28)."""

from domain.directories.describing import IN_USE, Directory, Field
from domain.directories.kinds import Code, LongText, Text
from domain.model import RejectionGround
from domain.wording import N_

REJECTION_GROUNDS = Directory(
    name="rejection_grounds",
    title=N_("Grounds of rejection of publication"),
    one=N_("Ground of rejection of publication"),
    icon="eye-off",
    table=RejectionGround,
    order=("code",),
    note=N_("The moderator names one when a text or a photo is kept from the public pages; the author reads it."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True),
        Field("name", N_("Name"), Text(200)),
        Field("hint", N_("Hint for the author"), LongText(1000), N_("What the author may want to know about it.")),
        IN_USE,
    ),
)
