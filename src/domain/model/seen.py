"""Up to which event the author has read of their message (§2)."""

from piccolo.columns import BigInt, BigSerial, ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message


class Seen(Table):
    """No row: the author has not opened the message since something happened to it."""

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, unique=True, on_delete=OnDelete.restrict)
    event = BigInt(default=0)
