"""Name and contacts of an author opened by an official, for one case and one day (§4.1)."""

from piccolo.columns import BigSerial, Date, ForeignKey, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.message import Message
from domain.model.person import Person


class AuthorOpening(Table, tablename="author_opening"):
    """It holds to the end of `day`; `words` say more of the reason, and have to where it is another one."""

    id: BigSerial = BigSerial(primary_key=True)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    day = Date(default=None)
    reason = Text()
    words = Text()
    at = Timestamptz(default=None)
