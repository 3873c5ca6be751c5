"""Who has a message of the moderators' queue open, until they leave it or fall silent (§3)."""

from piccolo.columns import UUID, ForeignKey, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class Lease(Table):
    """One a message. `opening` is the page that renewed it last; none where it was taken and no page has shown it."""

    message = ForeignKey(Message, primary_key=True, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    opening = UUID(null=True, default=None)
    since = Timestamptz(default=None)
    until = Timestamptz(default=None)
