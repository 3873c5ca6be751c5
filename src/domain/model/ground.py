"""A ground of the moderation rules on which registration may be refused (§3)."""

from piccolo.columns import BigSerial, Boolean, Text
from piccolo.table import Table


class Ground(Table):
    id: BigSerial = BigSerial(primary_key=True)
    code = Text(unique=True)
    name = Text()
    hint = Text()
    active = Boolean(default=True)
