"""A term is a row: what is owed to whom by when (§3–§5)."""

from piccolo.columns import JSONB, BigSerial, Boolean, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.part import Part
from domain.model.person import Person


class Term(Table):
    """`opened_at` and `workdays` are what it was counted from, so that a corrected calendar can count it again.

    `due_on` is the last day in time, `runs_out_at` the first late instant. It runs while `met_at`, `missed_at` and
    `void_at` are empty; a missed term that is met later keeps both. `part` is whose inner date it is, if it is one.
    `counting` is how the last day was found (domain/counting.py); a day that people named was not counted.
    `remind_at` is when the ladder of escalation looks at it next (R31).
    """

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    part = ForeignKey(Part, null=True, on_delete=OnDelete.restrict)
    opened_at = Timestamptz(default=None)
    workdays = Integer(null=True, default=None)
    due_on = Date(default=None)
    runs_out_at = Timestamptz(default=None)
    remind_at = Timestamptz(null=True, default=None)
    owed_by = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    met_at = Timestamptz(null=True, default=None)
    missed_at = Timestamptz(null=True, default=None)
    void_at = Timestamptz(null=True, default=None)
    provisional = Boolean(default=False)
    counting = JSONB(null=True, default=None)
