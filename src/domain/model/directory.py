"""What the operator changed in the directories: one row a change, which is never rewritten."""

from piccolo.columns import JSONB, BigInt, BigSerial, Date, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person


class Revision(Table):
    """One change of one row: what it became (`data`), what it was (`was`, null for a new row), from when, by whom.

    Both hold only the columns that changed. It waits while `applied_at`, `withdrawn_at` and `trouble` are empty;
    `trouble` is the sentence (msgid) that kept it from taking effect when its day came.
    """

    id: BigSerial = BigSerial(primary_key=True)
    directory = Text()
    row = BigInt()
    data = JSONB(default="{}")
    was = JSONB(null=True, default=None)
    holds_from = Date(default=None)
    actor = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    applied_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    trouble = Text(null=True, default=None)
