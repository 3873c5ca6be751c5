"""A browser in which somebody wants to be told what happens, while no page of the portal is open."""

from piccolo.columns import BigSerial, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person


class Browser(Table):
    """`endpoint`, `p256dh` and `auth` are what its push service gave it (RFC 8030, RFC 8291); it is known again by a
    cookie, of whose token only the hash is kept. Whoever moderates hears nothing more before `quiet_until`.
    """

    id: BigSerial = BigSerial(primary_key=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    token_hash = Text(unique=True)
    endpoint = Text(unique=True)
    p256dh = Text()
    auth = Text()
    since = Timestamptz(default=None)
    quiet_until = Timestamptz(default=None)
