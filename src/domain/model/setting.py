"""The operator's settings: one row; the days on which the calendar is corrected, and its official years (R34, R35)."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, ForeignKey, Integer, SmallInt, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.ground import Ground


class Setting(Table):
    """`registration_hour` is the hour of §3 («до 17 ч. 00 мин.»); `rating_days` are calendar days. A photo of an answer
    that was taken more than `photo_metres` away is pointed out (R17). Staff are told of terms from the hour of
    `letters_from` until that of `letters_until` (R31).

    `clarifying` allows the moderator a question; whoever is silent for `clarifying_workdays` is refused on
    `clarifying_ground`.
    `commission_on` says what brings a case to the commission (R27): failed_rework, the fourth "not solved", or
    third_rework, the third. Of the members more than `quorum_percent` of a hundred make a quorum.
    """

    id: BigSerial = BigSerial(primary_key=True)
    code = Text(default="town")
    registration_hour = Integer(default=17)
    rework_workdays = Integer(default=3)
    follow_up_workdays = Integer(default=3)
    rating_days = Integer(default=30)
    files_bytes = BigInt(default=50 * 2**20)
    photo_metres = Integer(default=300)
    letters_from = Integer(default=9)
    letters_until = Integer(default=18)
    active = Boolean(default=True)
    clarifying = Boolean(default=False)
    clarifying_workdays = Integer(default=1)
    clarifying_ground = ForeignKey(Ground, null=True, on_delete=OnDelete.restrict)
    commission_on = Text(default="failed_rework")
    quorum_percent = SmallInt(default=50)
    quorum_both_sides = Boolean(default=True)


class CalendarDay(Table):
    """A day that the operator moved on or off, and why; no longer `active`, it is again what the calendar says."""

    id: BigSerial = BigSerial(primary_key=True)
    day = Date(unique=True, default=None)
    working = Boolean(default=False)
    reason = Text()
    active = Boolean(default=True)


class CalendarYear(Table):
    """A year whose official calendar the operator has loaded; `basis` is the decree that it follows."""

    id: BigSerial = BigSerial(primary_key=True)
    year = Integer(unique=True, default=None)
    basis = Text()
    active = Boolean(default=True)
