"""A case that its executor offers to a colleague of the same department, who takes it or returns it (§4.1)."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class HandOver(Table, tablename="hand_over"):
    """Open until `settled_at`; `outcome` is then taken, returned or withdrawn. `giver` is whose case it was."""

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    giver = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    taker = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    words = Text()
    offered_at = Timestamptz(default=None)
    outcome = Text(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
