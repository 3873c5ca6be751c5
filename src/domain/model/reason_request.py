"""Why is it late? asked by whoever controls the terms, answered by the executor (§5.1)."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person
from domain.model.term import Term


class ReasonRequest(Table, tablename="reason_request"):
    """Open until it is answered; a message has one open at a time. `term` is the one that was late."""

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    term = ForeignKey(Term, null=False, on_delete=OnDelete.restrict)
    question = Text()
    asked_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    asked_at = Timestamptz(default=None)
    answer = Text(null=True, default=None)
    answered_by = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    answered_at = Timestamptz(null=True, default=None)
