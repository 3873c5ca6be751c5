"""The words of a letter as the operator has changed them: one row a version, which is never rewritten."""

from piccolo.columns import BigSerial, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from domain.model.person import Person


class LetterWording(Table, tablename="letter_wording"):
    """In force is the newest version; one without words is the way back to those that the portal brings."""

    id: BigSerial = BigSerial(primary_key=True)
    letter = Text()
    language = Text()
    version = Integer()
    subject = Text(null=True, default=None)
    heading = Text(null=True, default=None)
    lead = Text(null=True, default=None)
    button = Text(null=True, default=None)
    note = Text(null=True, default=None)
    kept_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    kept_at = Timestamptz(default=None)
