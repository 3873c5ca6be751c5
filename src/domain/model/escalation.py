"""The ladder of escalation (§5.1): who is told of a term when, and what has been told."""

from piccolo.columns import BigSerial, Boolean, Date, ForeignKey, SmallInt, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.term import Term


class Escalation(Table):
    """A rung: so many working days before (below zero) or after the last day; an empty `kind` is every duty."""

    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    workdays = SmallInt()
    whom = Text()
    kind = Text(default="")
    active = Boolean(default=True)


class EscalationStep(Table, tablename="escalation_step"):
    """Once told, of a term with this last day, and never again."""

    id: BigSerial = BigSerial(primary_key=True)
    term = ForeignKey(Term, null=False, on_delete=OnDelete.restrict)
    rung = ForeignKey(Escalation, null=False, on_delete=OnDelete.restrict)
    due_on = Date(default=None)
    told_at = Timestamptz(default=None)
