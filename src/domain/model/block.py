"""A block of sending (§2, R29): why, until when, and what its person objected to it."""

from piccolo.columns import BigSerial, Boolean, Date, ForeignKey, Integer, SmallInt, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class BlockGround(Table, tablename="block_ground"):
    """A reason of the moderation rules for which sending may be blocked."""

    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    name = Text()
    position = Integer(default=0)
    active = Boolean(default=True)


class Block(Table):
    """It holds until `ends_at` and needs nobody to end it; `last_day` is the same for people.

    `message` is its occasion, `ground_name` the reason as it was called then, `end_told_at` when its end was told.
    """

    id: BigSerial = BigSerial(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    ground = ForeignKey(BlockGround, null=False, on_delete=OnDelete.restrict)
    ground_name = Text()
    reason = Text()
    days = SmallInt(default=None)
    began_at = Timestamptz(default=None)
    last_day = Date(default=None)
    ends_at = Timestamptz(default=None)
    imposed_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    lifted_at = Timestamptz(null=True, default=None)
    end_told_at = Timestamptz(null=True, default=None)


class Objection(Table):
    """Once per block, to the coordinator: `decision` is lifted or kept, with its `reason`."""

    id: BigSerial = BigSerial(primary_key=True)
    block = ForeignKey(Block, null=False, unique=True, on_delete=OnDelete.restrict)
    text = Text()
    at = Timestamptz(default=None)
    decision = Text(null=True, default=None)
    reason = Text(null=True, default=None)
    decided_by = ForeignKey(Person, null=True, on_delete=OnDelete.restrict)
    decided_at = Timestamptz(null=True, default=None)
