"""What happened (history, audit trail and outbox in one row), and what is owed to the outside because of it."""

from piccolo.columns import JSONB, BigInt, BigSerial, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class Event(Table):
    """Never rewritten (R33): a trigger refuses every change but that of `handled_at`. No actor: the system did it.

    No message: it belongs to none, as the wish of a guest to follow a street.
    """

    id: BigSerial = BigSerial(primary_key=True)
    kind = Text()
    message = ForeignKey(Message, null=True, on_delete=OnDelete.restrict)
    actor = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    data = JSONB(default="{}")
    handled_at = Timestamptz(null=True, default=None)


class Delivery(Table):
    """One reaction to one event, or one letter of it: offered again whenever `next_at` passes, until done or given up.

    `recipient` names the reader of a letter ("person:7", "head:3") and is empty for the reaction itself; the letter
    goes to `address` under `message_id`, a new one for each of the `resent` times. `bounced_at`: it came back.
    Of its `attempts` the `failures` have told an error; over the others a worker was killed.
    Those of one `digest` (the first of them) go as one letter.
    """

    id: BigSerial = BigSerial(primary_key=True)
    event = ForeignKey(Event, null=False, on_delete=OnDelete.restrict)
    reaction = Text()
    recipient = Text(default="")
    address = Text(null=True, default=None)
    message_id = Text(null=True, default=None)
    digest = BigInt(null=True, default=None)
    resent = Integer(default=0)
    next_at = Timestamptz(default=None)
    attempts = Integer(default=0)
    failures = Integer(default=0)
    done_at = Timestamptz(null=True, default=None)
    gave_up_at = Timestamptz(null=True, default=None)
    bounced_at = Timestamptz(null=True, default=None)
    error = Text(null=True, default=None)
