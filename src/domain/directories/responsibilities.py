"""Who answers on a topic in a territory, where it is not the executor of the topic itself (§3, R07)."""

from domain.directories.absences import EXECUTORS
from domain.directories.describing import IN_USE, Directory, Field
from domain.directories.kinds import Reference
from domain.model import Responsibility
from domain.wording import N_

RESPONSIBILITIES = Directory(
    name="responsibilities",
    title=N_("Executors by territory"),
    one=N_("Executor of a topic in a territory"),
    icon="route",
    table=Responsibility,
    key=("topic", "territory"),
    named="topic",
    order=("territory", "topic"),
    note=N_("Only what differs: everywhere else the executor of the topic answers."),
    fields=(
        Field("territory", N_("Territory"), Reference(to="territories"), fixed=True),
        Field("topic", N_("Topic"), Reference(to="topics"), fixed=True, holds=False),
        Field("executor", N_("Executor"), EXECUTORS),
        IN_USE,
    ),
)
