"""A file of directories on its way in: what it says and what would follow, until it is confirmed (§2)."""

from piccolo.columns import JSONB, UUID, Date, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person


class Intake(Table):
    """`sheets` is what the file says, `plan` what was shown of its consequences; it is written once, or forgotten."""

    id = UUID(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    name = Text()
    sheets = JSONB(default="[]")
    plan = JSONB(default="{}")
    holds_from = Date(null=True, default=None)
    at = Timestamptz(default=None)
    written_at = Timestamptz(null=True, default=None)
