"""When each job of the timetable last had its turn, so that of many clocks one runs it."""

from piccolo.columns import Text, Timestamptz
from piccolo.table import Table


class Turn(Table):
    job = Text(primary_key=True)
    due_at = Timestamptz(default=None)
