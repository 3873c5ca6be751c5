"""A part of a case that another executor does (соисполнитель, §4.1): its task, its inner date, and what came of it."""

from piccolo.columns import BigSerial, Date, ForeignKey, Integer, SmallInt, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class Part(Table):
    """Open until `done_at` or `removed_at`; `text` is what the co-executor wrote for the answer of this round."""

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    round = SmallInt(default=1)
    executor = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    task = Text()
    due_on = Date(default=None)
    text = Text()
    version = Integer(default=1)
    named_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    named_at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)
    removed_at = Timestamptz(null=True, default=None)
