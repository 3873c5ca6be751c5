"""Why something does not stand before everybody (§2, отклонение): the directory of grounds, and each rejection."""

from piccolo.columns import BigInt, BigSerial, Boolean, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person


class RejectionGround(Table, tablename="rejection_ground"):
    """A ground of the rules of moderation on which publication, and only publication, may be rejected."""

    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    name = Text()
    hint = Text()
    active = Boolean(default=True)


class Rejection(Table):
    """One act of it; the message, the answer or the photo that it is about points here for as long as it holds."""

    id: BigSerial = BigSerial(primary_key=True)
    ground = ForeignKey(RejectionGround, null=False, on_delete=OnDelete.restrict)
    words = Text()
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)


class Edition(Table):
    """One row: triggers count it on with every commit that changes what everybody sees."""

    id = Integer(primary_key=True)
    number = BigInt(default=1)
