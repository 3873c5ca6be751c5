"""The reasons for which a citizen may be kept from sending for up to thirty days (§2, R29)."""

from domain.directories.describing import IN_USE, Directory, Field
from domain.directories.kinds import Code, Number, Text
from domain.model import BlockGround
from domain.wording import N_

BLOCK_GROUNDS = Directory(
    name="block_grounds",
    title=N_("Reasons to block"),
    one=N_("Reason to block"),
    icon="lock",
    table=BlockGround,
    order=("position",),
    note=N_("The moderator names one of them when an author is blocked; the author reads it."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True),
        Field("name", N_("Name"), Text(200)),
        Field("position", N_("Place in the list"), Number(), listed=False, begins="100"),
        IN_USE,
    ),
)
