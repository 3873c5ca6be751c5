"""A department of the administration, the operator or the coordinator."""

from piccolo.columns import BigSerial, Boolean, Text
from piccolo.table import Table


class Organisation(Table):
    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    name = Text()
    short_name = Text()
    head_name = Text(default="")
    head_email = Text(null=True, default=None)
    active = Boolean(default=True)
