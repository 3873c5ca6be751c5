"""A clarifying question of the moderator to the author, and the answer that is appended to the case (§3)."""

from piccolo.columns import BigSerial, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class Question(Table):
    """`person` has asked, once for each sending. It is open while the message's term of clarification runs."""

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    asked_at = Timestamptz(default=None)
    sending = Integer(default=1)
    text = Text()
    answer = Text(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
