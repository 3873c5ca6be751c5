"""What happened (history, audit trail and outbox in one row), and what is owed to the outside because of it."""

from piccolo.columns import JSONB, BigSerial, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class Event(Table):
    """Never rewritten (R33): a trigger refuses every change but that of `handled_at`. No actor: the system did it."""

    id: BigSerial = BigSerial(primary_key=True)
    kind = Text()
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    actor = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    data = JSONB(default="{}")
    handled_at = Timestamptz(null=True, default=None)


class Delivery(Table):
    """One reaction to one event: offered again whenever `next_at` passes, until it is done or given up."""

    id: BigSerial = BigSerial(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    reaction = Text()
    next_at = Timestamptz(default=None)
    attempts = Integer(default=0)
    done_at = Timestamptz(null=True, default=None)
    gave_up_at = Timestamptz(null=True, default=None)
    error = Text(null=True, default=None)
