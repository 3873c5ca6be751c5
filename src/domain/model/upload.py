"""A file on its way in, piece by piece, until it is whole and becomes an attachment (R03, R13)."""

from piccolo.columns import UUID, Array, BigInt, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.attachment import Attachment
from domain.model.person import Person


class Upload(Table):
    """`received` of `size` bytes have come; `pieces` name them in the store, in their order.

    It belongs to a person or to a guest, known by the hash of a cookie, and to the form with this `key`. When it is
    whole it has an `attachment`, or a `refusal`: a sentence (msgid) that says why not.
    """

    id = UUID(primary_key=True)
    key = UUID()
    person = ForeignKey(Person, null=True, on_delete=OnDelete.cascade)
    guest = Text(null=True, default=None)
    name = Text()
    size = BigInt(default=0)
    received = BigInt(default=0)
    pieces = Array(base_column=Text(), default=list)
    attachment = ForeignKey(Attachment, null=True, on_delete=OnDelete.cascade)
    refusal = Text(null=True, default=None)
    expires_at = Timestamptz(default=None)
