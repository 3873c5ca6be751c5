"""A department of the administration, the operator or the coordinator."""

from piccolo.columns import BigSerial, Boolean, Text
from piccolo.table import Table


class Organisation(Table):
    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    name = Text()
    short_name = Text()
    active = Boolean(default=True)
