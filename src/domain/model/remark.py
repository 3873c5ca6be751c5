"""A remark to an answer, and what the next answer says to it (§4.4)."""

from piccolo.columns import BigSerial, ForeignKey, SmallInt, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.answer import Rating


class Remark(Table):
    """One line of the citizen's remarks (R24); `outcome` is done or explained, with the `reply` in words.

    It belongs to the rating of the answer that was not accepted, and is replied to in the answer of the next round.
    """

    id: BigSerial = BigSerial(primary_key=True)
    rating = ForeignKey(Rating, null=False, on_delete=OnDelete.restrict)
    position = SmallInt(default=1)
    text = Text()
    outcome = Text(null=True, default=None)
    reply = Text()
