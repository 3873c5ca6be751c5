"""The departments of the administration, the operator and the coordinator (§2)."""

from domain.directories.describing import IN_USE, Directory, Field
from domain.directories.kinds import Code, Mail, Text
from domain.model import Organisation
from domain.wording import N_

ORGANISATIONS = Directory(
    name="organisations",
    title=N_("Organisations"),
    one=N_("Organisation"),
    icon="building-2",
    table=Organisation,
    named="short_name",
    order=("short_name",),
    note=N_("Departments of the administration, the operator and the coordinator: where the officials work."),
    fields=(
        Field("code", N_("Code"), Code(), fixed=True),
        Field("name", N_("Full name"), Text(300)),
        Field("short_name", N_("Short name"), Text(80), N_("As it stands in lists and before citizens.")),
        Field("head_name", N_("Head"), Text(200), required=False, listed=False),
        Field(
            "head_email",
            N_("Address of the head"),
            Mail(),
            N_("Where the ladder of escalation tells of terms that stay late."),
            required=False,
            listed=False,
        ),
        IN_USE,
    ),
)
