"""The parts of the municipality, by which executors differ (§3)."""

from domain.directories.describing import IN_USE, Directory, Field
from domain.directories.kinds import Code, Lines, Text
from domain.model import Territory
from domain.wording import N_

TERRITORIES = Directory(
    name="territories",
    title=N_("Territories"),
    one=N_("Territory"),
    icon="map",
    table=Territory,
    order=("name",),
    note=N_("Districts and villages. An address that holds one of their places is proposed to the moderator."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True, listed=False),
        Field("name", N_("Name"), Text(160)),
        Field(
            "places", N_("Places"), Lines(), N_("Pieces of addresses, one a line: streets, villages."), required=False
        ),
        IN_USE,
    ),
)
